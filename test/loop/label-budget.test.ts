/** Labels that are bought: the dashboard, the learner and the bill have no others, and nobody else is drawn otherwise. */
import { describe, expect, it } from 'vitest';
import type { TraceRecord } from '../../src/loop/trace.js';
import { policyOf } from '../../src/scenario/policy.js';
import { underPolicy } from '../../src/scenario/under-policy.js';
import { parse, records, stepsOf } from '../support/scenario.js';

const world = (retrain: string, { size = 200, steps = 40, keep = '0.5' } = {}): string => `
name: labels
steps: ${steps}
population: { size: ${size}, fields: { x: "normal(0, 1)", z: "poisson(3)" } }
outcome: { field: y, value: "x + 0.02 * t + normal(0, 1)" }
lab: { size: 500 }
models: { m: { learner: linear, features: [x] } }
collect: [{ name: some, keep: "${keep}", delay: 2 }]
retrain: { when: { every: 5 }, window: { last: 8 }, ${retrain} }
costs: { label: 0.5 }
measure: { z: sum(z), y: sum(y) }
`;
const run = async (text: string): Promise<TraceRecord[]> => records(await parse(text));
const counts = (all: readonly TraceRecord[]) => stepsOf(all).map(({ observed }) => observed.n ?? 0);
const notes = (all: readonly TraceRecord[]) =>
  all.flatMap((r) => (r.type === 'event' && r.kind === 'note' ? [`${r.t}: ${r.message}`] : []));

describe('labels of a step', () => {
  it('are as many as may be bought, and come when labels come', async () => {
    expect(counts(await run(world('labels: { perStep: 30 }')))).toEqual([0, 0, ...Array<number>(38).fill(30)]);
  });

  it('are the least of what is recorded and what may be bought: E min(Binomial(10, 1/2), 5)', async () => {
    const steps = 3000;
    const all = counts(await run(world('labels: { perStep: 5 }', { size: 10, steps }))).slice(2);
    const binomial = [1, 10, 45, 120, 210, 252, 210, 120, 45, 10, 1].map((ways) => ways / 1024);
    const moment = (power: number) => binomial.reduce((sum, p, k) => sum + p * Math.min(k, 5) ** power, 0);
    const mean = all.reduce((sum, n) => sum + n, 0) / all.length;
    const sd = Math.sqrt(moment(2) - moment(1) ** 2);
    expect(Math.abs(mean - moment(1))).toBeLessThan((4 * sd) / Math.sqrt(all.length));
  });
});

describe('labels of a run', () => {
  it('end when they are spent, which is told, and cost no more than they are', async () => {
    const all = await run(world('labels: { budget: 500, perStep: 30 }'));
    // 30 at each of the steps 0 to 15, 20 at step 16.
    expect(counts(all)).toEqual([0, 0, ...Array<number>(16).fill(30), 20, ...Array<number>(21).fill(0)]);
    expect(stepsOf(all).at(-1)?.costs).toMatchObject({ label: 250, total: 250 });
    expect(notes(all)).toEqual(['16: its budget of 500 labels is spent: no more are bought']);
  });

  it('that are gone leave nothing to learn from', async () => {
    const all = await run(world('labels: { budget: 500, perStep: 100 }'));
    const kept = all.flatMap((r) => (r.type === 'event' && r.kind === 'kept' ? [r.t] : []));
    expect(kept).toEqual([14, 19, 24, 29, 34, 39]);
  });
});

it('moves no draw of anything else', async () => {
  const [few, all] = await Promise.all([run(world('labels: { perStep: 7 }')), run(world(''))]);
  const worldOf = (some: readonly TraceRecord[]) =>
    stepsOf(some).map(({ measure, population }) => ({ measure, population }));
  expect(worldOf(few)).toEqual(worldOf(all));
  expect(stepsOf(few).map(({ lab }) => lab)[0]).toEqual(stepsOf(all).map(({ lab }) => lab)[0]);
  expect(counts(few)).not.toEqual(counts(all));
});

it('changes nothing, to the byte, where it is never reached', async () => {
  const lines = async (text: string) =>
    (await run(text)).filter(({ type }) => type === 'step' || type === 'event').map((record) => JSON.stringify(record));
  const plain = await lines(world(''));
  expect(await lines(world('labels: { budget: 100000, perStep: 200 }'))).toEqual(plain);
  expect(await lines(world('labels: { perStep: 20 }'))).not.toEqual(plain);
});

it('draws which labels are bought by the seed alone', async () => {
  const loaded = await parse(world('labels: { perStep: 20 }'));
  const errors = (seed: number) => stepsOf(records(loaded, { seed })).map(({ observed }) => observed.rmse);
  expect(errors(3)).toEqual(errors(3));
  expect(errors(3)).not.toEqual(errors(4));
});

it('is a policy that can be compared', async () => {
  const loaded = await parse(world(''));
  const under = (text: string) => counts(records(underPolicy(loaded, policyOf(text))));
  expect(Math.max(...under('every 5, labels 25 a step'))).toBe(25);
  expect(under('never, labels 500').reduce((sum, n) => sum + n, 0)).toBe(500);
});

it('needs draws, which a population of nodes has none of', async () => {
  const text = world('labels: { budget: 5 }')
    .replace(/population: .*/, 'population: { nodes: { x: gauss-hermite 5 } }')
    .replace('outcome: { field: y, value: "x + 0.02 * t + normal(0, 1)" }', 'outcome: { field: y, value: x }')
    .replace('sum(z)', 'sum(x)');
  await expect(parse(text)).rejects.toThrow(/labels.*this is done by draws|this is done by draws/);
});
