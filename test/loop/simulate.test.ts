import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Frame } from '../../src/core/frame.js';
import type { Stream } from '../../src/core/random/index.js';
import type { TraceRecord } from '../../src/loop/trace.js';
import { simulate } from '../../src/scenario/simulate.js';
import { DRIFTING } from '../support/drifting.js';
import { EVERYTHING, hashOf, parse, records, stepsOf } from '../support/scenario.js';

describe('a run', () => {
  it('is the same trace each time, and another with another seed', async () => {
    const loaded = await parse(EVERYTHING);
    const first = records(loaded);
    expect(records(loaded)).toEqual(first);
    expect(hashOf(records(loaded, { seed: 2 }))).not.toBe(hashOf(first));
  });

  it('has the hash of its lines, and ids that count from 0', async () => {
    const all = records(await parse(EVERYTHING));
    const digest = createHash('sha256');
    for (const record of all.slice(0, -1)) digest.update(`${JSON.stringify(record)}\n`);
    expect(hashOf(all)).toBe(digest.digest('hex'));
    expect(all.map(({ id }) => id)).toEqual(all.map((_, k) => k));
    expect(all[0].type).toBe('header');
    expect(stepsOf(all).map(({ t }) => t)).toEqual(Array.from({ length: 20 }, (_, t) => t));
  });

  it('has the same hash in a worker thread', async () => {
    const worker = new Worker(new URL('./run-in-worker.mjs', import.meta.url), {
      workerData: { text: EVERYTHING, seed: 5 },
    });
    const hash = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    expect(hash).toBe(hashOf(records(await parse(EVERYTHING), { seed: 5 })));
  });

  it('has the same hash when it is paused, and when two runs take turns', async () => {
    const loaded = await parse(EVERYTHING);
    const expected = hashOf(records(loaded));
    const paused: TraceRecord[] = [];
    const other = simulate(loaded, { seed: 9 });
    for await (const record of simulate(loaded)) {
      paused.push(record);
      await other.next();
      if (record.id % 7 === 0) await setTimeout(1);
    }
    expect(hashOf(paused)).toBe(expected);
  });

  it('holds no number that is not finite', async () => {
    const unfinished = (value: unknown): boolean =>
      typeof value === 'number'
        ? !Number.isFinite(value)
        : typeof value === 'object' && value !== null && Object.values(value).some(unfinished);
    expect(records(await parse(EVERYTHING)).filter(unfinished)).toEqual([]);
  });

  it('ends before the next step when it is told to', async () => {
    const controller = new AbortController();
    const all: TraceRecord[] = [];
    for await (const record of simulate(await parse(EVERYTHING), { signal: controller.signal })) {
      all.push(record);
      if (record.type === 'step' && record.t === 3) controller.abort();
    }
    expect(all.at(-1)).toMatchObject({ type: 'end', status: 'stopped', steps: 4 });
  });
});

