/** The world as it can be drawn: axes, layers, flags, what the axes span, and the model's boundary or line. */
import { describe, expect, it } from 'vitest';
import type { StepRecord } from '../../src/loop/trace.js';
import { ViewError, type ViewFrame, type ViewRequest, viewFields, WorldView } from '../../src/loop/view.js';
import type { World } from '../../src/loop/world.js';
import { type LoadedScenario, loadScenario } from '../../src/scenario/load.js';
import { runOf, type SimulateOptions } from '../../src/scenario/simulate.js';
import { EVERYTHING, hashOf, parse, records, SHIPPED, shipped } from '../support/scenario.js';

const floats = (text: string): Float32Array => new Float32Array(new Uint8Array(Buffer.from(text, 'base64')).buffer);
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

interface Seen {
  readonly frames: ViewFrame[];
  readonly steps: StepRecord[];
}

/** Looks at the first steps of a run; `check` sees the world with each frame. */
function look(
  loaded: LoadedScenario,
  request: ViewRequest = {},
  {
    check,
    steps: most = 8,
    ...options
  }: SimulateOptions & { steps?: number; check?: (w: World, f: ViewFrame) => void } = {},
): Seen {
  const view = new WorldView(loaded.plan, request);
  const frames: ViewFrame[] = [];
  const steps: StepRecord[] = [];
  const take = (world: World) => {
    const frame = view.take(world);
    frames.push(frame);
    check?.(world, frame);
  };
  for (const record of runOf(loaded, { ...options, look: take, hash: false })) {
    if (record.type === 'step') steps.push(record);
    if (steps.length === most) break;
  }
  return { frames, steps };
}

describe('what the world is drawn over where nobody says', () => {
  it.each(SHIPPED)('%s', async (file) => {
    const loaded = await shipped(file);
    if (loaded === null) return;
    const { frames } = look(loaded, {}, { steps: 3 });
    expect(frames.length).toBe(Math.min(3, loaded.plan.steps));
    for (const frame of frames) {
      const { columns, domain, model, people } = frame;
      expect(viewFields(loaded.plan)).toContain(frame.x);
      expect(viewFields(loaded.plan)).toContain(frame.y);
      expect(frame.x).not.toBe(frame.y);
      for (const [low, high] of [domain.x, domain.y]) {
        expect(Number.isFinite(low) && Number.isFinite(high)).toBe(true);
        expect(high).toBeGreaterThan(low);
      }
      expect(people).toBe(Math.min(1200, frame.individuals));
      for (const name of ['x', 'y', 'outcome', 'prediction'] as const)
        expect(floats(columns[name]).length).toBe(people);
      expect(bytes(columns.flags).length).toBe(people);
      if (model !== null) {
        const values = floats(model.values);
        expect(values.length).toBe(model.kind === 'line' ? 64 : model.width * model.height);
        expect(values.every(Number.isFinite)).toBe(true);
      }
    }
  });

  it.each([
    ['feedback/strategic-credit', 'utilisation', 'income', 'boundary'],
    ['feedback/selective-labels', 'form', 'impression', 'boundary'],
    ['published/p10c-chain', 's', 'z', 'line'],
    ['published/p1d-pricing', 'raised', 'person', undefined],
  ])('%s: %s and %s', async (name, x, y, kind) => {
    const loaded = await loadScenario(`scenarios/${name}.yaml`);
    const { frames } = look(loaded, {}, { steps: 1 });
    expect({ x: frames[0].x, y: frames[0].y, kind: frames[0].model?.kind }).toEqual({ x, y, kind });
  });
});

describe('axes', () => {
  it('may be any numeric field, the outcome, a prediction or the row, but no category', async () => {
    const { plan } = await parse(EVERYTHING);
    expect(viewFields(plan)).toEqual(['income', 'debt', 'late', 'repaid', 'score', 'person']);
    for (const x of viewFields(plan))
      for (const y of viewFields(plan)) look(await parse(EVERYTHING), { x, y }, { steps: 1 });
  });

  it('are refused with the nearest that there is', async () => {
    const { plan } = await parse(EVERYTHING);
    expect(() => new WorldView(plan, { x: 'incme' })).toThrow(ViewError);
    expect(() => new WorldView(plan, { x: 'incme' })).toThrow('did you mean `income`?');
    expect(() => new WorldView(plan, { y: 'group' })).toThrow(ViewError);
    for (const people of [0, 1.5, 5001, Number.NaN])
      expect(() => new WorldView(plan, { people })).toThrow('a whole number from 1 to 5000');
  });

  it('differ also where only one of them is said', async () => {
    const { plan } = await parse(EVERYTHING);
    for (const name of viewFields(plan)) {
      for (const request of [{ x: name }, { y: name }]) {
        const view = new WorldView(plan, request);
        expect(view.x).not.toBe(view.y);
      }
    }
  });
});

