/** Monitors in a run: what they see and when, and that nothing is otherwise for being watched. */
import { describe, expect, it } from 'vitest';
import type { EndRecord, MonitorRecord, TraceRecord } from '../../src/loop/trace.js';
import { EVERYTHING, parse, records, stepsOf } from '../support/scenario.js';

const MANY = `
monitor:
  - { name: psi, psi: { field: income } }
  - { name: ks, ks: { fields: [income, debt] }, alarm: "p < 0.01", correction: holm, reference: training }
  - { name: chi, chiSquare: { field: group } }
  - { name: js, jensenShannon: { fields: all }, reference: { first: 3 } }
  - { name: shift, wasserstein: { prediction: score }, reference: { sliding: 4 } }
  - { name: mmd, mmd: { fields: [debt, late], rows: 40, permutations: 20 } }
  - { name: charts, cusum: { error: score, minInstances: 5 } }
  - { name: errors, ddm: { error: score } }
  - { name: window, kswin: { prediction: score } }
  - { name: labels, adwin: { label: score } }
  - { name: metric, threshold: { metric: accuracy }, alarm: "< 0.5" }
  - { name: seen, threshold: { observe: approve and income < 40 }, warning: "> 0.2" }
  - { name: promised, cbpe: { metric: f1 } }
`;

/** A world that stands still until step 30, and then moves by one standard deviation. */
const STEP = (monitor: string, more = '') => `
name: step
steps: 60
population: { size: 400, fields: { x: "normal(0, 1)", kind: { choice: { a: 0.5, b: 0.5 } } } }
outcome: { field: y, kind: binary, probability: sigmoid(2 * x) }
lab: { size: 2000 }
drift: [{ name: shift, field: x, becomes: x + 1, from: 30 }]
models: { score: { learner: logistic, features: [x], target: y } }
monitor:
  - ${monitor}
${more}`;

const of = (all: readonly TraceRecord[], name: string): MonitorRecord[] =>
  stepsOf(all).map(({ monitors }) => (monitors as Record<string, MonitorRecord>)[name]);
const alarmsOf = (all: readonly TraceRecord[], name: string): number[] =>
  of(all, name).flatMap(({ level }, t) => (level === 'alarm' ? [t] : []));
const endOf = (all: readonly TraceRecord[]): EndRecord => all[all.length - 1] as EndRecord;

describe('watching', () => {
  it('changes nothing: every other number of every step is the same to the byte', async () => {
    const plain = records(await parse(EVERYTHING));
    const watched = records(await parse(EVERYTHING + MANY));
    const without = (all: readonly TraceRecord[]) =>
      all
        .filter(({ type }) => type === 'step' || type === 'event')
        .filter((record) => record.type !== 'event' || (record.kind !== 'alarm' && record.kind !== 'warning'))
        .map((record) => ({ ...record, id: 0, monitors: undefined }));
    expect(without(watched)).toEqual(without(plain));
  });

  it('is itself reproducible, and tells of every monitor at every step', async () => {
    const loaded = await parse(EVERYTHING + MANY);
    const all = records(loaded);
    expect(JSON.stringify(records(loaded))).toBe(JSON.stringify(all));
    for (const { monitors } of stepsOf(all)) expect(Object.keys(monitors ?? {})).toHaveLength(13);
    expect(JSON.stringify(all)).not.toContain('NaN');
  });

  it('a monitor that is off is not there', async () => {
    const all = records(await parse(STEP('{ name: psi, psi: { field: x }, off: true }')));
    expect(stepsOf(all)[0].monitors).toBeUndefined();
    expect(endOf(all).monitors).toBeUndefined();
  });
});

