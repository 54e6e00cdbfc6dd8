/** Runs as the page sees them: the same trace as the library's, at the pace that was asked for, from any record on. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load.js';
import { simulate } from '../../src/scenario/simulate.js';
import type { RunRequest } from '../../src/server/protocol.js';
import { type Served, serve, smallDefault } from '../support/browser.js';
import { EVERYTHING } from '../support/scenario.js';
import {
  begin,
  control,
  DEFAULT,
  events,
  frames,
  post,
  records,
  refused,
  SMALL,
  untilState,
} from '../support/stream.js';

const SHORT = { ...SMALL, steps: 30 };
const FAST = { set: SHORT, speed: null } satisfies Partial<RunRequest>;

/** What the library says of the same run. */
async function reference(set: Record<string, number> = SHORT, options: Parameters<typeof simulate>[1] = {}) {
  const loaded = await loadScenario(`scenarios/${DEFAULT}.yaml`, { set });
  const lines: string[] = [];
  for await (const record of simulate(loaded, { twin: 'feedback', ...options })) lines.push(JSON.stringify(record));
  return lines;
}

describe('a run', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve();
  });
  afterAll(() => served.close());
  const start = (request: Partial<RunRequest> = {}) => begin(served.address, request);

  it('tells its facts', async () => {
    const { at, facts, id } = await start({ seed: 7 });
    expect(facts).toMatchObject({
      name: 'Strategic credit applicants',
      lesson: 'feedback',
      steps: 120,
      seed: 7,
      individuals: 300,
      primary: { model: 'score', metric: 'accuracy' },
      decisions: ['approve'],
      outcome: 'repaid',
      hasCosts: true,
    });
    expect(facts.models[0]).toMatchObject({
      name: 'score',
      learner: 'logistic',
      kind: 'binary',
      retrainPath: 'retrain',
    });
    expect(facts.fields).toEqual(expect.arrayContaining(['income', 'utilisation', 'lines']));
    expect(facts.fields).not.toContain('group');
    expect(facts.knobs).toContainEqual(expect.objectContaining({ path: 'respond.gaming.strength', min: 0, value: 8 }));
    expect(facts.knobs.map(({ value }) => value)).toEqual([8, 0.6, 6]);
    expect(facts.mechanisms).toContainEqual(
      expect.objectContaining({ id: 'respond.gaming', off: false, from: 20, to: null }),
    );
    expect(facts.file).toContain('# yaml-language-server');
    expect(await (await fetch(at)).json()).toMatchObject({ id, facts, status: { speed: 10 } });
  });

  it('streams the whole trace, the twin beside it, numbers it, and says that it has ended', async () => {
    const { at } = await start(FAST);
    const sent = [];
    for await (const event of events(`${at}/events`)) sent.push(event);
    const lines = sent.filter(({ id }) => id !== null);
    expect(lines.map(({ data }) => data)).toEqual(await reference());
    expect(lines.map(({ id }) => id)).toEqual(lines.map((_, k) => k));
    expect(sent[0]).toMatchObject({ event: 'status', id: null });
    expect(sent.at(-1)).toMatchObject({ event: 'status', data: expect.stringContaining('"ended"') });
  });

  it.each([
    ['without a twin', { twin: false }, {}, { twin: undefined }],
    ['with another seed', { seed: 9 }, {}, { seed: 9 }],
    ['with other values', { set: { ...SHORT, 'respond.gaming.strength': 9 } }, { 'respond.gaming.strength': 9 }, {}],
  ])('is the run that the library makes: %s', async (_, request, set, options) => {
    const { at } = await start({ ...FAST, ...request });
    const sent = await records(`${at}/events`);
    expect(sent.map(({ data }) => data)).toEqual(await reference({ ...SHORT, ...set }, options));
  });

  it.each([
    ['has no feedback to switch off', EVERYTHING.replace(/respond:[\s\S]*?(?=retrain:)/, ''), {}],
    [
      'has labels that are only late',
      EVERYTHING.replace(/(respond|collect):[\s\S]*?(?=retrain:)/, 'collect: [{ name: late, delay: 3, share: 0.9 }]\n'),
      {},
    ],
    ['has all of it switched off already', EVERYTHING, { off: ['respond', 'collect'] }],
    ['asks for none', `${EVERYTHING}view: { twin: false }\n`, {}],
  ])('makes no twin of a run that %s', async (_, text, more) => {
    const { at } = await begin(served.address, { text, speed: null, ...more });
    const sent = (await records(`${at}/events`)).map(({ data }) => JSON.parse(data));
    expect(sent.filter(({ type }) => type === 'step')).toHaveLength(20);
    expect(sent.some(({ twin }) => twin !== undefined)).toBe(false);
  });

  it('switches mechanisms off before it begins', async () => {
    const { at, facts } = await start({ ...FAST, off: ['respond'] });
    expect(facts.mechanisms.find(({ id }) => id === 'respond.gaming')?.off).toBe(true);
    const [header] = await records(`${at}/events`, 1);
    expect(JSON.parse(header.data).without).toEqual(['respond.gaming']);
  });

  it('goes on after the last record that a listener has, without a gap or a repetition', async () => {
    const { at } = await start({ set: SHORT, speed: 200 });
    const first = await records(`${at}/events`, 11);
    const second = await records(`${at}/events`, 10, { 'Last-Event-ID': `${first.at(-1)?.id}` });
    const rest = await records(`${at}/events?after=${second.at(-1)?.id}`);
    const all = [...first, ...second, ...rest];
    expect(all.map(({ data }) => data)).toEqual(await reference());
    expect(all.map(({ id }) => id)).toEqual(all.map((_, k) => k));
    // From the beginning again, long after it has ended.
    expect(await records(`${at}/events`)).toEqual(all);
  });

  it('tells a browser that has everything that nothing more will come', async () => {
    const { at } = await start(FAST);
    const all = await records(`${at}/events`);
    const response = await fetch(`${at}/events`, { headers: { 'Last-Event-ID': `${all.length - 1}` } });
    expect(response.status).toBe(204);
  });

  it.each(['after=1e9', 'after=999999', 'after=-2', 'after=x'])('refuses %s', async (query) => {
    const { at } = await start({ until: 0 });
    expect(await refused(await fetch(`${at}/events?${query}`))).toMatchObject({ status: 400 });
  });

  it('runs to a step and holds there, and makes steps one by one', async () => {
    const { at } = await start({ set: SHORT, until: 12 });
    expect(await untilState(`${at}/events`, 'paused')).toMatchObject({ t: 12, speed: 10 });
    expect(await control(at, { do: 'step' })).toMatchObject({ state: 'running' });
    const steps = async () =>
      JSON.parse((await (await fetch(at)).text()).toString()).status as { t: number; state: string };
    const listening = records(`${at}/events`);
    await expect.poll(steps).toMatchObject({ t: 13, state: 'paused' });
    await control(at, { do: 'step', steps: 4 });
    await expect.poll(steps).toMatchObject({ t: 17, state: 'paused' });
    await control(at, { do: 'speed', speed: null });
    await control(at, { do: 'resume' });
    expect((await listening).map(({ data }) => data)).toEqual(await reference());
  });

  it('holds before the first step where it is asked to', async () => {
    const { at } = await start({ until: 0 });
    expect(await untilState(`${at}/events`, 'paused')).toMatchObject({ t: 0 });
    const [header] = await records(`${at}/events`, 1);
    expect(JSON.parse(header.data).type).toBe('header');
  });

  it('pauses: no step is made until it is resumed', async () => {
    const { at } = await start({ speed: 100 });
    const seen = { count: 0 };
    const listening = (async () => {
      for await (const { id } of events(`${at}/events`)) if (id !== null) seen.count++;
    })();
    await expect.poll(() => seen.count).toBeGreaterThan(10);
    const { state, t } = await control(at, { do: 'pause' });
    expect(state).toBe('paused');
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(await (await fetch(at)).json()).toMatchObject({ status: { state: 'paused', t } });
    await control(at, { do: 'speed', speed: null });
    await control(at, { do: 'resume' });
    await listening;
    expect(await (await fetch(at)).json()).toMatchObject({ status: { state: 'ended', t: 120 } });
  });

  it('keeps its pace by the clock', async () => {
    const { at } = await start({ speed: 50, twin: false });
    const times: number[] = [];
    for await (const { data, id } of events(`${at}/events`)) {
      if (id !== null && JSON.parse(data).type === 'step') times.push(performance.now());
      if (times.length === 101) break;
    }
    // 90 steps at 50 a second: the first ones belong to the start.
    const seconds = (times[100] - times[10]) / 1000;
    expect(90 / seconds).toBeGreaterThan(42);
    expect(90 / seconds).toBeLessThan(58);
  });

  it('stops, with a whole trace', async () => {
    const { at } = await start({ speed: 100 });
    const listening = records(`${at}/events`);
    await expect.poll(async () => (await (await fetch(at)).json()).status.t).toBeGreaterThan(3);
    const { state, t } = await control(at, { do: 'stop' });
    expect(state).toBe('ended');
    const ends = (await listening).map(({ data }) => JSON.parse(data)).filter(({ type }) => type === 'end');
    expect(ends).toHaveLength(2);
    expect(ends[0]).toMatchObject({ status: 'stopped', steps: t });
    expect(await control(at, { do: 'resume' })).toMatchObject({ state: 'ended' });
  });

  it('is gone when it is deleted', async () => {
    const { at } = await start();
    expect((await fetch(at, { method: 'DELETE' })).status).toBe(204);
    expect(await refused(await fetch(at))).toMatchObject({ status: 404 });
    expect(await refused(await post(`${at}/control`, { do: 'pause' }))).toMatchObject({ status: 404 });
  });

  it('shows the world, and another side of it while it is paused', async () => {
    const { at } = await start({ until: 25, view: { people: 50 } });
    await untilState(`${at}/events`, 'paused');
    const [first] = await frames(`${at}/events`, 1);
    expect(first).toMatchObject({ t: 24, people: 50, individuals: 300 });
    const next = frames(`${at}/events`, 2);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await control(at, { do: 'view', view: { x: 'lines', y: 'income', people: 20 } });
    expect((await next).at(-1)).toMatchObject({ t: 24, x: 'lines', y: 'income', people: 20 });
    expect(await refused(await post(`${at}/control`, { do: 'view', view: { x: 'wealth' } }))).toMatchObject({
      status: 400,
      error: expect.stringContaining('wealth'),
    });
  });

  it('shows at most 30 frames a second, and the last step of all', async () => {
    const { at } = await start({ speed: 200, twin: false, view: { people: 10 } });
    const times: number[] = [];
    let last = -1;
    for await (const { data, event, id } of events(`${at}/events?view=1`)) {
      if (event === 'view') {
        times.push(performance.now());
        last = JSON.parse(data).t;
      }
      if (id === null && event === 'status' && JSON.parse(data).state === 'ended') break;
    }
    expect(last).toBe(119);
    expect(times.length).toBeGreaterThan(3);
    expect(times.length / ((times.at(-1) as number) - times[0])).toBeLessThan(0.036);
  });

  it('begins a view only of what there is', async () => {
    const request = { scenario: DEFAULT, set: SMALL, view: { y: 'wealth' } };
    expect(await refused(await post(`${served.address}/api/runs`, request))).toMatchObject({ status: 400 });
  });

  it('gives what exports need to run it again', async () => {
    const { at, id } = await start({ ...FAST, seed: 3, off: ['collect'] });
    const sent = await records(`${at}/events`);
    const run = served.app.runs.get(id);
    expect(run?.recipe).toMatchObject({ seed: 3, off: ['collect'], set: SHORT, interventions: [], twin: true });
    expect(run?.whole).toBe(true);
    const lines: string[] = [];
    for await (const line of run?.lines(5) ?? []) lines.push(line);
    expect(lines).toEqual(sent.slice(5).map(({ data }) => data));
  });
});

describe('the default scenario', () => {
  it('is served as the first of the gallery', async () => {
    const served = await serve();
    const { scenarios } = await (await fetch(`${served.address}/api/scenarios`)).json();
    expect(scenarios[0]).toMatchObject({ id: DEFAULT, first: true, unavailable: null });
    expect((await smallDefault()).scenario.name).toBe(scenarios[0].name);
    await served.close();
  });
});