describe('people', () => {
  it('are the first rows, with what is true and what they show', async () => {
    const loaded = await parse(EVERYTHING);
    look(
      loaded,
      { x: 'debt', y: 'income', people: 100 },
      {
        check: ({ frame }, { columns, people, individuals, t }) => {
          expect([people, individuals]).toEqual([100, 300]);
          expect(floats(columns.x)).toEqual(Float32Array.from(frame.column('debt').subarray(0, 100)));
          expect(floats(columns.outcome)).toEqual(Float32Array.from(frame.column('repaid').subarray(0, 100)));
          expect(floats(columns.prediction)).toEqual(Float32Array.from(frame.column('score').subarray(0, 100)));
          expect(columns.shownY).toBeNull();
          // Nobody games before step 3.
          if (t < 3) expect(columns.shownX).toBeNull();
          else
            expect(floats(columns.shownX ?? '')).toEqual(
              Float32Array.from(frame.column('shown.debt').subarray(0, 100)),
            );
        },
      },
    );
  });

  it('are missing where a value is', async () => {
    const loaded = await parse(
      EVERYTHING.replace('debt: beta(2, 3)', 'debt: "if(income > 50, 0 / 0, 0.5)"').replace(
        'features: [income, debt, late, group]',
        'features: [income, debt]',
      ),
    );
    const { frames } = look(loaded, { x: 'debt', y: 'income' }, { steps: 1 });
    const x = floats(frames[0].columns.x);
    expect(x.some(Number.isNaN)).toBe(true);
    expect(x.some(Number.isFinite)).toBe(true);
    expect(frames[0].domain.x.every(Number.isFinite)).toBe(true);
  });

  it('say what was decided, who has entered, and who was recorded', async () => {
    look(
      await parse(EVERYTHING),
      {},
      {
        check: (world, { columns }) => {
          const { frame } = world;
          const flags = bytes(columns.flags);
          const approve = frame.column('approve');
          const entered = frame.newcomers;
          flags.forEach((flag, i) => {
            expect((flag & 1) !== 0).toBe(approve[i] !== 0);
            expect((flag & 2) !== 0).toBe(entered === null || entered.includes(i));
            // Only who is approved is recorded.
            expect((flag & 4) !== 0).toBe(approve[i] !== 0);
          });
        },
      },
    );
  });

  it('of a grid of nodes come from all over it, each with both branches and their weights', async () => {
    const loaded = await parse(`
name: grid
steps: 2
population:
  nodes: { hundreds: { values: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] }, tens: { values: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] }, ones: { values: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] } }
outcome: { field: y, probability: 0.1 + 0.08 * tens }
lab: { holdout: 0 }
models: { score: { learner: logistic, features: [tens], target: y, l2: 0.001 } }
`);
    // Every 33rd of the 2,000 would meet three digits only.
    const { frames } = look(loaded, { x: 'hundreds', y: 'ones', people: 60 });
    const [{ columns }, { columns: next }] = frames;
    expect(next).toEqual(columns);
    const [x, y, outcome] = [columns.x, columns.y, columns.outcome].map(floats);
    expect(new Set(x).size).toBeGreaterThanOrEqual(8);
    expect(new Set(y).size).toBeGreaterThanOrEqual(8);
    expect([...outcome]).toEqual([...new Array(30).fill(1), ...new Array(30).fill(0)]);
    expect(x.slice(30)).toEqual(x.slice(0, 30));
    expect(y.slice(30)).toEqual(y.slice(0, 30));
    const weight = floats(columns.weight ?? '');
    const tens = floats(look(loaded, { x: 'tens', y: 'ones', people: 60 }).frames[0].columns.x);
    weight.slice(0, 30).forEach((w, k) => {
      expect(w / (w + weight[k + 30])).toBeCloseTo(0.1 + 0.08 * tens[k], 5);
    });
  });

  it('have no weight where all count the same', async () => {
    expect(look(await parse(EVERYTHING)).frames.every(({ columns }) => columns.weight === null)).toBe(true);
  });

  it('are counted from 1', async () => {
    const { columns, domain } = look(await parse(EVERYTHING), { x: 'person', people: 3 }, { steps: 1 }).frames[0];
    expect([...floats(columns.x)]).toEqual([1, 2, 3]);
    expect(domain.x).toEqual([0.5, 3.5]);
  });

  it('have an amount where what is decided is no yes or no, and the answer of the model', async () => {
    const loaded = await parse(
      EVERYTHING.replace(/approve: score > 0\.5/, 'approve: "if(t < 2, score > 0.5, 2 * score)"'),
    );
    look(
      loaded,
      {},
      {
        check: ({ frame }, { columns, t }) => {
          if (t < 2) {
            expect(columns.amount).toBeNull();
            return;
          }
          const score = frame.column('score');
          floats(columns.amount ?? '').forEach((amount, i) => {
            expect(amount).toBeCloseTo(2 * score[i], 5);
          });
          bytes(columns.flags).forEach((flag, i) => {
            expect((flag & 1) !== 0).toBe(score[i] > 0.5);
          });
        },
      },
    );
  });

  it('are newcomers also where they entered at a step that was not drawn', async () => {
    const loaded = await parse(EVERYTHING.replace('turnover: 0.5', 'turnover: 0.1'));
    const view = new WorldView(loaded.plan);
    const entered = new Set<number>();
    for (const record of runOf(loaded, {
      hash: false,
      look(world) {
        for (const row of world.frame.newcomers ?? []) entered.add(row);
        if (world.frame.t < 5) {
          view.pass(world);
          return;
        }
        const flags = bytes(view.take(world).columns.flags);
        if (world.frame.t === 5) expect(flags.every((flag) => (flag & 2) === 2)).toBe(true);
        else expect(flags.reduce((sum, flag) => sum + (flag & 2) / 2, 0)).toBe(world.frame.newcomers?.length);
      },
    }))
      if (record.type === 'step' && record.t === 7) break;
    expect(entered.size).toBeGreaterThan(100);
  });

  it('without a decision have the answer of the model', async () => {
    const text = EVERYTHING.replace(/^decide.*$/m, '')
      .replace(/^costs.*$/m, '')
      .replace(/^measure.*$/m, '')
      .replace(/^.*only: approve.*$/m, '');
    look(
      await parse(text),
      {},
      {
        check: ({ frame }, { columns }) => {
          const score = frame.column('score');
          bytes(columns.flags).forEach((flag, i) => {
            expect((flag & 1) !== 0).toBe(score[i] > 0.5);
            expect(flag & 4).toBe(4);
          });
        },
      },
    );
  });
});

