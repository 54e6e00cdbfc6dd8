import { describe, expect, it } from 'vitest';
import { compile } from '../../src/core/formula/index.js';
import { Frame } from '../../src/core/frame.js';
import { chosen, inTurn, type Rewriting, rewrite } from '../../src/core/rewrite.js';
import { missing } from '../../src/system/sense/index.js';

const N = 10_000;
function frame(t = 0): Frame {
  const made = new Frame(N, 1, 0);
  made.t = t;
  made.columns.set('x', new Float64Array(N).fill(1));
  return made;
}
const mechanism = (extra: Partial<Rewriting>): Rewriting => ({
  id: 'drift.test',
  off: false,
  from: 0,
  to: Number.POSITIVE_INFINITY,
  where: null,
  share: 1,
  chosen: 'trait',
  column: 'x',
  form: inTurn([]),
  memory: 1,
  ...extra,
});
const formula = (source: string) => compile(source, { meaning: () => null, names: () => [], table: () => null });
const gone = (probability: number) => ({ form: missing(formula(String(probability))) });
const gaps = (column: Float64Array): number => column.reduce((sum, v) => sum + (Number.isNaN(v) ? 1 : 0), 0);

describe('rewrite', () => {
  it('loses the share that is missing, anew each step, and leaves what it found as it was', () => {
    const world = frame();
    const found = world.column('x');
    rewrite(world, mechanism({ ...gone(0.2) }));
    // Four standard errors.
    expect(Math.abs(gaps(world.column('x')) / N - 0.2)).toBeLessThan(4 * Math.sqrt((0.2 * 0.8) / N));
    expect(gaps(found)).toBe(0);
    const first = world.column('x').slice();
    world.t = 1;
    world.columns.set('x', found);
    rewrite(world, mechanism({ ...gone(0.2) }));
    expect(world.column('x')).not.toEqual(first);
  });

  it('acts from its first step to the one before `to`, and not when it is off', () => {
    const acts = (t: number, extra: Partial<Rewriting> = {}) => {
      const world = frame(t);
      rewrite(world, mechanism({ ...gone(1), from: 2, to: 4, ...extra }));
      return gaps(world.column('x')) > 0;
    };
    expect([0, 1, 2, 3, 4, 5].map((t) => acts(t))).toEqual([false, false, true, true, false, false]);
    expect(acts(3, { off: true })).toBe(false);
  });

  it('acts on its share only', () => {
    const world = frame();
    rewrite(world, mechanism({ ...gone(1), share: 0.3 }));
    expect(Math.abs(gaps(world.column('x')) / N - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / N));
  });

  it('takes a missing condition for one that does not hold', () => {
    const where = formula('0 / 0');
    expect(chosen(frame(), mechanism({ where }))?.every((v) => v === 0)).toBe(true);
  });
});
