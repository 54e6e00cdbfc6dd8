import { describe, expect, it } from 'vitest';
import { Frame } from '../../src/core/frame.js';
import { fillNormal, Stream } from '../../src/core/random/index.js';
import { respondStrategically, type StrategicResponse } from '../../src/world/strategic.js';
import { parse, records, stepsOf } from '../support/scenario.js';

const N = 10_000;
const FIELDS = ['a', 'b', 'c'];
const THETA: Readonly<Record<string, number>> = { a: 0.7, b: -1.3, c: 40 };
const INTERCEPT = -2;

function population(): Frame {
  const frame = new Frame(N, 1, 0);
  frame.t = 0;
  for (const [k, name] of FIELDS.entries()) {
    const column = new Float64Array(N);
    fillNormal(new Stream({ seed: 1, replicate: 0, component: name, step: 0 }), column, N);
    frame.columns.set(
      `shown.${name}`,
      column.map((x) => 100 * k + x / (1 + k)),
    );
  }
  return frame;
}

const score = (frame: Frame, i: number): number =>
  FIELDS.reduce((sum, name) => sum + THETA[name] * frame.column(`shown.${name}`)[i], INTERCEPT);

const response = (rule: StrategicResponse['rule'], extra: Partial<StrategicResponse> = {}): StrategicResponse => ({
  id: 'respond.gaming',
  off: false,
  from: 0,
  to: Number.POSITIVE_INFINITY,
  where: null,
  share: 1,
  chosen: 'trait',
  model: 'm',
  fields: ['a', 'b'],
  direction: 1,
  layer: 'shown',
  reads: FIELDS,
  memory: 1,
  rule,
  ...extra,
});

const known = (frame: Frame) => ({
  coefficient: (field: string) => THETA[field],
  score: (out: Float64Array) => {
    for (let i = 0; i < N; i++) out[i] = score(frame, i);
  },
  link: (p: number) => Math.log(p / (1 - p)),
});

function moved(rule: StrategicResponse['rule'], extra: Partial<StrategicResponse> = {}) {
  const before = population();
  const after = population();
  respondStrategically(after, response(rule, extra), known(after));
  return { before, after };
}

describe('the linear shift', () => {
  it('adds strength * theta to what can be moved, and to nothing else', () => {
    const { after, before } = moved({ kind: 'linear', strength: 3 });
    for (let i = 0; i < N; i += 97) {
      expect(after.column('shown.a')[i]).toBe(before.column('shown.a')[i] + 3 * 0.7);
      expect(after.column('shown.b')[i]).toBe(before.column('shown.b')[i] + 3 * -1.3);
      expect(after.column('shown.c')[i]).toBe(before.column('shown.c')[i]);
    }
  });

  it('goes the other way where people want a low prediction', () => {
    const { after, before } = moved({ kind: 'linear', strength: 3 }, { direction: -1 });
    expect(after.column('shown.a')[5]).toBe(before.column('shown.a')[5] - 3 * 0.7);
  });

  it('moves the share that responds', () => {
    const { after, before } = moved({ kind: 'linear', strength: 3 }, { share: 0.3 });
    let movers = 0;
    for (let i = 0; i < N; i++) if (after.column('shown.a')[i] !== before.column('shown.a')[i]) movers++;
    // Four standard errors of a share of 0.3 of 10,000.
    expect(Math.abs(movers / N - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / N));
  });

  it('leaves everybody before its time', () => {
    const { after, before } = moved({ kind: 'linear', strength: 3 }, { from: 1 });
    expect(after.column('shown.a')).toEqual(before.column('shown.a'));
  });
});

describe('the best response to a threshold', () => {
  const THRESHOLD = 1 / (1 + Math.exp(-7870)); // rounds to 1: the linear scores here are near 7870
  const GOAL = 7868;
  const rule = { kind: 'threshold', threshold: THRESHOLD, cost: 2, gain: 3 } as const;
  const atGoal = (frame: Frame) => ({ ...known(frame), link: () => GOAL });

  it('takes who can afford it past the boundary by the shortest way, and nobody else anywhere', () => {
    const before = population();
    const after = population();
    respondStrategically(after, response(rule), atGoal(after));
    const norm = Math.hypot(THETA.a, THETA.b);
    let movers = 0;
    for (let i = 0; i < N; i++) {
      const gap = GOAL - score(before, i);
      const da = after.column('shown.a')[i] - before.column('shown.a')[i];
      const db = after.column('shown.b')[i] - before.column('shown.b')[i];
      if (gap < 0 || (2 * gap) / norm > 3) {
        expect([da, db]).toEqual([0, 0]);
        continue;
      }
      movers++;
      expect(score(after, i)).toBeGreaterThan(GOAL);
      // 1e-12 of a score near 8,000, and the rounding of features near 100.
      expect(Math.abs(Math.hypot(da, db) - gap / norm)).toBeLessThan(2e-8);
    }
    expect(movers).toBeGreaterThan(500);
  });
});

it('fades as memory says once it has ended', () => {
  const frame = population();
  const found = FIELDS.map((name) => frame.column(`shown.${name}`));
  const shift = () => frame.column('shown.a')[0] - found[0][0];
  const gaming = response({ kind: 'linear', strength: 2 }, { memory: 0.5, to: 2 });
  const shifts = [0, 1, 2, 3].map((t) => {
    frame.t = t;
    frame.newcomers = t === 0 ? null : new Int32Array(0);
    for (const [k, name] of FIELDS.entries()) frame.columns.set(`shown.${name}`, found[k]);
    respondStrategically(frame, gaming, known(frame));
    return shift();
  });
  // s <- s / 2 + R / 2 with R = 2 theta while it acts, and R = 0 from then on.
  for (const [t, share] of [0.5, 0.75, 0.375, 0.1875].entries()) expect(shifts[t]).toBeCloseTo(share * 2 * THETA.a, 12);
});

it('moves what is true just across the threshold, where people improve', async () => {
  const text = (model: string, more = '') => `
name: improve
steps: 3
population: { size: 500, turnover: 0.5, fields: { x: "normal(0, 1)", z: "normal(0, 1)" } }
outcome: { field: y, probability: sigmoid(2 * x + z) }
lab: { size: 4000 }
models:
  score: { learner: logistic, features: [x, z${more}], target: y, l2: 0.001 }
  ${more === '' ? '' : 'first: { learner: linear, features: [x], target: y }'}
respond:
  - { name: learning, strategic: { model: ${model}, fields: [x], threshold: 0.5, cost: 1, gain: 1000 }, moves: true }
measure: { above: share(score > 0.5), moved: mean(x), shown: mean(abs(shown.x - x)) }
`;
  for (const { measure } of stepsOf(records(await parse(text('score'))))) {
    expect(measure.above).toBe(1);
    expect(measure.moved).toBeGreaterThan(0.2);
    expect(measure.shown).toBe(0);
  }
  // Nobody can tell how far to move before another model has predicted.
  await expect(parse(text('score', ', first'))).rejects.toThrow(/before it predicts/);
});

it('goes to a threshold of the prediction itself where the model is linear, whatever its target', async () => {
  const loaded = await parse(`
name: linear on a binary target
steps: 1
population: { size: 500, fields: { x: "normal(0, 1)" } }
outcome: { field: y, probability: sigmoid(2 * x) }
lab: { size: 2000 }
models: { m: { learner: linear, features: [x], target: y } }
respond: [{ name: reach, strategic: { model: m, fields: [x], threshold: 0.5, gain: 1000 } }]
measure: { reached: share(m > 0.5) }
`);
  expect(stepsOf(records(loaded))[0].measure.reached).toBe(1);
});