describe('what is seen, and when', () => {
  it('errors count when labels arrive', async () => {
    const late = 'collect: [{ name: late, delay: 7 }]';
    const all = records(await parse(STEP('{ name: error, threshold: { error: score }, alarm: "> 0.9" }', late)));
    const found = of(all, 'error').map(({ statistic }) => statistic);
    const actual = stepsOf(all).map((record) => 1 - (record.actual.accuracy as number));
    expect(found.slice(0, 7)).toEqual(Array(7).fill(null));
    found.slice(7).forEach((statistic, t) => void expect(statistic).toBeCloseTo(actual[t], 12));
  });

  it('a field is what the pipeline makes of it, also by its bare name in a formula', async () => {
    const unit = 'sense: [{ name: unit, field: x, scale: 100, from: 10 }]';
    const all = records(await parse(STEP('{ name: mean, threshold: { observe: abs(x) }, alarm: "> 10" }', unit)));
    expect(alarmsOf(all, 'mean')[0]).toBe(10);
  });

  it('a formula may not look at what is true, shown, or to come', async () => {
    for (const hidden of ['true.x', 'shown.x', 'y', 'recorded.y'])
      await expect(parse(STEP(`{ name: m, threshold: { observe: ${hidden} }, alarm: "> 1" }`))).rejects.toThrow(
        /not what the team can see|unknown name/,
      );
  });
});

describe('references', () => {
  const psiOf = async (reference: string, more = '') =>
    records(await parse(STEP(`{ name: m, wasserstein: { field: x }, alarm: "> 0.5", reference: ${reference} }`, more)));

  it('lab: for as long as the world is otherwise', async () => {
    expect(alarmsOf(await psiOf('lab'), 'm')).toEqual(Array.from({ length: 30 }, (_, k) => 30 + k));
  });

  it('the steps before: until they are as the step is', async () => {
    // Half of 6 steps after 3: a mixture shifted by 0.5 on average, which is still not above the limit.
    const alarms = alarmsOf(await psiOf('{ sliding: 6 }'), 'm');
    expect(alarms[0]).toBe(30);
    expect(alarms.at(-1)).toBeLessThanOrEqual(33);
    expect(of(await psiOf('{ sliding: 6 }'), 'm')[0].statistic).toBeNull();
  });

  it('the first steps: nothing is said before they are over', async () => {
    const found = of(await psiOf('{ first: 5 }'), 'm');
    expect(found.slice(0, 5).every(({ statistic }) => statistic === null)).toBe(true);
    expect(found[5].statistic).not.toBeNull();
    expect(found[59].level).toBe('alarm');
  });

  it('training: what the deployed version has learnt from', async () => {
    // Trained at the end of steps 9, 19, 29, 39 on the last 5 steps, in service from the next step on.
    const all = await psiOf('training', 'retrain: { when: { every: 10 }, window: { last: 5 } }');
    expect(alarmsOf(all, 'm')).toEqual(Array.from({ length: 10 }, (_, k) => 30 + k));
  });

  it('training: only what was recorded, once its labels have come', async () => {
    // Those with x > 0 are recorded: half a normal has mean sqrt(2 / pi), so that everybody is 0.8 sd off what was learnt from,
    // and more in its own, smaller sd (0.603). The lab knew everybody.
    const more = `retrain: { when: { at: [10] }, window: { last: 5 } }
collect: [{ name: chosen, only: x > 0, delay: 3 }]`;
    const found = of(await psiOf('training', more), 'm').map(({ statistic }) => statistic as number);
    expect(Math.max(...found.slice(0, 11))).toBeLessThan(0.2);
    const expected = Math.sqrt(2 / Math.PI) / Math.sqrt(1 - 2 / Math.PI);
    for (const statistic of found.slice(11, 30)) expect(Math.abs(statistic - expected)).toBeLessThan(0.25);
  });
});

