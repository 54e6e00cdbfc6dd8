/** What a hostile client sends: each is refused in words, costs nobody else anything, and the server goes on. */
import { open } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createApp } from '../../src/server/app.js';
import { LIMITS } from '../../src/server/limits.js';
import { listen } from '../../src/server/listen.js';
import { Broken, Thread } from '../../src/server/thread.js';
import { type Served, serve } from '../support/browser.js';
import { begin, DEFAULT, post, records, refused, SMALL, untilState } from '../support/stream.js';

describe('a hostile client', () => {
  let served: Served;
  const complaints: unknown[] = [];
  beforeAll(async () => {
    served = await serve({ report: (error) => complaints.push(error) });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    expect(complaints.splice(0)).toEqual([]);
  });
  afterAll(() => served.close());

  /** What comes back for bytes that no client would send; the connection is closed after a while. */
  const raw = (text: string): Promise<string> =>
    new Promise((resolve) => {
      let answer = '';
      const socket = connect(Number(new URL(served.address).port), '127.0.0.1');
      socket.setTimeout(500, () => socket.destroy());
      socket.on('data', (bytes) => {
        answer += bytes;
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(answer));
      socket.write(text);
    });
  const HOST = 'Host: localhost\r\n';

  it.each([
    ['headers without end', `GET / HTTP/1.1\r\n${HOST}X: ${'a'.repeat(40_000)}\r\n\r\n`, 431],
    ['no host', 'GET /api/scenarios HTTP/1.1\r\n\r\n', 400],
    [
      'two lengths',
      `POST /api/runs HTTP/1.1\r\n${HOST}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    ['a path that climbs', `GET /api/runs/..%2f..%2fx HTTP/1.1\r\n${HOST}\r\n`, 404],
    ['a name that every object has', `GET /api/runs/__proto__ HTTP/1.1\r\n${HOST}\r\n`, 404],
    ['an id without end', `GET /api/runs/${'a'.repeat(9000)} HTTP/1.1\r\n${HOST}\r\n`, 404],
    ['a run of nobody to be deleted', `DELETE /api/runs/0 HTTP/1.1\r\n${HOST}\r\n`, 404],
  ])('sends %s', async (_, text, status) => {
    expect(await raw(text)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it('is answered in turn where it does not wait', async () => {
    const answers = await raw(`GET /nothing HTTP/1.1\r\n${HOST}\r\n`.repeat(20));
    expect(answers.match(/HTTP\/1.1 404/g)).toHaveLength(20);
  });

  const nested = (n: number) => `${'['.repeat(n)}${']'.repeat(n)}`;
  it.each<[string, string | Uint8Array<ArrayBuffer>, number, Record<string, string>?]>([
    ['a key that every object has', `{"scenario":"${DEFAULT}","__proto__":{"x":1}}`, 400],
    ['a path of one', `{"scenario":"${DEFAULT}","set":{"constructor.prototype.x":1}}`, 400],
    ['a key twice, of which the last counts', `{"scenario":"${DEFAULT}","scenario":"no"}`, 404],
    ['a deep request', `{"scenario":"${DEFAULT}","view":${nested(1e5)}}`, 400],
    ['bytes that are no text', Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d), 400],
    ['nothing', 'null', 400],
    ['no character set', '{}', 415, { 'Content-Type': 'application/json; charset=no' }],
    ['no gzip', '{}', 400, { 'Content-Encoding': 'gzip' }],
  ])('posts %s', async (_, body, status, headers = {}) => {
    const answer = await fetch(`${served.address}/api/runs`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body,
    });
    expect(await refused(answer)).toMatchObject({ status, error: expect.stringMatching(/\.$/) });
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it.each(['-2', '1.5', '1e3', '0x1', 'NaN', '99', '999999999999999', ''])(
    'asks for what comes after %j',
    async (id) => {
      const { at } = await begin(served.address, { until: 0 });
      const answer = await fetch(`${at}/events`, { headers: { 'Last-Event-ID': id } });
      expect(await refused(answer)).toMatchObject({ status: 400, error: expect.stringContaining('-1 to 1') });
      expect((await fetch(at, { method: 'DELETE' })).status).toBe(204);
    },
  );

  it('who asks for the head of a stream moves nothing', async () => {
    const { at } = await begin(served.address, { speed: null });
    const answer = await fetch(`${at}/events`, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringContaining('event-stream')]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await (await fetch(at)).json()).status.t).toBeLessThanOrEqual(1);
    expect((await fetch(at, { method: 'DELETE' })).status).toBe(204);
  });

  it('a name with line ends gets no header of its own', async () => {
    const text = `name: "a\\r\\nX-Evil: 1 ${'n'.repeat(90)}"
steps: 2
population: { size: 20, fields: { x: "normal(0, 1)" } }
outcome: { field: y, value: x }
lab: { size: 50 }
models: { m: { learner: mean } }`;
    const { at } = await begin(served.address, { text, speed: null });
    await records(`${at}/events`);
    const { headers } = await fetch(`${at}/trace.csv`);
    expect(headers.get('x-evil')).toBeNull();
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="a-x-evil-1-n{40,}-seed-\d+\.csv"$/);
  });

  it('fills no more than the places there are, all at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 2 * LIMITS.runs }, () =>
        post(`${served.address}/api/runs`, { scenario: DEFAULT, set: SMALL }),
      ),
    );
    const made = answers.filter(({ status }) => status === 201);
    // Those of the tests before are still there.
    expect(made.length).toBeGreaterThan(LIMITS.runs - 4);
    expect(made.length).toBeLessThanOrEqual(LIMITS.runs);
    expect(answers.filter(({ status }) => status === 503)).toHaveLength(answers.length - made.length);
    for (const answer of made) await fetch(`${served.address}${answer.headers.get('location')}`, { method: 'DELETE' });
  });

  it('a disk that is full ends the run that needs it, in words that help', async () => {
    const { at } = await begin(served.address, { until: 0 });
    const file = await open('package.json');
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    vi.spyOn(Object.getPrototypeOf(file), 'write').mockRejectedValue(full);
    await file.close();
    await post(`${at}/control`, { do: 'resume' });
    expect((await untilState(`${at}/events`, 'failed')).error).toContain('no room left on the disk');
    const other = await post(`${served.address}/api/runs`, { scenario: DEFAULT, set: SMALL });
    expect(await refused(other)).toMatchObject({
      status: 400,
      error: expect.stringContaining('no room left on the disk'),
    });
    vi.restoreAllMocks();
    await begin(served.address);
    expect(complaints.splice(0).map(String)).toEqual(Array(2).fill(expect.stringContaining('no space left')));
  });
});

describe('connections', () => {
  it('that say nothing are closed, and more than there is room for are not taken', async () => {
    const app = createApp();
    const { port, server } = await listen(app.express, '127.0.0.1', 0);
    const sockets: Socket[] = [];
    try {
      expect(server.headersTimeout).toBeLessThanOrEqual(10_000);
      expect(server.requestTimeout).toBeLessThanOrEqual(30_000);
      expect(server.maxConnections).toBeLessThan(10_000);
      server.maxConnections = 20;
      let closed = 0;
      for (let k = 0; k < 50; k++) {
        const socket = connect(port, '127.0.0.1');
        socket.on('error', () => {});
        socket.on('close', () => closed++);
        socket.resume();
        sockets.push(socket);
      }
      await expect.poll(() => closed).toBe(30);
      const open = sockets.find(({ destroyed }) => !destroyed);
      const answer = new Promise((resolve) => open?.once('data', (bytes) => resolve(String(bytes))));
      open?.write('GET /api/scenarios HTTP/1.1\r\nHost: localhost\r\n\r\n');
      expect(await answer).toMatch(/^HTTP\/1.1 200/);
    } finally {
      for (const socket of sockets) socket.destroy();
      server.close();
      await app.close();
    }
  });
});

describe('a thread that runs out of memory', () => {
  it('says so, and takes nothing with it', async () => {
    const [small, other] = [new Thread(4), new Thread()];
    const failure = await small.ask('warm', null, 60).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Broken);
    expect((failure as Broken).message).toMatch(/more memory than this server gives/);
    await small.gone;
    expect(await other.ask('warm', null, 60)).toBeNull();
    await other.end();
  });
});
