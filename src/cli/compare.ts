/** `driftloop compare`: retraining policies on the same draws, as a table that can be pasted into a review. */
import { type LoadedScenario, loadScenario } from '../scenario/load.js';
import { assignments } from '../scenario/override.js';
import { PolicyError } from '../scenario/policy.js';
import { firstPolicies, withYardsticks } from '../study/asked-policies.js';
import { type Compared, compared } from '../study/comparing.js';
import type { PolicyResult } from '../study/comparison.js';
import { comparisonColumns, comparisonNotes, KINDS, kindsOf, runsOf } from '../study/comparison-words.js';
import { inProcess, threads } from '../study/executor/index.js';
import { TASKS, tasks } from '../study/jobs/index.js';
import { better } from '../study/metric-words.js';
import { ink, terminalWidth, wrap } from './ink.js';
import { Progress } from './progress.js';
import { print, UsageError } from './report.js';
import { aligned } from './summary.js';

export interface CompareFlags {
  readonly policy?: readonly string[];
  readonly seeds?: number;
  readonly seed?: number;
  readonly baseline?: string;
  readonly yardsticks?: boolean;
  readonly set?: readonly string[];
  readonly off?: readonly string[];
  readonly data?: string;
  readonly workers?: number;
  readonly json?: boolean;
}

const SEEDS = 20;
/** Of a replay: enough to tell whether anything is drawn. */
const SEEDS_OF_A_REPLAY = 2;

export async function compareVerb(file: string, flags: CompareFlags): Promise<void> {
  const set = assignments(flags.set);
  const asked = { file, set, off: flags.off ?? [], data: flags.data ?? null };
  const loaded = await loadScenario(file, {
    set,
    off: asked.off,
    ...(flags.data === undefined ? {} : { data: flags.data }),
  });
  const { metric } = loaded.plan.primary;
  const executor = flags.workers === 1 ? inProcess(tasks) : threads<typeof tasks>(TASKS, workersOf(flags));
  const progress = new Progress('comparing');
  try {
    const over = (seeds: number) =>
      compared({
        asked,
        loaded,
        policies: policiesOf(loaded, flags),
        seeds,
        seed: flags.seed ?? loaded.scenario.seed,
        ...(flags.baseline === undefined ? {} : { baseline: flags.baseline }),
        higherIsBetter: better(metric) === 'higher',
        executor,
        progress: (done, total) => progress.at(done, total),
      });
    const isReplay = loaded.plan.population.replay !== null;
    const tried = await over(flags.seeds ?? (isReplay ? SEEDS_OF_A_REPLAY : SEEDS));
    const isDrawn = flags.seeds === undefined && isReplay && tried.alike === 0;
    const result = isDrawn ? await over(SEEDS) : tried;
    progress.end();
    if (flags.json) print(JSON.stringify(jsonObject(loaded, result)));
    else print(table(loaded, result).join('\n'));
  } catch (error) {
    if (error instanceof PolicyError) throw new UsageError(error.message);
    throw error;
  } finally {
    progress.end();
    await executor.close();
  }
}

const workersOf = ({ workers }: CompareFlags) => (workers === undefined ? {} : { workers });

/** Those asked for; else the scenario's; else never, its own and a few periods. */
function policiesOf({ plan, scenario }: LoadedScenario, { policy, yardsticks }: CompareFlags): readonly string[] {
  const own = scenario.policies ?? {};
  const asked = policy ?? firstPolicies(own, plan.steps);
  return yardsticks ? withYardsticks(asked, own) : asked;
}

function jsonObject({ scenario }: LoadedScenario, { runs: _runs, seeds, policies, ...rest }: Compared) {
  return { scenario: scenario.name, seeds: seeds.length, firstSeed: seeds[0], ...rest, policies };
}

function table({ plan, scenario }: LoadedScenario, result: Compared): string[] {
  const { policies } = result;
  const hasCosts = plan.cost !== null;
  const columns = comparisonColumns(result, hasCosts);
  const lines = aligned([
    columns.map(({ head }) => head),
    ...policies.map((policy) => columns.map(({ cell }) => cell(policy))),
  ]);
  const width = terminalWidth();
  return [
    '',
    ink.bold(scenario.name),
    ink.dim(runsOf(result, plan.steps)),
    '',
    ink.dim(lines[0]),
    ...lines.slice(1).map((line, k) => (policies[k].rank[0] === 1 ? ink.bold(line) : line)),
    '',
    ...bars(policies, kindsOf(policies), width),
    ...comparisonNotes(result, hasCosts).flatMap((note) => wrap(note, width).map((line) => ink.dim(line))),
  ];
}

const MARKS = ['█', '▒', '░', '▚', '·'];
const HUES = [ink.red, ink.blue, ink.yellow, ink.magenta, ink.cyan];

/** Costs as bars, one kind after the other. */
function bars(policies: readonly PolicyResult[], kinds: readonly string[], width: number): string[] {
  const most = Math.max(...policies.map(({ cost }) => cost?.mean ?? 0));
  if (!(most > 0) || kinds.length === 0) return [];
  const label = policies.reduce((n, { name }) => Math.max(n, name.length), 0);
  const room = width - label - 4;
  const legend = kinds.map((kind, k) => `${HUES[k % 5](MARKS[k % 5])} ${KINDS[kind] ?? kind}`).join('   ');
  const lines = policies.map(({ name, split }) => {
    let sum = 0;
    let at = 0;
    const parts = kinds.map((kind, k) => {
      // A gain is drawn as nothing.
      sum += Math.max(0, split[kind] ?? 0);
      const to = Math.min(room, Math.round((room * sum) / most));
      const part = HUES[k % 5](MARKS[k % 5].repeat(Math.max(0, to - at)));
      at = Math.max(at, to);
      return part;
    });
    return `  ${name.padEnd(label)}  ${parts.join('')}`;
  });
  return [...lines, `  ${' '.repeat(label)}  ${legend}`, ''];
}
