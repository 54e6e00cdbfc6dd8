/** P4a: the rates of the three policies are those of most utility, found from the tables by a search. */
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load.js';

const { scenario } = await loadScenario('scenarios/published/p4a-credit-scores.yaml');
const { tables } = scenario;

interface Group {
  /** Share of the population. */
  readonly weight: number;
  /** By score, from the lowest: the share of the group that has it, and the share of those who repay. */
  readonly share: readonly number[];
  readonly repays: readonly number[];
}

const group = (name: string, weight: number): Group => ({
  weight,
  share: tables[`${name}_here`].y.map((v) => v / 100),
  repays: tables[`${name}_repays`].y.map((v) => v / 100),
});
const black = group('black', 0.12067);
const white = group('white', 0.87933);
const scores = tables.black_here.x;

/** Sums over those who are lent to, the best `rate` of the group. */
function lending({ repays, share }: Group, rate: number, of: (k: number) => number): number {
  let left = rate;
  let sum = 0;
  for (let k = repays.length - 1; k >= 0 && left > 0; k--) {
    const lent = Math.min(left, share[k]);
    sum += lent * of(k);
    left -= lent;
  }
  return sum;
}
const utility = (own: Group, rate: number, cost: number) =>
  lending(own, rate, (k) => own.repays[k] - cost * (1 - own.repays[k]));
const repaying = (own: Group, rate: number) => lending(own, rate, (k) => own.repays[k]);
const change = (own: Group, rate: number) =>
  lending(own, rate, (k) => {
    const up = Math.min(scores[k] + 75, 850) - scores[k];
    const down = Math.max(scores[k] - 150, 300) - scores[k];
    return own.repays[k] * up + (1 - own.repays[k]) * down;
  });

const RATES = Array.from({ length: 2001 }, (_, i) => i / 2000);
const best = (of: (x: number) => number) => RATES.reduce((a, b) => (of(b) > of(a) ? b : a));

/** The rate at which a group's share of who would repay and is lent to is `share`: bisection, it rises with the rate. */
function rateOf(own: Group, share: number): number {
  const all = repaying(own, 1);
  let low = 0;
  let high = 1;
  for (let k = 0; k < 40; k++) {
    const middle = (low + high) / 2;
    if (repaying(own, middle) < share * all) low = middle;
    else high = middle;
  }
  return low;
}

const published = [
  { cost: 4, max: [0.1677, 0.6634], equal: 0.5772, opportunity: [0.3562, 0.625] },
  { cost: 10, max: [0.0772, 0.5576], equal: 0.3415, opportunity: [0.258, 0.4985] },
];

describe.each(published)('a default costs $cost', ({ cost, equal, max, opportunity }) => {
  const total = (rates: readonly [number, number]) =>
    black.weight * utility(black, rates[0], cost) + white.weight * utility(white, rates[1], cost);

  it('greatest utility is where the chance to repay breaks even', () => {
    for (const [own, rate] of [
      [black, max[0]],
      [white, max[1]],
    ] as const) {
      const above = own.share.reduce((sum, w, k) => sum + (own.repays[k] >= cost / (1 + cost) ? w : 0), 0);
      expect(above).toBeCloseTo(rate, 4);
      expect(Math.abs(best((r) => utility(own, r, cost)) - rate)).toBeLessThan(0.005);
    }
  });

  it('demographic parity: the equal rate of most utility', () => {
    expect(Math.abs(best((r) => total([r, r])) - equal)).toBeLessThan(0.005);
  });

  it('equal opportunity: the equal share of who would repay of most utility', () => {
    const share = best((s) => total([rateOf(black, s), rateOf(white, s)]));
    expect(Math.abs(rateOf(black, share) - opportunity[0])).toBeLessThan(0.005);
    expect(Math.abs(rateOf(white, share) - opportunity[1])).toBeLessThan(0.005);
  });
});

describe('the scenario', () => {
  it('has these rates', () => {
    const { expect: expectations, state } = scenario;
    const of = (set: Record<string, unknown>, cost: number) =>
      expect(set).toMatchObject(
        Object.fromEntries(
          published.flatMap(({ cost: own, equal, max, opportunity }) =>
            own !== cost
              ? []
              : [
                  ['max_black', max[0]],
                  ['max_white', max[1]],
                  ['equal', equal],
                  ['opportunity_black', opportunity[0]],
                  ['opportunity_white', opportunity[1]],
                ],
          ),
        ),
      );
    of(state, 4);
    const ten = expectations.find(({ with: set }) => set?.['state.default_cost'] === 10)?.with ?? {};
    of(Object.fromEntries(Object.entries(ten).map(([path, value]) => [path.replace('state.', ''), value])), 10);
  });

  it('has outcome curves with the published maxima, and harm beyond the published rate', () => {
    expect(Math.abs(best((r) => change(black, r)) - 0.2384)).toBeLessThan(0.005);
    expect(Math.abs(best((r) => change(white, r)) - 0.7378)).toBeLessThan(0.005);
    const harm = RATES.find((r) => r > 0.3 && change(black, r) < 0) ?? 1;
    expect(Math.abs(harm - 0.4324)).toBeLessThan(0.005);
    for (const rate of RATES.slice(1)) expect(change(white, rate)).toBeGreaterThan(0);
  });

  it('has tables that agree: people up to a score are those who have it or a lower one', () => {
    for (const name of ['black', 'white']) {
      let sum = 0;
      for (const [k, here] of tables[`${name}_here`].y.entries()) {
        sum += here;
        expect(tables[`${name}_up_to`].y[k]).toBeCloseTo(sum, 9);
      }
      expect(sum).toBeCloseTo(100, 9);
    }
  });
});
