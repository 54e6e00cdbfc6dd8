/** Populations of nodes in which people move: the Markov chain of their weights. */
import { describe, expect, it } from 'vitest';
import { parse, records, stepsOf } from '../support/scenario.js';

/** Seven bins; who is lent to moves up or down one by the outcome. */
const bins = (more = '', nodes = '') => `
name: Bins
steps: 40
population:
  turnover: 0
  nodes: { bin: { values: [0, 1, 2, 3, 4, 5, 6], weights: [0.1, 0.1, 0.2, 0.3, 0.3, 0, 0] }${nodes} }
outcome: { field: repaid, probability: "interp(repay, bin)" }
tables: { repay: { x: [0, 1, 2, 3, 4, 5, 6], y: [0.1, 0.2, 0.45, 0.6, 0.65, 0.7, 0.7] } }
models: { score: { learner: count-by-group, features: [bin], target: repaid } }
decide: { lend: bin >= 3 }
respond: [{ name: impact, field: bin, where: lend, impact: { gain: 1, loss: 1, low: 0, high: 6 } }]
measure:
  mean: mean(bin)
  rate: mean(repaid)
  all: sum(1)
${[0, 1, 2, 3, 4, 5, 6].map((k) => `  b${k}: sum(bin == ${k})`).join('\n')}
${more}`;

const PAY = [0.1, 0.2, 0.45, 0.6, 0.65, 0.7, 0.7];

/** One step of the chain, by hand. */
function moved(p: readonly number[]): number[] {
  const next = p.map(() => 0);
  for (let k = 0; k < 7; k++) {
    if (k < 3) next[k] += p[k];
    else {
      next[Math.min(6, k + 1)] += p[k] * PAY[k];
      next[k - 1] += p[k] * (1 - PAY[k]);
    }
  }
  return next;
}

describe('people who move from node to node', () => {
  it('are a Markov chain, exact', async () => {
    let p = [0.1, 0.1, 0.2, 0.3, 0.3, 0, 0];
    for (const { measure } of stepsOf(records(await parse(bins())))) {
      for (let k = 0; k < 7; k++) expect(measure[`b${k}`]).toBeCloseTo(p[k], 13);
      expect(measure.all).toBeCloseTo(1, 13);
      expect(measure.rate).toBeCloseTo(
        p.reduce((sum, w, k) => sum + w * PAY[k], 0),
        13,
      );
      p = moved(p);
    }
  });

  it('take nobody of another coordinate along', async () => {
    const source = bins('slices: [{ name: a, where: group == 0 }]\n', ', group: { values: [0, 1], weights: [1, 3] }');
    const steps = stepsOf(records(await parse(source.replace('where: lend', 'where: lend and group == 0'))));
    const alone = stepsOf(records(await parse(bins())));
    for (const [t, { measure }] of steps.entries()) {
      for (let k = 0; k < 7; k++)
        expect(measure[`b${k}`]).toBeCloseTo(0.25 * alone[t].measure[`b${k}`]! + 0.75 * alone[0].measure[`b${k}`]!, 13);
    }
  });

  it('keep their mean between nodes, and stay at the last beyond it', async () => {
    const source = `
name: Between
steps: 6
population: { turnover: 0, nodes: { x: { values: [3, 0, 1] }, z: { values: [0, 10] } } }
outcome: { field: y, value: x }
models: { m: { learner: mean } }
respond:
  - { name: drifts, field: x, becomes: x + 0.25, when: after, where: x < 1 }
  - { name: falls, field: z, becomes: z + 100, when: after, where: x < 0.5 }
measure: { x: mean(x), z: mean(z), high: share(z == 10) }
`;
    const steps = stepsOf(records(await parse(source)));
    // A quarter of what stands at 0 moves to 1, each step; both coordinates move together.
    for (const { measure, t } of steps) {
      const left = 0.75 ** t / 3;
      expect(measure.x).toBeCloseTo(5 / 3 - left, 13);
      expect(measure.high).toBeCloseTo(t === 0 ? 0.5 : 0.5 + 1 / 6, 13);
    }
  });

  it('cannot be told apart later', async () => {
    const refused = (from: string, to: string) => expect(parse(bins().replace(from, to))).rejects;
    await refused('where: lend,', 'where: lend, delay: 2,').toThrow('does not keep');
    await refused('where: lend,', 'where: lend, share: 0.5,').toThrow('does not keep');
    await refused('where: lend,', 'where: lend, memory: 0.5,').toThrow('does not keep');
    await refused('respond: [', 'respond: [{ name: leave, participation: { stay: 0.9 } }, ').toThrow('move or leave');
    const derived = bins()
      .replace('outcome:', '  fields: { score: 10 * bin }\noutcome:')
      .replace('field: bin, where', 'field: score, where');
    await expect(parse(derived)).rejects.toThrow('from node to node');
  });
});

describe('weights of nodes', () => {
  it('are a factor: a density over equal cells', async () => {
    const digits = 'values: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]';
    const source = `
name: Cells
steps: 1
population:
  nodes: { a: { ${digits} }, b: { ${digits} }, c: { ${digits} } }
  fields: { x: -8 + 1.6 * (a + b / 10 + (c + 0.5) / 100) }
  weight: 7 * exp(-x ^ 2 / 2)
outcome: { field: y, probability: 0.25 }
models: { m: { learner: logistic, features: [x] } }
measure: { mean: mean(x), square: mean(x ^ 2), fourth: mean(x ^ 4), below: share(x < 1), all: sum(1), y: mean(y) }
`;
    const [{ measure }] = stepsOf(records(await parse(source)));
    expect(measure.mean).toBeCloseTo(0, 12);
    expect(measure.square).toBeCloseTo(1, 9);
    expect(measure.fourth).toBeCloseTo(3, 9);
    // A step falls within one cell of width 0.016, of density 0.242.
    expect(Math.abs(measure.below! - 0.841345)).toBeLessThan(0.004);
    expect(measure.all).toBeCloseTo(1, 12);
    expect(measure.y).toBeCloseTo(0.25, 12);
  });
});
