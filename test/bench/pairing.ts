/**
 * What it is worth that policies meet the same draws: the seeds that a comparison needs without pairing, for one that it needs
 * with it, at the same width of the interval of the difference.
 *
 *   unpaired: Var = (s_a^2 + s_b^2) / n, paired: Var = s_d^2 / n, with d = b - a seed by seed; ratio = (s_a^2 + s_b^2) / s_d^2
 *
 * The difference of Student's quantiles at few seeds is left out; it makes the unpaired case a little better.
 */
import { loadScenario } from '../../src/scenario/load.js';
import { policyOf } from '../../src/scenario/policy.js';
import { oneRun, variantsOf } from '../../src/study/compare.js';
import { costOf } from '../../src/study/comparison.js';
import { better } from '../../src/study/metric-words.js';
import { sampleSd } from '../../src/study/statistics.js';
import { ROOT, type Row } from './row.js';

/** Far from each other, and near. */
const PAIRS = [
  ['never', 'every 20'],
  ['every 20', 'every 10'],
] as const;
const SEEDS = 30;
const LEAST = 5;

const SCENARIOS: readonly (readonly [file: string, set?: Readonly<Record<string, unknown>>])[] = [
  ['monitoring/forgetting-windows'],
  ['monitoring/harmless-input-drift'],
  ['monitoring/labels-too-late'],
  ['monitoring/outage-or-drift'],
  ['monitoring/retraining-feeds-the-loop'],
  ['monitoring/selective-blindness'],
  ['monitoring/silent-concept-drift'],
  ['monitoring/under-the-radar'],
  ['shift/slow-walk'],
  ['shift/recession'],
  ['feedback/never-tried-again'],
  // A tenth of its people: 2 x 30 runs of 20,000 take minutes.
  ['feedback/strategic-credit', { 'population.size': 2000 }],
];

export async function pairing(): Promise<Row[]> {
  const all: Row[] = [];
  for (const [file, set] of SCENARIOS) {
    process.stderr.write(`  ${file}\n`);
    all.push(...(await measured(file, set ?? {})));
  }
  const counts = PAIRS.map((pair): Row => {
    const rows = all.filter(({ what }) => what.endsWith(named(pair)));
    const enough = rows.filter(({ value }) => (value ?? 0) >= LEAST).length;
    return {
      what: `scenarios in which pairing saves ${LEAST} x the seeds, ${named(pair)}`,
      ours: `${enough} of ${rows.length}`,
      other: '',
      value: enough,
      target: '',
      holds: null,
    };
  });
  return [...all, ...counts];
}

const named = ([a, b]: readonly [string, string]): string => `${a} and ${b}`;

/** One row for each pair of policies. */
async function measured(file: string, set: Readonly<Record<string, unknown>>): Promise<Row[]> {
  const loaded = await loadScenario(`${ROOT}scenarios/${file}.yaml`, { set });
  const higherIsBetter = better(loaded.plan.primary.metric) === 'higher';
  const names = [...new Set(PAIRS.flat())];
  const policies = names.map((text) => policyOf(text));
  const costs = new Map(
    variantsOf(loaded, policies).map((variant) => [
      variant.name,
      Array.from({ length: SEEDS }, (_, k) => costOf(oneRun(variant, 1 + k), higherIsBetter) ?? Number.NaN),
    ]),
  );
  return PAIRS.map((pair) => {
    const [a, b] = pair.map((name) => costs.get(name) ?? []);
    const paired = sampleSd(a.map((cost, k) => b[k] - cost));
    const unpaired = Math.hypot(sampleSd(a), sampleSd(b));
    return {
      what: `${file}: seeds without pairing for one with it, ${named(pair)}`,
      ours: `sd ${paired.toPrecision(3)}`,
      other: `sd ${unpaired.toPrecision(3)} unpaired`,
      value: (unpaired / paired) ** 2,
      target: '',
      holds: null,
    };
  });
}
