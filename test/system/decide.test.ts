/** Decisions: identities of each rule. */
import { describe, expect, it } from 'vitest';
import { hashOf, parse, records, stepsOf } from '../support/scenario.js';

const N = 10_000;
const world = (decide: string, more = '') => `
name: decide
steps: 2
population: { size: ${N}, fields: { g: { choice: { a: 3, b: 1 } }, x: 'uniform(0, 1) + (g == "a")', tie: 1 } }
outcome: { field: y, value: x }
lab: { size: 1000, holdout: 0 }
models: { m: { learner: linear, features: [x], target: y } }
decide: { chosen: ${decide} }
measure:
  n: sum(chosen)
  least: min(x where chosen)
  most: max(x where not chosen)
  a: 'mean(chosen where g == "a")'
  b: 'mean(chosen where g == "b")'
  unsure: mean(missing(chosen))
  chance: mean(chosen.chance)
${more}`;
const measured = async (decide: string, more = '') => stepsOf(records(await parse(world(decide, more))))[0].measure;
const near = (value: number | null, expected: number, tolerance: number) =>
  expect(Math.abs((value ?? Number.NaN) - expected)).toBeLessThan(tolerance);

describe('threshold', () => {
  it('is a formula', async () => {
    const { least, most } = await measured('{ model: m, threshold: 0.4 + 0.1 * t }');
    expect(least).toBeGreaterThan(0.4);
    expect(most).toBeLessThanOrEqual(0.4 + 1e-9);
  });
  it('by group', async () => {
    const { a, b } = await measured('{ model: m, by: g, thresholds: { a: 1.8, b: 0.5 } }');
    near(a, 0.2, 0.02);
    near(b, 0.5, 0.04);
  });
  it('names the group that it forgets', async () => {
    await expect(parse(world('{ model: m, by: g, thresholds: { a: 1.8 } }'))).rejects.toThrow(/no threshold for b/);
  });
});

describe('top', () => {
  it('chooses exactly so many, and the highest', async () => {
    const { least, most, n } = await measured('{ model: m, top: { count: 137 } }');
    expect(n).toBe(137);
    expect(least).toBeGreaterThanOrEqual(most ?? 9);
  });
  it('a share, the same in each group', async () => {
    const { a, b, n } = await measured('{ score: x, by: g, top: { share: 0.2 } }');
    near(n, 0.2 * N, 2);
    near(a, 0.2, 1e-3);
    near(b, 0.2, 1e-3);
  });
  it('breaks ties at random', async () => {
    const { a, b, n } = await measured('{ score: tie, top: { share: 0.5 } }');
    expect(n).toBe(N / 2);
    near(a, 0.5, 0.03);
    near(b, 0.5, 0.04);
  });
});

describe('allocation', () => {
  it('gives out its units in proportion to the score', async () => {
    const { a, n } = await measured(`{ score: 'if(g == "a", 1, 3)', allocate: { units: 20000 } }`);
    expect(n).toBe(20_000);
    // As many scores in either group: half the units for three quarters of the people.
    near(a, 10_000 / 7500, 0.06);
  });
  it('or all to the highest', async () => {
    const { least, n } = await measured('{ score: x, allocate: { units: 5, rule: greedy } }');
    expect(n).toBe(5);
    expect(least).toBeGreaterThan(1.99);
  });
});

describe('abstaining', () => {
  const unsure = '{ model: m, threshold: 1, abstain: abs(m - 1) < 0.1';
  it('leaves the unsure undecided', async () => {
    const { least, unsure: share } = await measured(`${unsure} }`);
    near(share, 0.1, 0.02);
    expect(least).toBeGreaterThan(1.1 - 1e-9);
  });
  it('or to somebody else', async () => {
    const { least, unsure: share } = await measured(`${unsure}, otherwise: x > 0.95 }`);
    expect(share).toBe(0);
    near(least, 0.95, 0.01);
  });
});

describe('exploration', () => {
  it('chooses a share whatever the score, and tells the chance', async () => {
    const { b, chance, n } = await measured('{ model: m, threshold: 1, explore: 0.1 }');
    near(b, 0.1, 0.025);
    near((n ?? 0) / N, 0.75 + 0.25 * 0.1, 0.02);
    near(chance, (n ?? 0) / N, 0.02);
  });
  it('moves no draw of anything else', async () => {
    const collect = 'collect: [{ name: k, keep: 0.5 }]\n';
    const loaded = await parse(world('{ model: m, threshold: 1, explore: 0.1 }', collect));
    const without = await parse(world('{ model: m, threshold: 1, explore: 0 }', collect));
    expect(stepsOf(records(loaded)).map(({ observed }) => observed)).toEqual(
      stepsOf(records(without)).map(({ observed }) => observed),
    );
    expect(hashOf(records(loaded))).toBe(hashOf(records(loaded)));
  });
});

it.each([
  ['{ model: m }', /decides nothing/],
  ['{ threshold: 1 }', /either `model` or `score`/],
  ['{ model: m, threshold: 1, top: { count: 3 } }', /both `threshold` and `top`/],
  ['{ model: n, threshold: 1 }', /`n` is not a model/],
  ['{ model: m, top: { share: 0.1, count: 3 } }', /either `share` or `count`/],
  ['{ model: m, by: x, top: { share: 0.1 } }', /`x` is no category/],
])('%s is refused', async (decide, message) => {
  await expect(parse(world(decide).replace('  chance: mean(chosen.chance)\n', ''))).rejects.toThrow(message);
});
