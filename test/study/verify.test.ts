/** Verification: what is judged once and what over seeds, how far it spreads, and what a negative control must do. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conjuncts } from '../../src/scenario/expect.js';
import { loadScenario } from '../../src/scenario/load.js';
import type { RunSeries, Verdict } from '../../src/scenario/term.js';
import { inProcess, type Tasks } from '../../src/study/executor/index.js';
import { tasks } from '../../src/study/jobs/index.js';
import { judgeAll } from '../../src/study/judge.js';
import { claimsOf, jackknife } from '../../src/study/verify/claims.js';
import { verify } from '../../src/study/verify/index.js';

describe('the claims of an expectation', () => {
  it.each([
    ['x < 1', ['x < 1']],
    ['x < 1 and y > 2 and near(a, 1, 2)', ['x < 1', 'y > 2', 'near(a, 1, 2)']],
    ['(x < 1 and y > 2) and z == 3', ['(x < 1 and y > 2)', 'z == 3']],
    ['x < 1 and y > 2 or z == 3', ['x < 1 and y > 2 or z == 3']],
    ['not x < 1 and y > 2', ['not x < 1 and y > 2']],
    ['share(land and sand) > 0 and x < 1', ['share(land and sand) > 0', 'x < 1']],
    ['android > 1 and x < 1', ['android > 1', 'x < 1']],
  ])('%s', (that, parts) => expect(conjuncts(that)).toEqual(parts));
});

const runWith = (...x: number[]): RunSeries => ({
  series: new Map([['x', Float64Array.from(x)]]),
  steps: x.length,
  diverged: false,
});
/** One run a seed, one step a run. */
const seedsOf = (...x: number[]) => ({ drew: true, seeds: x.map((value) => [runWith(value)]) });

describe('what came of a claim', () => {
  it('over seeds: the mean and the standard deviation, and it must hold for all', () => {
    const [claim] = claimsOf('final(x) < 4', ['x'], seedsOf(1, 2, 3));
    expect(claim).toMatchObject({ holds: true, held: 3, of: 3, unit: 'seed', got: 2, spread: 1, expected: 4 });
    expect(claimsOf('final(x) < 3', ['x'], seedsOf(1, 2, 3))).toMatchObject([{ holds: false, held: 2, of: 3 }]);
  });

  it('is exact where all seeds agree to the bit, and where nothing was drawn', () => {
    expect(claimsOf('final(x) < 1', ['x'], seedsOf(0.1, 0.1, 0.1))).toMatchObject([{ got: 0.1, spread: 'exact' }]);
    expect(claimsOf('final(x) < 1', ['x'], seedsOf(0.1, 0.1, 0.1 + 2 ** -55))[0].spread).toBeGreaterThan(0);
    expect(claimsOf('final(x) < 1', ['x'], { drew: false, seeds: [[runWith(0.1)]] })[0].spread).toBe('exact');
  });

  it('tells the seeds apart, and the target with its tolerance', () => {
    expect(claimsOf('near(final(x), 2, 0.5)', ['x'], seedsOf(2, 3))).toMatchObject([
      { relation: 'near', expected: 2, tolerance: 0.5, each: [2, 3], held: 1 },
    ]);
  });

  it('over replicates: a statistic of all of them once, each of them where it speaks of each', () => {
    const judged = { drew: true, seeds: [[1, 2, 3, 4].map((x) => runWith(x))] };
    const [all, each] = claimsOf('mean(final(x)) < 3 and final(x) < 4', ['x'], judged);
    expect(all).toMatchObject({ unit: 'statistic', of: 1, holds: true, got: 2.5 });
    expect(each).toMatchObject({ unit: 'replicate', of: 4, held: 3, holds: false, got: 2.5 });
    expect(each.spread).toBeCloseTo(Math.sqrt(5 / 3), 12);
  });

  it('does not hold where there is nothing to compare', () => {
    expect(claimsOf('final(x) < 3', ['x'], seedsOf(Number.NaN))).toMatchObject([{ holds: false, got: null }]);
  });
});

