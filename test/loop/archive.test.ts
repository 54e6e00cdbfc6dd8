import { expect, it } from 'vitest';
import { Stream } from '../../src/core/random/index.js';
import { Archive, type Records } from '../../src/loop/archive.js';

it('sets the rows of a gate apart by draws of its own, and not those by which trainings keep rows', () => {
  const column = Float64Array.from({ length: 1000 }, (_, i) => i);
  const records: Records = {
    t: 0,
    due: 0,
    batch: { n: 1000, features: [column], target: column, weights: null, scale: null, ratio: null },
    prediction: column,
    bounds: null,
    members: [],
    version: 1,
    trial: null,
    cost: null,
  };
  const asked: string[] = [];
  const archive = new Archive('m');
  archive.begin(null);
  archive.keep([records], 0, { kind: 'last', steps: 1 }, 0.3, (component) => {
    asked.push(component);
    return new Stream({ seed: 1, replicate: 0, component, step: 0 });
  });
  expect(asked).toEqual(['models.m.gate']);
  const rows = (some: readonly { readonly target: Float64Array }[]) => some.flatMap(({ target }) => [...target]);
  const held = rows(archive.heldOut({ kind: 'last', steps: 1 }, 0));
  const learnt = rows(archive.batches({ kind: 'last', steps: 1 }, 0));
  expect([...held, ...learnt].sort((a, b) => a - b)).toEqual([...column]);
  expect(Math.abs(held.length - 300)).toBeLessThan(4 * Math.sqrt(1000 * 0.3 * 0.7));
});
