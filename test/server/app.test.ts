import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoadedScenario } from '../../src/scenario/load.js';
import { simulate } from '../../src/scenario/simulate.js';
import { createApp } from '../../src/server/app.js';
import { listen } from '../../src/server/listen.js';
import { type Served, serve, smallDefault } from '../support/browser.js';

interface Sent {
  readonly id: number;
  readonly data: string;
}

/** The events of a stream, up to `most` of them. */
async function read(address: string, most = Number.POSITIVE_INFINITY, headers = {}): Promise<Sent[]> {
  const response = await fetch(address, { headers });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const sent: Sent[] = [];
  let text = '';
  for await (const bytes of response.body ?? []) {
    text += Buffer.from(bytes).toString();
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, id, data] = /^id: (\d+)\ndata: (.*)$/s.exec(block) ?? [];
      sent.push({ id: Number(id), data });
      // Leaving the loop cancels the stream.
      if (sent.length >= most) return sent;
    }
  }
  return sent;
}

describe('the server', () => {
  let scenario: LoadedScenario;
  let served: Served;
  beforeAll(async () => {
    scenario = await smallDefault({ steps: 30 });
    served = await serve(scenario, { listeners: 3 });
  });
  afterAll(() => served.close());

  it('streams the whole trace, the twin beside it, and numbers it', async () => {
    const sent = await read(`${served.address}/api/events?speed=1000`);
    const expected: string[] = [];
    for await (const record of simulate(scenario, { twin: 'feedback' })) expected.push(JSON.stringify(record));
    expect(sent.map(({ data }) => data)).toEqual(expected);
    expect(sent.map(({ id }) => id)).toEqual(expected.map((_, k) => k));
  });

  it('goes on after the last record that a listener has, without a gap or a repetition', async () => {
    const address = `${served.address}/api/events?speed=1000`;
    const whole = await read(address);
    const first = await read(address, 20);
    const rest = await read(address, undefined, { 'Last-Event-ID': `${first.at(-1)?.id}` });
    expect([...first, ...rest]).toEqual(whole);
    expect(await read(`${address}&after=${first.at(-1)?.id}`)).toEqual(rest);
  });

  it('takes another seed', async () => {
    const [header] = await read(`${served.address}/api/events?seed=7`, 1);
    expect(JSON.parse(header.data)).toMatchObject({ type: 'header', seed: 7 });
  });

  it.each(['speed=0', 'speed=fast', 'seed=-1', 'after=1e9', 'speed=1&speed=2'])('refuses %s', async (query) => {
    const response = await fetch(`${served.address}/api/events?${query}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toHaveProperty('error');
  });

  it('tells the listener who is one too many to come back, and takes it when another has gone', async () => {
    const leave = Array.from({ length: 3 }, () => new AbortController());
    const slow = `${served.address}/api/events?speed=1`;
    await Promise.all(leave.map(({ signal }) => fetch(slow, { signal })));
    const refused = await fetch(slow);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    for (const controller of leave) controller.abort();
    await expect.poll(async () => (await fetchStatus(slow)) as number, { timeout: 5000 }).toBe(200);
  });

  it('allows the page its own scripts and nothing else', async () => {
    const { headers } = await fetch(`${served.address}/`);
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it.each(['/api/secrets', '/nothing', '/..%2f..%2fpackage.json', '/%2e%2e/%2e%2e/package.json', '/%ff'])(
    'finds nothing at %s',
    async (path) => {
      const response = await fetch(`${served.address}${path}`);
      expect([400, 403, 404]).toContain(response.status);
      expect(await response.text()).not.toMatch(/at .*\.(ts|js):|devDependencies/);
    },
  );

  it('takes the next port where one is taken', async () => {
    const first = await listen(createApp(scenario), '127.0.0.1', 0);
    const second = await listen(createApp(scenario), '127.0.0.1', first.port);
    expect(second.port).toBeGreaterThan(first.port);
    first.server.close();
    second.server.close();
  });
});

/** The status of a stream, which is left at once. */
async function fetchStatus(address: string): Promise<number> {
  const leave = new AbortController();
  const { status } = await fetch(address, { signal: leave.signal });
  leave.abort();
  return status;
}