describe('what the axes span', () => {
  it('holds all but outliers, widens in jumps, and never shrinks', async () => {
    // Incomes fall by 4 a step, then come back.
    const loaded = await parse(EVERYTHING.replace('income + normal(-3, 2)', 'income - 4 * (t - 4) * (t < 13)'));
    const { frames } = look(loaded, { x: 'income', y: 'score' }, { steps: 20 });
    let changes = 0;
    frames.forEach(({ columns, domain }, t) => {
      const [low, high] = domain.x;
      const x = floats(columns.x);
      expect(x.filter((v) => v < low).length / x.length).toBeLessThanOrEqual(0.005);
      expect(x.filter((v) => v > high).length / x.length).toBeLessThanOrEqual(0.005);
      expect(domain.y).toEqual([0, 1]);
      if (t === 0) return;
      const before = frames[t - 1].domain.x;
      expect(low).toBeLessThanOrEqual(before[0]);
      expect(high).toBeGreaterThanOrEqual(before[1]);
      if (low !== before[0] || high !== before[1]) changes++;
    });
    expect(changes).toBeGreaterThan(0);
    expect(changes).toBeLessThan(6);
  });

  it('leaves room about a yes and a no', async () => {
    const { frames } = look(await parse(EVERYTHING), { x: 'income', y: 'repaid' }, { steps: 1 });
    expect(frames[0].domain.y).toEqual([-0.25, 1.25]);
  });
});