describe('random streams of a run', () => {
  afterEach(() => vi.restoreAllMocks());

  /** For each stream that was opened (component and step), a checksum of the words drawn from it. */
  async function drawn(text: string, off: readonly string[]): Promise<Map<string, number>> {
    const sums = new Map<string, number>();
    const open = Frame.prototype.stream;
    vi.spyOn(Frame.prototype, 'stream').mockImplementation(function (this: Frame, component: string): Stream {
      const stream = open.call(this, component);
      const key = `${component}@${this.t}/${this.rows}`;
      const draw = stream.words.bind(stream);
      stream.words = (out, count) => {
        draw(out, count);
        let sum = sums.get(key) ?? 0;
        for (let i = 0; i < count; i++) sum = (Math.imul(sum, 31) + out[i]) | 0;
        sums.set(key, sum);
      };
      return stream;
    });
    records((await parse(text)).switchedOff(off));
    vi.restoreAllMocks();
    return sums;
  }

  async function expectSame(text: string, id: string): Promise<void> {
    const all = await drawn(text, []);
    const without = await drawn(text, [id]);
    const own = (key: string) => key.startsWith(`${id}.`) || key.startsWith(`${id}#`) || key.startsWith(`lab.${id}`);
    const rest = [...all].filter(([key]) => !own(key));
    expect(rest.length).toBeGreaterThan(100);
    expect([...without].filter(([key]) => !own(key))).toEqual(rest);
  }

  it.each(['drift.luck', 'sense.noise', 'sense.gaps', 'respond.gaming', 'collect.wrong labels', 'collect.selective'])(
    'are the same for everything else when %s is switched off',
    (id) => expectSame(EVERYTHING, id),
  );

  it.each(['sudden', 'gradual', 'incremental', 'recurring', 'seasonal', 'walk', 'mix', 'newcomer'])(
    'are the same for everything else when the drift called %s is switched off',
    (name) => expectSame(DRIFTING, `drift.${name}`),
  );

  it('leave a run with every drift as it is when it is run again, or paused', async () => {
    const loaded = await parse(DRIFTING);
    const first = records(loaded);
    expect(first.filter((r) => r.type === 'event' && r.kind === 'mechanism').length).toBeGreaterThan(10);
    const paused: TraceRecord[] = [];
    for await (const record of simulate(loaded)) {
      paused.push(record);
      if (record.id % 9 === 0) await setTimeout(1);
    }
    expect(hashOf(paused)).toBe(hashOf(first));
    expect(JSON.stringify(first)).not.toMatch(/Infinity|NaN/);
  });
});

describe('a twin', () => {
  it('stays without feedback when the schedule switches it on', async () => {
    const loaded = await parse(`${EVERYTHING.replace('strength: 2 }', 'strength: 2 }, off: true')}
schedule: [{ at: 5, set: { respond.gaming.off: false } }]
`);
    const shifted = new Set<string>();
    for await (const record of simulate(loaded, { twin: 'feedback' }))
      if (record.type === 'event' && record.name === 'respond.gaming') shifted.add(record.twin ?? 'run');
    expect([...shifted]).toEqual(['run']);
  });

  it('differs from its run only by what is switched off', async () => {
    const loaded = await parse(EVERYTHING);
    const both: TraceRecord[] = [];
    for await (const record of simulate(loaded, { twin: 'feedback' })) both.push(record);
    const twin = both.filter((record) => record.twin !== undefined);
    const alone = records(loaded.switchedOff(['respond', 'collect']));
    expect(stepsOf(twin).map(({ id: _id, twin: _twin, ...rest }) => rest)).toEqual(
      stepsOf(alone).map(({ id: _id, ...rest }) => rest),
    );
    // Nobody games before step 3, and the people are the same: so is what is true of them.
    const main = both.filter((record) => record.twin === undefined);
    for (const t of [0, 1, 2]) expect(stepsOf(twin)[t].actual).toEqual(stepsOf(main)[t].actual);
    expect(stepsOf(twin)[10].population.income).toEqual(stepsOf(main)[10].population.income);
    expect(stepsOf(twin)[10].actual).not.toEqual(stepsOf(main)[10].actual);
  });

  it('leaves the hash of its run as it is', async () => {
    const loaded = await parse(EVERYTHING);
    let hash = '';
    for await (const record of simulate(loaded, { twin: 'feedback' }))
      if (record.type === 'end' && record.twin === undefined) hash = record.hash;
    expect(hash).toBe(hashOf(records(loaded)));
  });
});