describe('levels', () => {
  it('of the shift by one standard deviation: PSI at 1, at once', async () => {
    const all = records(await parse(STEP('{ name: m, psi: { field: x } }')));
    expect(alarmsOf(all, 'm')).toEqual(Array.from({ length: 30 }, (_, k) => 30 + k));
    const events = all.flatMap((r) => (r.type === 'event' && r.kind === 'alarm' ? [[r.t, r.name]] : []));
    expect(events).toEqual([[30, 'm']]);
  });

  it('a correction over many fields holds the false alarms of all of them', async () => {
    const fields = Array.from({ length: 10 }, (_, k) => `z${k}`);
    const scenario = (correction: string) => `
name: many
steps: 400
population: { size: 200, fields: { ${fields.map((f) => `${f}: "normal(0, 1)"`).join(', ')} } }
outcome: { field: y, kind: binary, probability: 0.5 }
lab: { size: 200 }
models: { score: { learner: logistic, features: [z0], target: y } }
monitor:
  - { name: m, ks: { fields: [${fields.join(', ')}] }, alarm: "p < 0.05", correction: ${correction}, reference: { sliding: 1 } }
`;
    const rate = async (correction: string) =>
      alarmsOf(records(await parse(scenario(correction)), { hash: false }), 'm').length / 399;
    // 1 - 0.95^10 = 0.40 without; at most 0.05 with: exact p-values are a little below. Neighbouring steps share a sample: the
    // standard error is that of at least 200 independent ones.
    const sd = (p: number) => Math.sqrt((p * (1 - p)) / 200);
    expect(await rate('none')).toBeGreaterThan(0.4 - 4 * sd(0.4) - 0.08);
    expect(await rate('bonferroni')).toBeLessThan(0.05 + 4 * sd(0.05));
  });

  it('CBPE follows the inputs and is blind to a reversed outcome', async () => {
    const all = records(await parse(STEP('{ name: m, cbpe: {} }')));
    const steps = stepsOf(all);
    const moved = (f: (t: number) => number) =>
      Array.from({ length: 30 }, (_, k) => f(30 + k)).reduce((a, b) => a + b) / 30;
    const told = moved((t) => of(all, 'm')[t].statistic as number);
    const actual = moved((t) => steps[t].actual.accuracy as number);
    // The calibration of 500 held-out rows is off by its own standard error, 0.02.
    expect(Math.abs(told - actual)).toBeLessThan(4 * 0.02);
    const reversed = STEP('{ name: m, cbpe: {} }').replace(
      'sigmoid(2 * x)',
      '"if(t < 30, sigmoid(2 * x), sigmoid(-2 * x))"',
    );
    const blind = records(await parse(reversed));
    expect(stepsOf(blind)[59].actual.accuracy).toBeLessThan(0.3);
    expect(alarmsOf(blind, 'm')).toEqual([]);
  });

  it('DLE follows losses that the inputs tell of', async () => {
    const all = records(
      await parse(`
name: losses
steps: 40
population: { size: 500, fields: { x: "uniform(0, 1)" } }
outcome: { field: y, value: "normal(x, 0.1 + 2 * x)" }
lab: { size: 4000 }
drift: [{ name: shift, field: x, becomes: 0.5 + x / 2, from: 20 }]
models: { fit: { learner: linear, features: [x], target: y } }
monitor: [{ name: m, dle: { metric: mae } }]
`),
    );
    // E |e| = sqrt(2 / pi) (0.1 + 2 E x): 0.878 before, 1.277 after.
    const mean = (from: number, to: number) =>
      of(all, 'm')
        .slice(from, to)
        .reduce((sum, { statistic }) => sum + (statistic as number) / (to - from), 0);
    const limit = Math.sqrt(2 / Math.PI);
    expect(Math.abs(mean(0, 20) - limit * 1.1)).toBeLessThan(0.1);
    expect(Math.abs(mean(20, 40) - limit * 1.6)).toBeLessThan(0.15);
    expect(alarmsOf(all, 'm').every((t) => t >= 20)).toBe(true);
    expect(alarmsOf(all, 'm').length).toBeGreaterThan(15);
  });
});