describe('the model', () => {
  it('has the boundary that its coefficients say, at each version', async () => {
    const { frames, steps } = look(
      await parse(EVERYTHING.replace('score > 0.5', 'score > 0.4')),
      { x: 'income', y: 'debt' },
      { steps: 12 },
    );
    const versions = new Set(frames.map(({ version }) => version));
    expect(versions.size).toBeGreaterThan(1);
    // The other features stand at their means in the lab: what they add is the same over the whole grid of a version.
    frames.forEach(({ domain, model, version }, k) => {
      if (model?.kind !== 'boundary') throw new Error('there is no boundary');
      expect(model.threshold).toBe(0.4);
      expect(steps[k].models.score.version).toBe(version);
      const { coef, intercept } = steps[k].models.score;
      const at = ([low, high]: readonly [number, number], share: number) => low + share * (high - low);
      const rest = [...floats(model.values)].map((p, cell) => {
        const x = at(domain.x, ((cell % 64) + 0.5) / 64);
        const y = at(domain.y, (Math.floor(cell / 64) + 0.5) / 48);
        const logit = Math.log(p / (1 - p));
        return logit - (intercept ?? 0) - (coef?.income ?? 0) * x - (coef?.debt ?? 0) * y;
      });
      const expected = (coef?.late ?? 0) * 2 + (coef?.['group.b'] ?? 0) * 0.4;
      for (const value of rest) expect(value).toBeCloseTo(expected, 0);
      expect(Math.max(...rest) - Math.min(...rest)).toBeLessThan(1e-3);
    });
  });

  it('is a line over the feature where y is what it predicts', async () => {
    const loaded = await parse(`
name: line
steps: 3
population: { size: 50, fields: { x: "uniform(0, 10)" } }
outcome: { field: y, value: "normal(1 + 2 * x, 1)" }
lab: { size: 50 }
models: { m: { learner: linear, features: [x], target: y } }
`);
    const { frames, steps } = look(loaded);
    const { domain, model, x, y } = frames[0];
    expect([x, y]).toEqual(['x', 'y']);
    if (model?.kind !== 'line') throw new Error('there is no line');
    const { coef, intercept } = steps[0].models.m;
    floats(model.values).forEach((value, k) => {
      const point = domain.x[0] + (k / 63) * (domain.x[1] - domain.x[0]);
      expect(value).toBeCloseTo((intercept ?? 0) + (coef?.x ?? 0) * point, 3);
    });
    expect(look(loaded, { y: 'm' }).frames[0].model?.kind).toBe('line');
    expect(look(loaded, { x: 'y', y: 'x' }).frames[0].model).toBeNull();
  });

  it('holds the prediction of another model at its mean', async () => {
    const loaded = await parse(`
name: chain
steps: 2
population: { size: 200, fields: { a: "normal(3, 1)", b: "normal(0, 1)", c: "normal(0, 1)", hint: { probability: sigmoid(a - 3) } } }
outcome: { field: y, probability: sigmoid(a - 3 + b) }
lab: { size: 4000, holdout: 0 }
models:
  second: { learner: logistic, features: [first, b, c], target: y }
  first: { learner: logistic, features: [a], target: hint }
`);
    const { frames, steps } = look(loaded, { x: 'b', y: 'c' });
    const { domain, model } = frames[0];
    if (model?.kind !== 'boundary') throw new Error('there is no boundary');
    const { coef, intercept } = steps[0].models.second;
    const b = domain.x[0] + (0.5 / 64) * (domain.x[1] - domain.x[0]);
    const c = domain.y[0] + (0.5 / 48) * (domain.y[1] - domain.y[0]);
    const p = floats(model.values)[0];
    const first =
      (Math.log(p / (1 - p)) - (intercept ?? 0) - (coef?.b ?? 0) * b - (coef?.c ?? 0) * c) / (coef?.first ?? 0);
    expect(first).toBeCloseTo(0.5, 1);
  });
});

it('looking changes nothing', async () => {
  const loaded = await parse(EVERYTHING);
  const view = new WorldView(loaded.plan);
  expect(hashOf(records(loaded, { look: (world) => view.take(world) }))).toBe(hashOf(records(loaded)));
});

it('follows a plan that changes under it', async () => {
  const loaded = await parse(EVERYTHING.replace('approve: score > 0.5', 'approve: { model: score, threshold: 0.5 }'));
  const { frames } = look(loaded, {}, { interventions: [{ at: 4, set: { 'decide.approve.threshold': 0.7 } }] });
  const threshold = ({ model }: ViewFrame) => (model?.kind === 'boundary' ? model.threshold : null);
  expect(frames.map(threshold)).toEqual([0.5, 0.5, 0.5, 0.5, 0.7, 0.7, 0.7, 0.7]);
});