describe('the jackknife', () => {
  const mean = (runs: readonly RunSeries[]): Verdict => {
    const left = runs.reduce((sum, { series }) => sum + (series.get('x')?.[0] ?? 0), 0) / runs.length;
    return { holds: true, left, right: 0, relation: '<', tolerance: null };
  };
  const values = Array.from({ length: 12 }, (_, k) => Math.sin(k) + k / 5);

  it('of a mean, one run a group, is s / sqrt(R)', () => {
    const centre = values.reduce((a, b) => a + b) / 12;
    const s = Math.sqrt(values.reduce((sum, v) => sum + (v - centre) ** 2, 0) / 11);
    expect(
      jackknife(
        values.map((v) => runWith(v)),
        mean,
      ),
    ).toBeCloseTo(s / Math.sqrt(12), 12);
  });

  it('of one run is nothing', () => expect(jackknife([runWith(1)], mean)).toBeNull());
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftloop-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const SMALL = `name: small
steps: 3
population: { size: 20, fields: { x: "normal(level, noise)" } }
state: { level: 5, noise: 1 }
outcome: { field: y, value: x }
lab: { size: 5, holdout: 0 }
models: { m: { learner: mean, start: { intercept: 0 } } }
measure: { top: max(x), middle: mean(x), none: "if(level > 0, 1, 0 / 0)" }
`;
const load = (expectations: string, text = SMALL) => {
  const file = join(folder, `${Math.random()}.yaml`);
  writeFileSync(file, `${text}expect:\n${expectations}\n`);
  return loadScenario(file);
};
const CONTROL = '  - { that: final(middle) < 3, because: it is 0, control: true, with: { state.level: 0 } }';

/** How often each task was asked for, and with which seed. */
function counting() {
  const asked: { seed: number; from: number; to: number }[] = [];
  const counted = {
    ...tasks,
    series: (asks: Parameters<typeof tasks.series>[0]) => {
      asked.push({ seed: asks.seed, from: asks.from, to: asks.to });
      return tasks.series(asks);
    },
  } satisfies Tasks;
  return { asked, executor: inProcess<typeof tasks>(counted) };
}

describe('verify', () => {
  it('runs each variant once a seed, from the first seed on, and agrees with a judgement of each seed', async () => {
    const loaded = await load(`  - { that: final(middle) > 4, because: it is about 5 }\n${CONTROL}`);
    const { asked, executor } = counting();
    const [scenario] = await verify([{ loaded }], executor, { seeds: 3, seed: 7 });
    expect(asked.map(({ seed }) => seed).toSorted()).toEqual([7, 7, 8, 8, 9, 9]);
    const each = [7, 8, 9].map((seed) => judgeAll(loaded, { seed })[0].left);
    expect(scenario.expectations[0].claims[0].each).toEqual(each);
    expect(scenario).toMatchObject({
      name: 'small',
      published: false,
      expectations: [{ holds: true }, { holds: true }],
    });
    expect(scenario.controls).toMatchObject([{ with: { 'state.level': 0 }, holds: true, failing: 1, of: 1 }]);
  });

  it('runs replicates once, cut into jobs, and what draws nothing once', async () => {
    const many = SMALL.replace('steps: 3', 'steps: 3\nreplicates: 9000');
    const statistic = await load('  - { that: mean(final(middle)) > 4, because: it is 5 }', many);
    const { asked, executor } = counting();
    const [scenario] = await verify([{ loaded: statistic }], executor, { seeds: 3 });
    expect(asked.length).toBeGreaterThan(1);
    expect(asked.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(9000);
    expect(new Set(asked.map(({ seed }) => seed)).size).toBe(1);
    const { got, spread } = scenario.expectations[0].claims[0];
    // 4 standard errors of a mean of 9,000 times 20 draws; and that of the jackknife's own, over 20 groups.
    const se = 1 / Math.sqrt(20 * 9000);
    expect(Math.abs((got ?? 0) - 5)).toBeLessThan(4 * se);
    expect(Math.abs((spread as number) / se - 1)).toBeLessThan(4 / Math.sqrt(2 * 19));

    const still = SMALL.replace('normal(level, noise)', 'level + 0 * noise');
    const exact = counting();
    await verify([{ loaded: await load(CONTROL, still) }], exact.executor, { seeds: 3 });
    expect(exact.asked).toHaveLength(1);
  }, 120_000);

  it.each([
    ['what still holds', 'final(middle) > -100', false],
    ['what no longer holds', 'final(middle) > 4', true],
    ['what can no longer be compared', 'final(none) > 0', false],
  ])('a control is judged by what fails under it: %s', async (_, that, holds) => {
    const loaded = await load(`  - { that: ${that}, because: it is }\n${CONTROL}`);
    const [{ controls, expectations }] = await verify([{ loaded }], counting().executor, { seeds: 2 });
    expect(expectations.map((expectation) => expectation.holds)).toEqual([true, true]);
    expect(controls).toMatchObject([{ holds, failing: holds ? 1 : 0, of: 1 }]);
  });

  it('a control must fail something for every seed', async () => {
    // The largest of 20 of mean 0 is above 2 for some seeds and not for others.
    const loaded = await load(`  - { that: final(top) > 2, because: it is about 7 }\n${CONTROL}`);
    const [{ controls }] = await verify([{ loaded }], counting().executor, { seeds: 12 });
    expect(controls).toMatchObject([{ holds: false, failing: 0 }]);
  });

  it('a run that breaks fails what was expected of it, and nothing else', async () => {
    const loaded = await load(`  - { that: final(middle) > 4, because: it is 5 }\n${CONTROL}`);
    const executor = inProcess<typeof tasks>({
      ...tasks,
      series: (asks) => (asks.set === null ? tasks.series(asks) : Promise.reject(new Error('out of luck'))),
    });
    const [{ controls, expectations }] = await verify([{ loaded }], executor, { seeds: 2 });
    expect(expectations).toMatchObject([
      { holds: true, broken: null },
      { holds: false, broken: 'out of luck', claims: [] },
    ]);
    expect(controls).toMatchObject([{ holds: false, broken: 'out of luck' }]);
  });
});