describe('worst slice and intervals', () => {
  // The outcome of kind b turns round at step 20; labels come 4 steps late.
  const world = (monitor: string) => `
name: slices
steps: 40
population: { size: 1000, fields: { x: "normal(0, 1)", kind: { choice: { a: 0.8, b: 0.2 } } } }
outcome: { field: y, kind: binary, probability: 'sigmoid(if(kind == "b" and t >= 20, -3, 3) * x)' }
models: { score: { learner: logistic, features: [x], target: y } }
collect: [{ name: late, delay: 4 }]
slices: [kind]
monitor: [${monitor}]
`;

  it('names the slice that is surely worse, when the labels have come', async () => {
    const all = records(await parse(world('{ name: m, worstSlice: {} }')));
    const alarms = alarmsOf(all, 'm');
    // A false alarm before has a probability of 0.01 a step at most.
    expect(alarms.filter((t) => t < 24).length).toBeLessThan(4);
    expect(alarms.slice(-16)).toEqual(Array.from({ length: 16 }, (_, k) => 24 + k));
    const event = all.find((r) => r.type === 'event' && r.kind === 'alarm' && r.t === 24);
    expect(event?.type === 'event' && event.message).toMatch(/^kind: b, statistic 0\.[3-6]/);
  });

  it('coverage is watched though nothing else speaks of it', async () => {
    const all = records(
      await parse(`
name: coverage
steps: 20
population: { size: 1000, fields: { x: "normal(0, 1)" } }
outcome: { field: y, value: "normal(x, if(t < 10, 1, 3))" }
models: { fit: { learner: linear, features: [x], target: y } }
monitor: [{ name: m, threshold: { metric: coverage }, alarm: "< 0.85" }]
`),
    );
    expect(alarmsOf(all, 'm')).toEqual(Array.from({ length: 10 }, (_, k) => 10 + k));
  });
});

describe('what it was worth', () => {
  it('a state: from the change on, beside silence, noise and chance', async () => {
    const { monitors } = endOf(records(await parse(STEP('{ name: m, psi: { field: x } }'))));
    expect(monitors?.m).toMatchObject({ changes: 1, alarms: 30, missed: 0, delay: 0, falseAlarms: 0, blind: 0 });
    expect(monitors?.m.beside.never).toEqual({ missed: 1, delay: null, falseAlarms: 0 });
    expect(monitors?.m.beside.always).toEqual({ missed: 0, delay: 0, falseAlarms: 500 });
    expect(monitors?.m.beside.random.falseAlarms).toBe(250);
  });

  it('a monitor of what does not change misses the change, and is blind to the end', async () => {
    const { monitors } = endOf(
      records(await parse(STEP('{ name: m, chiSquare: { field: kind }, alarm: "p < 1e-9" }'))),
    );
    expect(monitors?.m).toMatchObject({ changes: 1, alarms: 0, missed: 1, delay: null, blind: 30 });
  });

  it('a detector: within so many steps after a change; changes that no mechanism tells of can be named', async () => {
    const { monitors } = endOf(
      records(
        await parse(STEP('{ name: m, cusum: { field: x, minInstances: 10, threshold: 8 }, changes: [5], within: 12 }')),
      ),
    );
    expect(monitors?.m).toMatchObject({ changes: 2, missed: 0.5 });
    expect(monitors?.m.blind).toBe(12 + (monitors?.m.delay as number));
  });
});

describe('what a trigger may go by', () => {
  it('is how each monitor stands when a step is over', async () => {
    const loaded = await parse(STEP('{ name: m, psi: { field: x }, warning: "> 0.1", alarm: "> 0.5" }'));
    const found: unknown[] = [];
    records(loaded, { look: ({ standing }) => void found.push(standing.get('m')) });
    expect(found[29]).toEqual({ level: 'none', since: null, alarmed: null });
    expect(found[30]).toEqual({ level: 'alarm', since: 30, alarmed: 30 });
    expect(found[59]).toEqual({ level: 'alarm', since: 30, alarmed: 59 });
  });
});

