/** Bad luck: constants, gaps, one class, nobody, nodes. A monitor says nothing it does not know, and never NaN. */
import { expect, it } from 'vitest';
import { parse, records, stepsOf } from '../support/scenario.js';

const KINDS = `
  - { name: psi, psi: { field: x } }
  - { name: ks, ks: { field: x } }
  - { name: js, jensenShannon: { field: x } }
  - { name: w, wasserstein: { field: x }, reference: { sliding: 2 } }
  - { name: training, wasserstein: { field: x }, reference: training }
  - { name: chi, chiSquare: { label: score } }
  - { name: mmd, mmd: { field: x, rows: 10, permutations: 20 } }
  - { name: ph, pageHinkley: { prediction: score, minInstances: 1 } }
  - { name: cusum, cusum: { prediction: score, minInstances: 2 } }
  - { name: ewma, ewma: { prediction: score, minInstances: 1 } }
  - { name: shewhart, shewhart: { prediction: score, minInstances: 2 } }
  - { name: ecdd, ecdd: { error: score, minInstances: 1 } }
  - { name: ddm, ddm: { error: score, warmStart: 1 } }
  - { name: eddm, eddm: { error: score } }
  - { name: hddmA, hddmA: { error: score, twoSided: true } }
  - { name: hddmW, hddmW: { error: score, twoSided: true } }
  - { name: adwin, adwin: { error: score, clock: 1 } }
  - { name: kswin, kswin: { prediction: score, windowSize: 6, statSize: 2 } }
  - { name: cbpe, cbpe: { metric: precision } }
  - { name: auc, cbpe: { metric: auc } }
  - { name: worst, worstSlice: {} }
  - { name: metric, threshold: { metric: auc }, alarm: "< 0.5" }
`;
const world = (field: string, outcome: string, more = '', size = 50) => `
name: degenerate
steps: 12
population: { size: ${size}, fields: { x: "${field}", k: { choice: { a: 1, b: 1 } } } }
outcome: { field: y, kind: binary, probability: ${outcome} }
lab: { size: 40 }
models: { score: { learner: logistic, features: [x], target: y, l2: 0.1 } }
retrain: { when: { every: 3 }, window: { last: 2 } }
slices: [k]
monitor: ${KINDS}
${more}`;

it.each([
  ['a constant field and one class', world('3', '1')],
  ['everything missing', world('normal(0, 1)', '0.5', 'sense: [{ name: gap, field: x, missing: 1, from: 2 }]')],
  ['no labels', world('normal(0, 1)', '0.5', 'collect: [{ name: none, only: x > 1000 }]')],
  [
    'labels that never come',
    world('normal(0, 1)', '0.5', 'collect: [{ name: late, delay: 100 }]').replace('last: 2', 'last: 101'),
  ],
  ['one individual', world('normal(0, 1)', '0.5', '', 1)],
  ['huge numbers', world('1e300 * normal(0, 1)', '0.5')],
])('%s', async (_name, text) => {
  const all = records(await parse(text));
  expect(stepsOf(all)).toHaveLength(12);
  for (const { monitors } of stepsOf(all))
    for (const [name, record] of Object.entries(monitors ?? {}))
      for (const value of [record.statistic, record.p, record.lower, record.upper])
        expect(value === undefined || value === null || Number.isFinite(value), `${name}: ${value}`).toBe(true);
});

it('over quadrature nodes, weighted distances are exact', async () => {
  const all = records(
    await parse(`
name: nodes
steps: 4
population: { nodes: { x: gauss-hermite 20 } }
outcome: { field: y, value: 2 * x }
drift: [{ name: shift, field: x, becomes: x + 0.5, from: 2 }]
models: { fit: { learner: linear, features: [x], target: y } }
monitor:
  - { name: w, wasserstein: { field: x } }
  - { name: mean, cusum: { field: x, minInstances: 2 } }
`),
  );
  // A shift of half a standard deviation.
  const found = stepsOf(all).map(({ monitors }) => monitors?.w.statistic ?? Number.NaN);
  expect(found[1]).toBeCloseTo(0, 12);
  expect(found[2]).toBeCloseTo(0.5, 10);
});