describe('interventions', () => {
  const retrained = (all: readonly TraceRecord[], t: number) => stepsOf(all)[t].models.score.gap !== null;

  it('retrain what any of them asks for at a step, and say so where there is no such model', async () => {
    const loaded = await parse(EVERYTHING);
    const all = records(loaded, {
      interventions: [
        { at: 11, retrain: ['score'] },
        { at: 11, retrain: ['scroe'] },
      ],
    });
    expect(retrained(all, 11)).toBe(true);
    expect(all).toContainEqual(expect.objectContaining({ t: 11, kind: 'note', name: 'scroe' }));
  });

  it('retrain a model that never would, on what was recorded in its window', async () => {
    const loaded = await parse(EVERYTHING.replace('when: { every: 5 }', 'when: never'));
    const all = records(loaded, { interventions: [{ at: 11, retrain: true }] });
    expect(retrained(all, 11)).toBe(true);
    const every = records(await parse(EVERYTHING.replace('when: { every: 5 }', 'when: { at: [11] }')));
    expect(stepsOf(all)[13].models.score.coef).toEqual(stepsOf(every)[13].models.score.coef);
  });

  it('as a schedule, find the records of a model that did not learn before', async () => {
    const never = EVERYTHING.replace('when: { every: 5 }', 'when: never');
    const loaded = await parse(`${never}schedule: [{ at: 10, set: { retrain.when.every: 1 } }]\n`);
    expect(retrained(records(loaded), 10)).toBe(true);
  });

  it('act from their step on, are in the trace, and replay exactly', async () => {
    const loaded = await parse(EVERYTHING);
    const hands = [
      { at: 10, set: { 'respond.gaming.strength': 20 } },
      { at: 12, retrain: true as const },
    ];
    const changed = records(loaded, { interventions: hands });
    const plain = stepsOf(records(loaded));
    const steps = stepsOf(changed);
    expect(steps.slice(0, 10).map(({ actual }) => actual)).toEqual(plain.slice(0, 10).map(({ actual }) => actual));
    expect(steps[10].actual).not.toEqual(plain[10].actual);
    expect(steps[12].models.score.gap).not.toBeNull();
    expect(plain[12].models.score.gap).toBeNull();
    expect(changed.filter((r) => r.type === 'event' && r.kind === 'intervention')).toHaveLength(2);
    expect(changed.at(-1)).toMatchObject({ interventions: hands });
    expect(hashOf(records(loaded, { interventions: hands }))).toBe(hashOf(changed));
  });

  it('may be added while the run goes on', async () => {
    const loaded = await parse(EVERYTHING);
    const hands: { at: number; retrain: true }[] = [];
    let gap: number | null = null;
    for await (const record of simulate(loaded, { interventions: hands })) {
      if (record.type !== 'step') continue;
      if (record.t === 6) hands.push({ at: 7, retrain: true });
      if (record.t === 7) gap = record.models.score.gap;
    }
    expect(gap).not.toBeNull();
  });
});

describe('a loop that diverges', () => {
  const RUNAWAY = `
name: runaway
steps: 200
population: { size: 20 }
outcome: { field: z, value: "1 + 3 * m" }
lab: { size: 5, holdout: 0 }
models: { m: { learner: mean, start: { intercept: 1 } } }
retrain: { when: { every: 1 }, window: { last: 1 } }
`;

  it('says which model, at which step and how large, and ends cleanly', async () => {
    const all = records(await parse(RUNAWAY));
    const event = all.find((record) => record.type === 'event' && record.kind === 'divergence');
    expect(event).toMatchObject({ name: 'm', message: expect.stringMatching(/norm of \d\.\d+e\+\d+/) });
    expect(all.at(-1)).toMatchObject({ type: 'end', status: 'diverged' });
    expect(stepsOf(all).length).toBeLessThan(60);
    expect(JSON.stringify(all)).not.toMatch(/Infinity|NaN/);
  });

  it('also where a state leaves the range of numbers', async () => {
    const text = `${RUNAWAY.replace('1 + 3 * m', '1').replace('steps: 200', 'steps: 2000')}
state: { x: { start: 2, becomes: x * x } }
`;
    const all = records(await parse(text));
    expect(all.find((record) => record.type === 'event' && record.kind === 'divergence')).toMatchObject({ name: 'x' });
    expect(all.at(-1)).toMatchObject({ status: 'diverged' });
  });
});
