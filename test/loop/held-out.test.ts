/** Rows that are kept from a learner, and the sliding window of records. */
import { describe, expect, it } from 'vitest';
import { runOf } from '../../src/scenario/simulate.js';
import { parse } from '../support/scenario.js';

const scenario = (model: string, retrain = 'when: { every: 1 }', more = '') => `
name: Held out
steps: 30
population:
  size: 100
  fields: { a: "normal(0, 1)" }
outcome: { field: y, value: "a + normal(0, 1) + 100 * (t >= 0)" }
lab: { size: 4000, holdout: 0 }
models: { score: { learner: ${model} } }
retrain: { ${retrain} }
measure: { mae: score.mae, r2: score.r2, center: score.intercept }
${more}`;

async function measured(source: string, seed = 1) {
  const loaded = await parse(source);
  return [...runOf(loaded, { seed })].flatMap((record) => (record.type === 'step' ? [record.measure] : []));
}

describe('rows kept from the learner', () => {
  // In the lab: residuals N(0, 1) about a line, 4,000 rows, of which a quarter is kept.
  const inLab = async (model: string) => (await measured(scenario(model, 'when: never')))[0];

  it('tell the error of a line', async () => {
    for (const model of ['linear, features: [a]', 'linear, features: [a], holdout: 0.25']) {
      const { mae, r2 } = await inLab(model);
      // sd of |N(0, 1)| is 0.603: four standard errors of 1,000 rows.
      expect(Math.abs(mae! - Math.sqrt(2 / Math.PI))).toBeLessThan((4 * 0.603) / Math.sqrt(1000));
      expect(Math.abs(r2! - 0.5)).toBeLessThan(0.08);
    }
  });

  it('tell the truth of a learner that knows its rows by heart', async () => {
    const heart = 'nearest-neighbours, features: [a], k: 1';
    const learnt = await inLab(heart);
    expect(learnt.mae).toBe(0);
    expect(learnt.r2).toBe(1);
    // Its neighbour's noise comes on top of one's own: a spread of sqrt(2).
    const { mae, r2 } = await inLab(`${heart}, holdout: 0.25`);
    expect(Math.abs(mae! - Math.SQRT2 * Math.sqrt(2 / Math.PI))).toBeLessThan(0.12);
    expect(Math.abs(r2!)).toBeLessThan(0.17);
  });

  it('are others for another seed, and the same for the same', async () => {
    const source = scenario('linear, features: [a], holdout: 0.5');
    expect(await measured(source)).toEqual(await measured(source));
    expect(await measured(source, 2)).not.toEqual(await measured(source));
  });

  it('need draws', async () => {
    const nodes = scenario('linear, features: [a], holdout: 0.5').replace(
      '  size: 100\n  fields: { a: "normal(0, 1)" }',
      '  nodes: { a: gauss-hermite 5 }',
    );
    await expect(parse(nodes)).rejects.toThrow('kept by draws');
  });
});

describe('a sliding window of the newest rows', () => {
  it('gives up the lab by as many rows as arrive', async () => {
    const found = await measured(scenario('mean', 'when: { every: 1 }, window: { rows: 1000 }'));
    // At step t the version has seen t steps of 100 rows about 100, the rest about 0.
    for (let t = 0; t < 30; t++)
      expect(Math.abs(found[t].center! - Math.min(100, 10 * t))).toBeLessThan((4 * Math.SQRT2) / Math.sqrt(1000));
  });

  it('is all of them as long as there are fewer', async () => {
    const all = await measured(scenario('mean', 'when: { every: 7 }, window: all'));
    expect(await measured(scenario('mean', 'when: { every: 7 }, window: { rows: 7000 }'))).toEqual(all);
    expect(await measured(scenario('mean', 'when: { every: 7 }, window: { rows: 6000 }'))).not.toEqual(all);
  });

  it('counts records, not people', async () => {
    const only = 'collect: [{ name: half, only: a > 0 }]\n';
    const found = await measured(scenario('mean', 'when: { every: 1 }, window: { rows: 1000 }', only));
    // About fifty a step arrive: twenty steps fill it.
    expect(found[10].center).toBeGreaterThan(40);
    expect(found[10].center).toBeLessThan(60);
    expect(found[29].center).toBeGreaterThan(99);
  });
});
