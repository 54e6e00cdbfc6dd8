/** A comparison in its own thread: loaded, then taken one run further each time that it is asked for a line. */
import type { LoadedScenario } from '../scenario/load.js';
import { PolicyError } from '../scenario/policy.js';
import { withYardsticks } from '../study/asked-policies.js';
import { variantsOf } from '../study/compare.js';
import {
  basesFor,
  type ComparisonPlan,
  type ComparisonTasks,
  compared,
  comparisonPlan,
  jobsOf,
} from '../study/comparing.js';
import { oracleRun, policyRun } from '../study/jobs/comparison.js';
import { better } from '../study/metric-words.js';
import { isExact, RUNS_OF_THE_SEARCH } from '../study/oracle.js';
import { keepsFiles, prepared } from './hands.js';
import { amount, beyond, type CompareLimits, individualsOf } from './limits.js';
import type { CompareJob } from './messages.js';
import type { CompareLine } from './protocol.js';
import { Pulled } from './pulled.js';
import { Refused, unfit } from './refused.js';
import { memoryLook } from './thread-memory.js';
import { read } from './thread-run.js';

export class ThreadCompare {
  private over = false;
  private failed: unknown = null;
  private came: (() => void) | null = null;

  private constructor(
    private readonly lines: CompareLine[],
    private readonly executor: Pulled<ComparisonTasks>,
  ) {}

  /** Throws a `Refused` or a `ScenarioError` where it cannot be had. */
  static async load({
    limits,
    off,
    policies,
    seed: asked,
    seeds,
    set,
    source,
    yardsticks,
  }: CompareJob): Promise<ThreadCompare> {
    const loaded = prepared(await read(source), { off, set }, limits);
    const written = policies.filter((policy) => typeof policy === 'string');
    const others = policies.filter((policy) => typeof policy !== 'string');
    const all = yardsticks
      ? [...withYardsticks(written, loaded.scenario.policies ?? {}), ...others]
      : policies.map((policy) => (typeof policy === 'string' ? policy.trim() : policy));
    const plan = planned(() => comparisonPlan({ loaded, policies: all }));
    weigh(loaded, plan, seeds, limits);
    const look = memoryLook();
    const executor = new Pulled<ComparisonTasks>({
      runOfPolicy: async (asks) => policyRun(loaded, asks, look),
      runOfOracle: async (asks) => oracleRun(loaded, asks, look),
    });
    const { primary, steps } = loaded.plan;
    const seed = asked ?? loaded.scenario.seed;
    const lines: CompareLine[] = [
      {
        type: 'begin',
        metric: primary.metric,
        steps,
        seeds: Array.from({ length: seeds }, (_, k) => seed + k),
        policies: plan.names,
        runs: jobsOf(plan, seeds),
      },
    ];
    const comparison = new ThreadCompare(lines, executor);
    let told = false;
    compared({
      asked: { file: loaded.file, set, off, data: null },
      loaded,
      policies: all,
      seeds,
      seed,
      higherIsBetter: better(primary.metric) === 'higher',
      executor,
      tell: (run) => {
        told = true;
        lines.push(run);
        comparison.came?.();
      },
      progress: () => {
        if (!told) lines.push({ type: 'tried' });
        told = false;
        comparison.came?.();
      },
    })
      .then(({ runs: _runs, ...came }) => void lines.push({ type: 'end', ...came }))
      .catch((error) => {
        comparison.failed = error;
      })
      .finally(() => {
        comparison.over = true;
        comparison.came?.();
      });
    return comparison;
  }

  async next(): Promise<string | null> {
    while (this.lines.length === 0 && !this.over) {
      const came = new Promise<void>((resolve) => {
        this.came = resolve;
      });
      this.executor.turn();
      await came;
    }
    const line = this.lines.shift();
    if (line === undefined && this.failed !== null) throw this.failed;
    return line === undefined ? null : JSON.stringify(line);
  }
}

function planned(plan: () => ComparisonPlan): ComparisonPlan {
  try {
    return plan();
  } catch (error) {
    throw error instanceof PolicyError ? new Refused(error.message) : error;
  }
}

/** Throws a `Refused` where a policy is not possible here, or all of it is more than the server takes. */
function weigh(loaded: LoadedScenario, plan: ComparisonPlan, seeds: number, limits: CompareLimits): void {
  for (const variant of variantsOf(loaded, plan.policies)) {
    keepsFiles(loaded, variant.loaded);
    const large = beyond(variant.loaded, limits);
    if (large.length > 0) throw unfit(large);
  }
  const { steps } = loaded.plan;
  if (plan.wantsOracle && isExact(loaded) && steps ** 2 > limits.cells)
    throw new Refused(
      `The oracle holds a number for each two steps: ${amount(steps ** 2)} are more than this server takes, at most ${amount(limits.cells)}.`,
    );
  // At each step the exact oracle asks every version that was trained until then; each search makes so many runs.
  const search = isExact(loaded) ? 1 + steps / 2 : RUNS_OF_THE_SEARCH;
  const runs = jobsOf(plan, 1) + (plan.wantsOracle ? basesFor(plan.policies) * search : 0);
  const work = individualsOf(loaded.plan) * steps * runs * seeds;
  if (work <= limits.allWork) return;
  const yardsticks = runs > plan.policies.length ? ' (yardsticks take runs, too)' : '';
  throw new Refused(
    `${amount(work)} individuals times steps times policies times seeds${yardsticks} are more than this server takes: at most ${amount(limits.allWork)}.`,
  );
}
