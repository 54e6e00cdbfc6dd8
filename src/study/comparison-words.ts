/** A comparison as a table with its notes: the same words in the terminal and on the page. */
import type { Compared } from './comparing.js';
import type { PolicyResult } from './comparison.js';
import { withMinus } from './figures.js';
import type { Difference, Interval } from './statistics.js';
import { figure } from './words.js';

export interface ComparisonColumn {
  /** What is in it; of the costs by kind, the kind. */
  readonly key: string;
  readonly head: string;
  readonly cell: (policy: PolicyResult) => string;
}

/** Columns, in order. A kind of cost that is 0 for all has none. */
export function comparisonColumns(
  { baseline, metric, oracle, policies }: Pick<Compared, 'baseline' | 'metric' | 'oracle' | 'policies'>,
  hasCosts: boolean,
): ComparisonColumn[] {
  return [
    { key: 'policy', head: 'policy', cell: ({ name }) => name },
    { key: 'rank', head: 'rank', cell: ranks },
    { key: 'cost', head: hasCosts ? 'cost of a run' : 'mean error', cell: ({ cost }) => plusMinus(cost) },
    {
      key: 'difference',
      head: `less ${baseline}`,
      cell: ({ difference, name }) => (difference !== null ? signed(difference) : name === baseline ? 'baseline' : '-'),
    },
    {
      key: 'verdict',
      head: '',
      cell: ({ difference }) => (difference === null ? '' : VERDICTS[difference.verdict]),
    },
    ...kindsOf(policies).map((kind) => ({
      key: kind,
      head: KINDS[kind] ?? kind,
      cell: ({ split }: PolicyResult) => number(split[kind]),
    })),
    { key: 'trainings', head: 'trainings', cell: ({ trainings }) => number(trainings?.mean) },
    { key: 'metric', head: metric, cell: ({ metric: found }) => withMinus(figure(found?.mean)) },
    ...(oracle === null
      ? []
      : [
          {
            key: 'regret',
            head: 'above oracle',
            cell: ({ regret }: PolicyResult) => (regret === null ? '' : number(regret.mean)),
          },
        ]),
    { key: 'front', head: 'front', cell: ({ front }) => (front ? '●' : '') },
  ];
}

/** Kinds of cost that some policy has. */
export const kindsOf = (policies: readonly PolicyResult[]): string[] =>
  Object.keys(policies.find(({ split }) => Object.keys(split).length > 0)?.split ?? {}).filter((kind) =>
    policies.some(({ split }) => (split[kind] ?? 0) !== 0),
  );

/** What was run. */
export function runsOf({ alike, seeds }: Pick<Compared, 'alike' | 'seeds'>, steps: number): string {
  if (alike > 0) return `One run of each policy, ${steps} steps of replayed rows; each policy meets the same rows.`;
  const which = seeds.length === 1 ? `1 seed (${seeds[0]})` : `${seeds.length} seeds (${seeds[0]} to ${seeds.at(-1)})`;
  return `${which} of ${steps} steps; each policy meets the same draws.`;
}

export const KINDS: Readonly<Record<string, string>> = {
  error: 'errors',
  label: 'labels',
  retrain: 'retraining',
  deploy: 'deployments',
  alarm: 'alarms',
};
export const VERDICTS: Readonly<Record<Difference['verdict'], string>> = {
  lower: 'cheaper',
  higher: 'dearer',
  same: 'the same',
  unclear: 'unclear',
};

const ranks = ({ rank: [best, worst] }: PolicyResult): string => (best === worst ? `${best}` : `${best}-${worst}`);

/** Whole numbers from a hundred on: what comes after the point of a cost is noise. */
export const number = (value: number | null | undefined): string =>
  value === null || value === undefined
    ? '-'
    : Math.abs(value) >= 100
      ? withMinus(Math.round(value).toLocaleString('en'))
      : withMinus(figure(value));

export const plusMinus = (interval: Interval | null): string =>
  interval === null
    ? 'diverges'
    : interval.high === null || interval.high === interval.mean
      ? number(interval.mean)
      : `${number(interval.mean)} ± ${number(interval.high - interval.mean)}`;

const signed = ({ high, mean }: Interval): string => {
  const text = `${mean > 0 ? '+' : mean < 0 ? '−' : ''}${number(Math.abs(mean))}`;
  return high === null || high === mean ? text : `${text} ± ${number(high - mean)}`;
};

/** What the intervals are, or why there are none. */
function certainty({ alike, baseline, seeds }: Pick<Compared, 'alike' | 'baseline' | 'seeds'>): string {
  if (alike > 0)
    return `No ±: the rows are replayed and nothing else is drawn (${alike} seeds gave the same to the last digit), so that more seeds would add nothing. The order is exact for these rows; what it is worth for others, another part of the file tells (another lab.size, other steps).`;
  if (seeds.length === 1) return 'No ±: one seed tells nothing of the spread; 20 seeds do.';
  return `± is a 95 % interval of the mean; the difference to ${baseline} is taken on the same draws. A rank of 2-3: it cannot be told apart from another.`;
}

/** How to read the table. */
export function comparisonNotes(
  result: Pick<Compared, 'alike' | 'baseline' | 'bestFixed' | 'oracle' | 'policies' | 'seeds'>,
  hasCosts: boolean,
): string[] {
  const { bestFixed, oracle, policies } = result;
  const diverged = policies.filter((policy) => policy.diverged > 0);
  return [
    `${certainty(result)} ● on the front: no other has both less error and less upkeep.`,
    ...(hasCosts ? [] : ['The scenario names no costs: policies are ranked by their error alone.']),
    ...(bestFixed === undefined
      ? []
      : [`best fixed, in hindsight: ${bestFixed === null ? 'never' : `every ${bestFixed}`}.`]),
    ...(oracle === null
      ? []
      : [
          oracle === 'exact'
            ? 'oracle: the cheapest of all schedules, in hindsight, seed by seed.'
            : 'oracle: the cheapest schedule found, in hindsight, seed by seed; the world reacts to the model, so that a cheaper one may exist.',
        ]),
    ...diverged.map(({ diverged: n, name, runs }) => `${name}: ${n} of ${runs} runs diverged, and count in no mean.`),
  ];
}
