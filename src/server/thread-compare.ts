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
import { PulledLines } from './pulled-lines.js';
import { Refused, unfit } from './refused.js';
import { memoryLook } from './thread-memory.js';
import { read } from './thread-run.js';

/** Throws a `Refused` or a `ScenarioError` where it cannot be had. */
export async function loadComparison({
  limits,
  off,
  policies,
  seed: asked,
  seeds,
  set,
  source,
  yardsticks,
}: CompareJob): Promise<PulledLines<CompareLine>> {
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
  const lines = new PulledLines<CompareLine>(executor);
  lines.tell({
    type: 'begin',
    metric: primary.metric,
    steps,
    seeds: Array.from({ length: seeds }, (_, k) => seed + k),
    policies: plan.names,
    runs: jobsOf(plan, seeds),
  });
  let told = false;
  const comparison = compared({
    asked: { file: loaded.file, set, off, data: null },
    loaded,
    policies: all,
    seeds,
    seed,
    higherIsBetter: better(primary.metric) === 'higher',
    executor,
    tell: (run) => {
      told = true;
      lines.tell(run);
    },
    progress: () => {
      if (!told) lines.tell({ type: 'tried' });
      told = false;
    },
  });
  return lines.follow(comparison.then(({ runs: _runs, ...came }) => lines.tell({ type: 'end', ...came })));
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
