import { describe, expect, it } from 'vitest';
import { gram } from '../../src/learn/gram.js';
import { batch, normal, someWeights } from '../support/learning.js';

const D = 5;
const rows = (name: string, n: number, weights: Float64Array | null = null) => ({
  ...batch(
    Array.from({ length: D }, (_, j) => normal(`${name} ${j}`, n).map((v) => 1000 * j + v)),
    normal(name, n),
  ),
  weights,
});

describe.each([true, false])('gram of columns, centred: %s', (centred) => {
  const one = rows('one', 100);
  const two = rows('two', 3000, someWeights('w', 3000));
  const few = rows('few', 7);
  const nobody = rows('nobody', 80, new Float64Array(80));
  const lasting = [one, two, few, nobody].map((own) => ({ ...own, lasting: true }));

  it('is the same of batches whose sums are kept, at the first training and after it', () => {
    const anew = gram([one, two, few, nobody], D, centred);
    for (let training = 0; training < 2; training++) {
      const kept = gram(lasting, D, centred);
      expect(kept.weight).toBe(anew.weight);
      for (const of of ['means', 'matrix', 'vector'] as const)
        kept[of].forEach((v, k) => {
          expect(Math.abs(v - anew[of][k])).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(anew[of][k])));
        });
      expect(kept.square).toBeCloseTo(anew.square, 12);
    }
  });

  it('is about the means that it is asked for, whatever it was asked for before', () => {
    gram(lasting, D, !centred);
    expect(gram(lasting, D, centred).means.every((mean) => mean === 0)).toBe(!centred);
  });

  it('is of the batches there are now, not of those that have left', () => {
    gram(lasting, D, centred);
    const now = gram([lasting[0], { ...few, lasting: false }], D, centred);
    expect(now.weight).toBe(107);
    expect(now.targetMean).toBeCloseTo(gram([one, few], D, centred).targetMean, 12);
  });
});
