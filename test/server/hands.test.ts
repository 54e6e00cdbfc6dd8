/** Hands on a running world: they change what comes, are the same when replayed, and change nothing where they are wrong. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StepRecord, TraceRecord } from '../../src/loop/trace.js';
import { loadScenario } from '../../src/scenario/load.js';
import { simulate } from '../../src/scenario/simulate.js';
import { type Served, serve } from '../support/browser.js';
import { begin, control, DEFAULT, post, records, refused, SMALL, untilState } from '../support/stream.js';

const SET = { ...SMALL, steps: 40, 'respond.gaming.from': 2 };

describe('a hand', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve();
  });
  afterAll(() => served.close());

  /** A run that holds before step 10. */
  const paused = async () => {
    const run = await begin(served.address, { set: SET, until: 10, speed: null });
    await untilState(`${run.at}/events`, 'paused');
    return run;
  };
  const rest = async (at: string): Promise<TraceRecord[]> => {
    const listening = records(`${at}/events`);
    await control(at, { do: 'resume' });
    return (await listening).map(({ data }) => JSON.parse(data));
  };
  const actual = (trace: TraceRecord[], twin?: string) =>
    trace
      .filter((record): record is StepRecord => record.type === 'step' && record.twin === twin)
      .map((record) => record.actual.accuracy);

  it('changes what comes after it, and leaves what was', async () => {
    const [touched, left] = await Promise.all([paused(), paused()]);
    const { intervention } = await control(touched.at, { do: 'set', set: { 'respond.gaming.strength': 0 } });
    expect(intervention).toEqual({ at: 10, set: { 'respond.gaming.strength': 0 } });
    const [with_, without] = await Promise.all([rest(touched.at), rest(left.at)]);
    expect(actual(with_).slice(0, 10)).toEqual(actual(without).slice(0, 10));
    // People take a few steps to stop, and the first retraining, on what they showed before, is deployed at step 20.
    const mean = (trace: TraceRecord[]) =>
      actual(trace)
        .slice(13, 20)
        .reduce<number>((sum, a) => sum + (a ?? 0), 0) / 7;
    expect(mean(with_)).toBeGreaterThan(mean(without) + 0.03);
    // The twin has no gaming: nothing changes for it.
    expect(actual(with_, 'feedback')).toEqual(actual(without, 'feedback'));
  });

  it('is the run that the library replays, to the hash', async () => {
    const { at, id } = await paused();
    await control(at, { do: 'set', set: { 'respond.gaming.strength': 8 } });
    await control(at, { do: 'set', set: { 'drift.recession.from': 12, 'collect.selective labels.delay': 1 } });
    // Without a reader a run stands still.
    const reading = records(`${at}/events`);
    await control(at, { do: 'step', steps: 3 });
    await expect.poll(async () => (await (await fetch(at)).json()).status).toMatchObject({ t: 13, state: 'paused' });
    await control(at, { do: 'retrain' });
    await control(at, { do: 'set', set: { 'respond.gaming.off': true } });
    await control(at, { do: 'resume' });
    const trace: TraceRecord[] = (await reading).map(({ data }) => JSON.parse(data));
    const { recipe } = served.app.runs.get(id) ?? {};
    expect(recipe?.interventions.map(({ at: step }) => step)).toEqual([10, 10, 13, 13]);

    const loaded = await loadScenario(`scenarios/${DEFAULT}.yaml`, { set: SET });
    const interventions = recipe?.interventions ?? [];
    const replay: TraceRecord[] = [];
    for await (const record of simulate(loaded, { interventions, twin: 'feedback' })) replay.push(record);
    expect(trace.slice(2)).toEqual(JSON.parse(JSON.stringify(replay.slice(2))));

    // The link that is shared carries them.
    const linked = await begin(served.address, { set: SET, speed: null, interventions });
    const again = (await records(`${linked.at}/events`)).map(({ data }) => JSON.parse(data));
    expect(again.filter(({ type }) => type === 'end')).toEqual(trace.filter(({ type }) => type === 'end'));
  });

  it.each([
    ['a path that is not there', { 'respond.nobody.strength': 1 }],
    ['an unknown key', { 'respond.gaming.strenght': 1 }],
    ['a value of the wrong kind', { 'respond.gaming.strength': 'much' }],
    ['a value out of range', { 'respond.gaming.share': 2 }],
    ['a formula that is none', { 'drift.recession.becomes': 'income - system("rm")' }],
    ['a name that is not known', { 'drift.recession.becomes': 'wealth - 1' }],
  ])('is refused for %s, with a diagnostic', async (_, set) => {
    const { at, id } = await paused();
    const answer = await refused(await post(`${at}/control`, { do: 'set', set }));
    expect(answer).toMatchObject({ status: 400, diagnostics: [expect.objectContaining({ line: expect.any(Number) })] });
    expect(JSON.stringify(answer)).not.toContain(process.cwd());
    expect(served.app.runs.get(id)?.recipe.interventions).toEqual([]);
    await fetch(at, { method: 'DELETE' });
  });

  it.each([
    'population.size',
    'steps',
    'seed',
    'lab.size',
    'lab.holdout',
    'extends',
    'population.rows.file',
    'rows.file',
    'size',
    'state.new',
    'measure.new',
    'population.fields.new',
    'name',
    '__proto__.polluted',
    'constructor.prototype.polluted',
  ])('never sets %s', async (path) => {
    const { at, id } = await paused();
    const value = path === 'name' || path.includes('file') || path === 'extends' ? '/etc/passwd' : 50;
    const answer = await refused(await post(`${at}/control`, { do: 'set', set: { [path]: value } }));
    expect([path, answer.status]).toEqual([path, 400]);
    expect(answer.error).not.toBe('');
    expect(served.app.runs.get(id)?.recipe.interventions).toEqual([]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    await fetch(at, { method: 'DELETE' });
  });

  it('is refused whole where one of its values is wrong, and changes nothing', async () => {
    const [touched, left] = await Promise.all([paused(), paused()]);
    const set = { 'respond.gaming.strength': 10, 'respond.gaming.share': 7 };
    expect((await post(`${touched.at}/control`, { do: 'set', set })).status).toBe(400);
    expect(await rest(touched.at)).toEqual(await rest(left.at));
  });

  it.each([
    [{ do: 'retrain', models: ['scare'] }, 'score'],
    [{ do: 'retrain', models: [] }, 'models'],
    [{ do: 'set', set: {} }, 'set'],
    [{ do: 'set', set: { 'respond.gaming.strength': [1] } }, 'set'],
    [{ do: 'set', set: { 'respond.gaming.strength': null } }, 'set'],
    [{ do: 'speed', speed: 0 }, 'speed'],
    [{ do: 'step', steps: -1 }, 'steps'],
    [{ do: 'dance' }, 'pause'],
    [{}, 'pause'],
  ])('says what is wrong with %o', async (asked, word) => {
    const { at } = await begin(served.address, { until: 0 });
    const answer = await refused(await post(`${at}/control`, asked));
    expect(answer).toMatchObject({ status: 400, error: expect.stringContaining(word) });
    await fetch(at, { method: 'DELETE' });
  });

  it('comes too late when the run has ended', async () => {
    const { at } = await begin(served.address, { set: { ...SMALL, steps: 5 }, speed: null });
    await records(`${at}/events`);
    const answer = await refused(await post(`${at}/control`, { do: 'retrain' }));
    expect(answer).toMatchObject({ status: 409, error: expect.stringContaining('ended') });
  });

  it.each([
    ['a step that is not there', [{ at: 40, retrain: true }]],
    ['a value that cannot be', [{ at: 3, set: { 'respond.gaming.share': 2 } }]],
    ['a size', [{ at: 3, set: { 'population.size': 100_000_000 } }]],
    ['a model that is not there', [{ at: 3, retrain: ['nobody'] }]],
  ])('of a link is checked before the run begins: %s', async (_, interventions) => {
    const response = await post(`${served.address}/api/runs`, { scenario: DEFAULT, set: SET, interventions });
    expect((await refused(response)).status).toBe(400);
  });
});
