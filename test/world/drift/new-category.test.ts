import { expect, it } from 'vitest';
import { drifting } from '../../support/drifting.js';
import { parse, records, stepsOf } from '../../support/scenario.js';

const N = 10_000;
const DRIFT = '{ name: d, field: g, newCategory: { value: c, over: 10 }, share: 0.4, from: 10 }';
const run = async (more = '', model = '') =>
  records(
    await parse(
      drifting(DRIFT, more, 1)
        .replace(
          'measure: {',
          `measure: { c: 'share(g == "c")', a: 'share(g == "a")', as_a: 'mean(m where g == "c")', m_a: 'mean(m where g == "a")',`,
        )
        .replace(
          'learner: logistic, features: [z, g], l2: 0.01',
          model || 'learner: logistic, features: [g], l2: 0.01',
        ),
    ),
  );

it('is a share of the newcomers; the others keep their proportions', async () => {
  for (const { measure, t } of stepsOf(await run())) {
    const p = 0.4 * Math.min(1, Math.max(0, (t - 10) / 10));
    expect(Math.abs((measure.c ?? 0) - p)).toBeLessThanOrEqual(4 * Math.sqrt((p * (1 - p)) / N));
    const a = 0.75 * (1 - p);
    expect(Math.abs((measure.a ?? 0) - a)).toBeLessThan(4 * Math.sqrt((a * (1 - a)) / N));
  }
});

it.each([
  'learner: logistic, features: [g], l2: 0.01',
  'learner: linear, features: [g]',
  'learner: tree, features: [g]',
])('is predicted as the first value, by a model of %s, which says so once', async (model) => {
  const all = await run('', model);
  const { measure } = stepsOf(all)[25];
  expect(measure.as_a).toBeCloseTo(measure.m_a ?? Number.NaN, 12);
  const notes = all.flatMap((r) =>
    r.type === 'event' && r.kind === 'note' && r.t >= 0 ? [`${r.t} ${r.name}: ${r.message}`] : [],
  );
  expect(notes).toEqual(['11 m: no row that it was last trained on has "c" of g, which it meets now']);
});

it('is learnt by a model that is retrained on it, and watched as a group', async () => {
  const steps = stepsOf(await run('retrain: { when: { at: [30] }, window: { last: 10 } }\nslices: [g]\n'));
  expect(steps[5].slices['g: c'].n ?? 0).toBe(0);
  expect(steps[39].slices['g: c'].n).toBeGreaterThan(3000);
  expect(steps[29].models.m.coef?.['g.c']).toBe(0);
  expect(steps[31].models.m.coef?.['g.c']).not.toBe(0);
});
