/** `POST /api/explain`: the same shares as the library's, with progress, and with limits. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExplainLine, ExplainRequest } from '../../src/server/protocol.js';
import { explain } from '../../src/study/explain/index.js';
import { type Served, serve } from '../support/browser.js';
import { EVERYTHING, parse } from '../support/scenario.js';

const FEW = `${EVERYTHING}\n`
  .replace('steps: 20', 'steps: 8')
  .replace(/^ {2}- \{ name: (noise|wrong labels).*\n/gm, '');

describe('POST /api/explain', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve({ limits: { allWork: 1e7 } });
  });
  afterAll(() => served.close());

  const ask = (request: ExplainRequest | object) =>
    fetch(`${served.address}/api/explain`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(request),
    });
  const lines = async (request: ExplainRequest): Promise<ExplainLine[]> => {
    const response = await ask(request);
    expect(response.status).toBe(200);
    return (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ExplainLine);
  };

  it('tells each run, then the shares that the library gives', async () => {
    const told = await lines({ text: FEW, seeds: 2, seed: 7, metric: 'logLoss' });
    const { total } = told[0] as Extract<ExplainLine, { type: 'run' }>;
    expect(total).toBe(2 * 16);
    expect(told.slice(0, -1)).toEqual(Array.from({ length: total }, (_, k) => ({ type: 'run', done: k + 1, total })));
    const expected = await explain(await parse(FEW), { seeds: 2, seed: 7, metric: 'logLoss' });
    expect(told.at(-1)).toEqual({ type: 'end', explanation: JSON.parse(JSON.stringify(expected)) });
  });

  it('explains a run with its hands', async () => {
    const interventions = [{ at: 2, set: { 'respond.gaming.strength': 0 } }];
    const shareOf = async (request: ExplainRequest) => {
      const end = (await lines({ text: FEW, seeds: 1, metric: 'costs', ...request })).at(-1);
      if (end?.type !== 'end') throw new Error('no end');
      return end.explanation.shares.find(({ mechanism }) => mechanism === 'respond.gaming')?.share;
    };
    expect(await shareOf({})).not.toBe(0);
    // From step 3 on people would game: without strength they do not.
    expect(await shareOf({ interventions })).toBe(0);
  });

  it('refuses what cannot be explained, in words', async () => {
    const refused = async (request: object, why: RegExp) => {
      const response = await ask(request);
      expect(response.status).toBe(400);
      expect(((await response.json()) as { error: string }).error).toMatch(why);
    };
    await refused({ text: FEW, metric: 'acuracy' }, /There is no `acuracy`; did you mean `accuracy`\?/);
    await refused({ text: FEW, off: ['drift', 'sense', 'respond', 'collect'] }, /no mechanism that is on/);
    await refused({ text: FEW, seeds: 50, set: { 'population.size': 20_000 } }, /more than this server takes/);
    await refused({ text: FEW, vantage: 'moon' }, /`vantage` is `lab`, `observed` or `actual`/);
  });

  it('tells where there is nothing to tell it by, after the runs', async () => {
    const text = FEW.replace('delay: 2', 'delay: 30').replace(/window: \{[^}]*\}/, 'window: all');
    const told = await lines({ text, vantage: 'observed', metric: 'accuracy', seeds: 1 });
    expect(told.at(-1)).toMatchObject({ type: 'failed', error: expect.stringContaining('has no value there') });
  });
});
