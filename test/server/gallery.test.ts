/** The gallery: what can be run here, and what it looks like when it goes wrong. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gallery } from '../../src/server/protocol.js';
import { type Served, serve } from '../support/browser.js';
import { EVERYTHING } from '../support/scenario.js';
import { begin, DEFAULT, records } from '../support/stream.js';

const galleryOf = async ({ address }: Served): Promise<Gallery> => (await fetch(`${address}/api/scenarios`)).json();

describe('the gallery', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve();
  });
  afterAll(() => served.close());

  it('lists every scenario, the default one first, and the limits', async () => {
    const { limits, scenarios } = await galleryOf(served);
    expect(scenarios[0]).toMatchObject({ id: DEFAULT, lesson: 'feedback', steps: 120, first: true });
    expect(scenarios.filter(({ first }) => first)).toHaveLength(1);
    expect(scenarios.length).toBeGreaterThan(15);
    expect(new Set(scenarios.map(({ id }) => id)).size).toBe(scenarios.length);
    for (const { about, id, lesson, name, steps } of scenarios) {
      expect(id.startsWith(`${lesson}/`)).toBe(true);
      expect(name).not.toBe('');
      expect(about).not.toBe('');
      expect(steps).toBeGreaterThan(0);
    }
    expect(limits).toEqual({
      individuals: 200_000,
      steps: 20_000,
      work: 2e8,
      runs: 24,
      listeners: 256,
      scenarioBytes: 262_144,
    });
  });

  it('says of a scenario whose data are not here how to get them', async () => {
    const { scenarios } = await galleryOf(served);
    const credit = scenarios.find(({ id }) => id === 'published/performative-credit');
    expect(credit?.unavailable).toMatch(/is not here\. [A-Z]/);
  });

  it('draws a scenario in small, and keeps the picture', async () => {
    const get = async (id: string) => (await fetch(`${served.address}/api/scenarios/${id}/picture`)).json();
    const picture = await get(DEFAULT);
    expect(picture).toMatchObject({ metric: 'accuracy' });
    for (const vantage of ['lab', 'observed', 'actual']) expect(picture[vantage]).toHaveLength(60);
    const start = performance.now();
    expect(await get(DEFAULT)).toEqual(picture);
    expect(performance.now() - start).toBeLessThan(100);
    expect((await get('published/p1a-mean')).actual.length).toBeGreaterThan(1);
  });

  it('draws what the page of the scenario opens with', async () => {
    const get = async (id: string) => (await fetch(`${served.address}/api/scenarios/${id}/picture`)).json();
    const slice = await get('hidden-failures/rare-group');
    expect(slice).toMatchObject({ metric: 'rmse', slice: 'kind: rare', beside: [] });
    expect(Math.min(...slice.actual)).toBeGreaterThan(3 * Math.max(...slice.observed));
    const numbers = await get('hidden-failures/asymmetric-cost');
    expect(numbers).toMatchObject({ metric: 'measure.cost_by_the_forecast', slice: null, lab: [], observed: [] });
    expect(Math.max(...numbers.beside[0])).toBeLessThan(Math.max(...numbers.actual));
    const [first, second, ...more] = (await get('published/p8b-split-conformal')).actual;
    expect([second, more]).toEqual([first, []]);
  });

  it('runs what comes with it, also beyond the limits on what a stranger may ask', async () => {
    const strict = await serve({ limits: { individuals: 1000 } });
    const large = DEFAULT;
    const begun = await begin(strict.address, { scenario: large, until: 0 });
    expect(begun.facts.individuals).toBeGreaterThan(1000);
    const larger = { scenario: large, set: { 'population.size': 10 * begun.facts.individuals }, until: 0 };
    const refused = await fetch(`${strict.address}/api/runs`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(larger),
    });
    await strict.close();
    expect(refused.status).toBe(400);
  });

  it('has no picture of what cannot be run', async () => {
    const response = await fetch(`${served.address}/api/scenarios/published/performative-credit/picture`);
    expect(response.status).toBe(400);
    expect((await response.json()).error).not.toBe('');
  });
});

describe('a file that is served', () => {
  const folder = mkdtempSync(join(tmpdir(), 'served-'));
  let served: Served;
  beforeAll(async () => {
    const file = join(folder, 'mine.yaml');
    writeFileSync(file, EVERYTHING);
    served = await serve({ served: file });
  });
  afterAll(async () => {
    await served.close();
    rmSync(folder, { recursive: true });
  });

  it('comes first, and the gallery after it', async () => {
    const { scenarios } = await galleryOf(served);
    expect(scenarios[0]).toMatchObject({ id: 'served', name: 'everything', first: true });
    expect(scenarios.slice(1).map(({ id }) => id)).toContain(DEFAULT);
    expect(scenarios.filter(({ first }) => first)).toHaveLength(1);
  });

  it('runs, tells what was written, and has a picture', async () => {
    const { at, facts } = await begin(served.address, { scenario: 'served', speed: null });
    expect(facts).toMatchObject({ name: 'everything', file: EVERYTHING });
    expect((await records(`${at}/events`)).length).toBeGreaterThan(20);
    expect((await fetch(`${served.address}/api/scenarios/served/picture`)).status).toBe(200);
  });
});

describe('a file of the gallery that is served', () => {
  it('comes first under its own id, so that its links hold elsewhere', async () => {
    const served = await serve({ served: resolve('scenarios/shift/recession.yaml') });
    const { scenarios } = await galleryOf(served);
    expect(scenarios[0]).toMatchObject({ id: 'shift/recession', lesson: 'shift', first: true });
    expect(scenarios.filter(({ id }) => id === 'shift/recession')).toHaveLength(1);
    const { facts } = await begin(served.address, { scenario: 'served', set: { 'population.size': 50 }, until: 0 });
    expect(facts.name).toBe(scenarios[0].name);
    await served.close();
  });
});