describe('retraining on an alarm', () => {
  const trainedAt = (all: readonly TraceRecord[]) => [
    ...new Set(stepsOf(all).map(({ models }) => models.score.trained)),
  ];

  it('trains at the end of the step of the alarm, and is content with what the new version has learnt', async () => {
    const all = records(
      await parse(
        STEP(
          '{ name: m, wasserstein: { field: x }, alarm: "> 0.5", reference: training }',
          'retrain: { when: { alarm: m }, window: { since: alarm } }',
        ),
      ),
    );
    expect(trainedAt(all)).toEqual([-1, 30]);
    expect(alarmsOf(all, 'm')).toEqual([30]);
  });

  it('a window since the warning begins where the warning began that came to the alarm', async () => {
    // Of x at step t: 0 until 30, then 0.1 more at each step; warned above 0.25, alarmed above 0.65.
    const text = (since: string) =>
      STEP(
        '{ name: m, threshold: { field: x }, warning: "> 0.25", alarm: "> 0.65" }',
        `retrain: { when: { alarm: m }, cool: 100, window: { since: ${since} } }`,
      )
        .replace('x + 1', 'x + 0.1 * (t - 29)')
        .replace('size: 400', 'size: 4000');
    const [warned, alarmed] = await Promise.all(
      ['warning', 'alarm'].map(async (since) => records(await parse(text(since)))),
    );
    expect(trainedAt(warned)).toEqual(trainedAt(alarmed));
    const intercepts = [warned, alarmed].map((all) => stepsOf(all)[59].models.score.intercept);
    expect(intercepts[0]).not.toBe(intercepts[1]);
  });

  it('is of a monitor that there is', async () => {
    const text = STEP('{ name: inputs, psi: { field: x } }', 'retrain: { when: { alarm: input } }');
    await expect(parse(text)).rejects.toThrow(/`input` is not a monitor/);
  });
});

describe('training windows of other kinds', () => {
  it.each(['{ rows: 2000 }', '{ halfLife: 2 }', '{ reservoir: 500 }', '{ last: 5, lab: true }', 'all'])(
    'the reference is what %s holds',
    async (window) => {
      const all = records(
        await parse(
          STEP(
            '{ name: m, wasserstein: { field: x }, reference: training }',
            `retrain: { when: { at: [39] }, window: ${window} }`,
          ),
        ),
      );
      const told = of(all, 'm')[45].statistic as number;
      // Of 40 steps and the lab's 1,500 rows, 10 steps are of the new world; of the last 5 steps all are, but for the lab.
      // The reference is a mixture: the shift is 1 - (share of new), over its own standard deviation.
      const share = {
        '{ rows: 2000 }': 1,
        '{ halfLife: 2 }': 1 - 2 ** -5,
        '{ last: 5, lab: true }': 2000 / 4000,
        '{ reservoir: 500 }': 4000 / 18_000,
        all: 4000 / 18_000,
      }[window] as number;
      const expected = (1 - share) / Math.sqrt(1 + share * (1 - share));
      expect(Math.abs(told - expected), `${told} for ${expected}`).toBeLessThan(0.12);
    },
  );
});

describe('hands', () => {
  it('count as changes where they move the world, and not where they only watch it otherwise', async () => {
    const scored = async (set: string) =>
      endOf(
        records(
          await parse(
            STEP('{ name: m, cusum: { field: x, minInstances: 10 } }', `schedule: [{ at: 45, set: { ${set} } }]`),
          ),
        ),
      ).monitors?.m.changes;
    expect(await scored('drift.shift.share: 0.5')).toBe(2);
    expect(await scored('retrain.when: never')).toBe(1);
  });

  it('a monitor goes on when something else changes, and watches anew when it is told otherwise', async () => {
    const loaded = await parse(
      STEP(
        '{ name: m, wasserstein: { field: x }, alarm: "> 0.5", reference: { first: 3 } }',
        'schedule: [{ at: 40, set: { "monitor.m.alarm": "> 5" } }]',
      ),
    );
    const all = records(loaded);
    expect(alarmsOf(all, 'm')).toEqual([30, 31, 32, 33, 34, 35, 36, 37, 38, 39]);
    expect(of(all, 'm')[40].statistic).toBeGreaterThan(0.5);
  });
});
