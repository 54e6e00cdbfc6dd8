/** Every learner in a run: it predicts, draws, tells of itself, and gives the same trace for the same seed. */
import { describe, expect, it } from 'vitest';
import { WorldView } from '../../src/loop/view.js';
import { runOf } from '../../src/scenario/simulate.js';
import { parse } from '../support/scenario.js';

const floats = (text: string): Float32Array => new Float32Array(new Uint8Array(Buffer.from(text, 'base64')).buffer);

const scenario = (learner: string, features: string, binary: boolean): string => `
name: Learners
steps: 4
population:
  size: 200
  fields: { a: "normal(0, 1)", b: "normal(0, 1)", group: { choice: { u: 0.5, v: 0.3, w: 0.2 } } }
outcome: { field: y, ${binary ? 'probability: "sigmoid(2 * a * b)"' : 'value: "a + b * b + normal(0, 0.1)"'} }
lab: { size: 300 }
models: { score: { learner: ${learner}, features: [${features}] } }
retrain: { when: { every: 2 } }
`;

const LEARNERS = [
  'quantile, quantile: 0.9',
  'ridge, strength: 0.1',
  'lasso, strength: auto',
  'elastic-net, strength: { cv: 3, rule: one-standard-error }, standardise: true',
  'nearest-neighbours, k: 5',
  'tree, maxDepth: 4',
  'forest, trees: 8',
  'gradient-boosting, trees: 8, loss: huber, subsample: 0.5',
  'kernel-ridge, rows: 100',
  'count-by-group, smoothing: 2',
];

async function run(source: string, seed: number) {
  const loaded = await parse(source);
  const view = new WorldView(loaded.plan, { x: 'a', y: 'b' });
  const pictures: (string | null)[] = [];
  const records = [...runOf(loaded, { seed, look: (world) => pictures.push(view.take(world).model?.values ?? null) })];
  const steps = records.flatMap((record) => (record.type === 'step' ? [record] : []));
  const end = records[records.length - 1];
  return { pictures, steps, hash: end.type === 'end' ? end.hash : null };
}

describe.each(LEARNERS)('%s', (learner) => {
  it.each([true, false])('of a binary target: %s', async (binary) => {
    const source = scenario(learner, 'a, b, group', binary);
    const { hash, pictures, steps } = await run(source, 1);
    expect(steps).toHaveLength(4);
    expect((await run(source, 1)).hash).toBe(hash);
    expect((await run(source, 2)).hash).not.toBe(hash);
    for (const { actual, models } of steps) {
      expect(actual[binary ? 'brier' : 'rmse']).toBeGreaterThan(0);
      expect(models.score.sd).toBeGreaterThan(0);
      const { importances, strength } = models.score;
      expect(importances !== undefined).toBe(/^(tree|forest|gradient)/.test(learner));
      if (importances !== undefined) {
        expect(Object.keys(importances)).toEqual(['a', 'b', 'group.v', 'group.w']);
        expect(Object.values(importances).reduce<number>((sum, v) => sum + (v ?? 0), 0)).toBeCloseTo(1, 9);
      }
      expect(strength !== undefined).toBe(/^(ridge|lasso|elastic)/.test(learner));
    }
    expect(steps[3].models.score.version).toBe(2);
    for (const picture of pictures) {
      if (!binary) expect(picture).toBeNull();
      else expect(floats(picture ?? '').every((v) => v >= -1 && v <= 2)).toBe(true);
    }
  });

  it('draws a line over one feature', async () => {
    const loaded = await parse(scenario(learner, 'a', false).replace('group:', 'other:'));
    const view = new WorldView(loaded.plan, { x: 'a', y: 'y' });
    const lines: Float32Array[] = [];
    const look = (world: Parameters<WorldView['take']>[0]) => lines.push(floats(view.take(world).model?.values ?? ''));
    for (const record of runOf(loaded, { look })) if (record.type === 'end') expect(record.status).toBe('complete');
    for (const line of lines) {
      expect(line).toHaveLength(64);
      expect(line.every(Number.isFinite)).toBe(true);
    }
  });
});

describe('what the schema cannot say', () => {
  it.each([
    ['lasso, refit: step, strength: auto', 'a', 'needs a strength'],
    ['ridge, refit: step, strength: 1, standardise: true', 'a', 'features as they are'],
    ['tree', '', 'needs features'],
    ['forest, start: { intercept: 1 }', 'a', 'cannot start'],
  ])('%s', async (learner, features, message) => {
    await expect(parse(scenario(learner, features, true))).rejects.toThrow(message);
  });

  it('kernel ridge takes no weights', async () => {
    const weighted = scenario('kernel-ridge', 'a', false).replace('  size: 200', '  size: 200\n  weight: 1 + a * a');
    await expect(parse(weighted)).rejects.toThrow('takes no weights');
  });

  it('people respond to what has coefficients', async () => {
    const respond = 'respond: [{ name: gaming, strategic: { model: score, fields: [a], strength: 1 } }]\n';
    for (const learner of ['ridge, strength: 0.1', 'lasso, strength: 0.01', 'elastic-net, strength: 0.01']) {
      const { steps } = await run(scenario(learner, 'a, b', true) + respond, 1);
      expect(steps).toHaveLength(4);
    }
    await expect(parse(scenario('tree', 'a, b', true) + respond)).rejects.toThrow('no coefficients');
  });
});
