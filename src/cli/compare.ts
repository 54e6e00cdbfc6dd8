/** `driftloop compare`: retraining policies on the same draws, as a table that can be pasted into a review. */
import type { LoadedScenario } from '../scenario/load.js';
import { assignments } from '../scenario/override.js';
import { PolicyError } from '../scenario/policy.js';
import { comparePolicies } from '../study/compare-policies.js';
import type { Compared } from '../study/comparing.js';
import type { PolicyResult } from '../study/comparison.js';
import { comparisonColumns, comparisonNotes, KINDS, kindsOf, runsOf } from '../study/comparison-words.js';
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

export async function compareVerb(file: string, flags: CompareFlags): Promise<void> {
  const { json, policy, set, ...options } = flags;
  const progress = new Progress('comparing');
  try {
    const { loaded, ...result } = await comparePolicies(file, {
      ...options,
      policies: policy,
      set: assignments(set),
      progress: (done, total) => progress.at(done, total),
    });
    progress.end();
    if (json) print(JSON.stringify(jsonObject(loaded, result)));
    else print(table(loaded, result).join('\n'));
  } catch (error) {
    if (error instanceof PolicyError) throw new UsageError(error.message);
    throw error;
  } finally {
    progress.end();
  }
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
