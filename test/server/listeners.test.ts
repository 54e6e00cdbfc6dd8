/** Slow, vanished and too many listeners: each costs its own run at most, and only for a while. */
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { AppOptions } from '../../src/server/app.js';
import { type Served, serve } from '../support/browser.js';
import { bulky } from '../support/bulky.js';
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

const BULKY = bulky(2000);

describe('listeners', () => {
  let served: Served;
  const sockets: Socket[] = [];
  const start = async (options: AppOptions = {}) => {
    served = await serve(options);
  };
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await served.close();
  });

  /** Asks for the events, and never reads them. */
  const neverReads = async (at: string): Promise<Socket> => {
    const { host, hostname, pathname, port } = new URL(`${at}/events`);
    const socket = connect({ host: hostname, port: Number(port) });
    sockets.push(socket);
    socket.on('error', () => {});
    await new Promise<void>((resolve) =>
      socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\n\r\n`, () => resolve()),
    );
    socket.pause();
    return socket;
  };
  const stepOf = async (at: string): Promise<number> => (await (await fetch(at)).json()).status.t;
  const listening = (id: string): number => served.app.runs.get(id)?.listening ?? -1;

  it('who never reads stops its own run within the window, is left after a while, and its run dropped', async () => {
    await start({ window: 100, patience: 2, grace: 1 });
    const { at, id } = await begin(served.address, { text: BULKY, speed: null, twin: false });
    const socket = await neverReads(at);
    let before = -1;
    await expect
      .poll(
        async () => {
          const t = await stepOf(at);
          const still = t === before;
          before = t;
          return still && t > 100;
        },
        { interval: 300, timeout: 10_000 },
      )
      .toBe(true);
    expect(before).toBeLessThan(2000);
    await expect.poll(() => listening(id), { timeout: 10_000 }).toBeLessThan(1);
    await expect.poll(async () => (await fetch(at)).status, { timeout: 5000 }).toBe(404);
    socket.destroy();
  });

  it('who never reads slows no other listener of the same run', async () => {
    await start({ window: 100 });
    const { at, id } = await begin(served.address, { text: BULKY, speed: null, twin: false, until: 0 });
    await neverReads(at);
    await expect.poll(() => listening(id)).toBe(1);
    await control(at, { do: 'resume' });
    const sent = await records(`${at}/events`);
    expect(sent.map((event) => event.id)).toEqual(sent.map((_, k) => k));
    expect(JSON.parse(sent.at(-1)?.data ?? '')).toMatchObject({ type: 'end', steps: 2000 });
  });

  it('a run that nobody listens to makes its first step, stands still, and is dropped', async () => {
    await start({ grace: 1 });
    const { at, id } = await begin(served.address, { speed: null });
    await expect.poll(() => stepOf(at)).toBe(1);
    await expect.poll(() => served.app.runs.get(id), { timeout: 4000 }).toBeUndefined();
    await expect.poll(() => served.app.threads()).toBeLessThanOrEqual(1);
  });

  it('a run whose listeners vanish is dropped after a while, and stays where one comes back in time', async () => {
    await start({ grace: 1 });
    const [left, kept] = await Promise.all([1, 2].map((seed) => begin(served.address, { seed, speed: 20 })));
    const first = await records(`${kept.at}/events`, 20);
    await records(`${left.at}/events`, 20);
    const back = events(`${kept.at}/events`, { 'Last-Event-ID': '19' });
    const { value } = await back.next();
    expect(value).toMatchObject({ event: 'status' });
    expect((await back.next()).value).toMatchObject({ id: first.length });
    await expect.poll(async () => (await fetch(left.at)).status, { timeout: 5000 }).toBe(404);
    expect((await fetch(kept.at)).status).toBe(200);
    await back.return(undefined);
  });

  it('a run that has ended is kept for a while, without its thread', async () => {
    await start({ keep: 2, grace: 0.5 });
    const { at } = await begin(served.address, { set: { ...SMALL, steps: 5 }, speed: null });
    await records(`${at}/events`);
    await expect.poll(() => served.app.threads()).toBeLessThanOrEqual(1);
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect((await records(`${at}/events`)).length).toBeGreaterThan(10);
    await expect.poll(async () => (await fetch(at)).status, { timeout: 5000 }).toBe(404);
  });

  it('who looks at the world may go on looking when the run has ended', async () => {
    await start();
    const { at } = await begin(served.address, { set: { ...SMALL, steps: 5 }, speed: null });
    const seen = events(`${at}/events?view=1`);
    for await (const { data, event } of { [Symbol.asyncIterator]: () => ({ next: () => seen.next() }) })
      if (event === 'status' && JSON.parse(data).state === 'ended') break;
    await control(at, { do: 'view', view: { x: 'lines' } });
    let last = '';
    while (last === '') {
      const { value } = await seen.next();
      if (value?.event === 'view' && JSON.parse(value.data).x === 'lines') last = value.data;
    }
    expect(JSON.parse(last)).toMatchObject({ t: 4, x: 'lines' });
    await seen.return(undefined);
    await expect.poll(async () => (await post(`${at}/control`, { do: 'view', view: {} })).status).toBe(409);
  });

  it('one run, one listener, one request too many is told to come back', async () => {
    await start({ limits: { runs: 2, listeners: 2 }, runsAMinute: 5, controlsAMinute: 3 });
    const first = await begin(served.address, { until: 5 });
    const second = await begin(served.address, { until: 0 });
    const request = () => post(`${served.address}/api/runs`, { scenario: DEFAULT, set: SMALL });
    const third = await request();
    expect(third.headers.get('retry-after')).toBe('5');
    expect(await refused(third)).toMatchObject({ status: 503, error: expect.stringContaining('2 runs') });

    const here = [first, second].map(({ at }) => events(`${at}/events`));
    await Promise.all(here.map((stream) => stream.next()));
    const one = await fetch(`${second.at}/events`);
    expect(one.headers.get('retry-after')).toBe('5');
    expect(await refused(one)).toMatchObject({ status: 503, error: expect.stringContaining('2 listeners') });
    for (const stream of here) await stream.return(undefined);
    await expect.poll(() => listening(first.id)).toBe(0);

    await control(first.at, { do: 'stop' });
    // A run that has ended makes room.
    expect((await request()).status).toBe(201);
    expect((await request()).status).toBe(503);
    const many = await request();
    expect(await refused(many)).toMatchObject({ status: 429, error: expect.stringContaining('5 runs a minute') });
    for (let k = 0; k < 2; k++) await control(second.at, { do: 'pause' });
    expect((await post(`${second.at}/control`, { do: 'pause' })).status).toBe(429);
  });

  it('a trace longer than is kept ends its run, in words that help', async () => {
    await start({ logBytes: 2_000_000 });
    const { at } = await begin(served.address, { text: BULKY, speed: null, twin: false });
    const { error } = await untilState(`${at}/events`, 'failed');
    expect(error).toMatch(/longer than this server keeps: try fewer/);
  });

  it('frames come only to those who look', async () => {
    await start();
    const { at } = await begin(served.address, { speed: 50 });
    const [plain, seen] = await Promise.all([
      (async () => {
        const kinds = new Set<string>();
        let count = 0;
        for await (const { event } of events(`${at}/events`)) {
          kinds.add(event);
          if (++count > 30) break;
        }
        return kinds;
      })(),
      frames(`${at}/events`, 3),
    ]);
    expect(plain.has('view')).toBe(false);
    expect(seen).toHaveLength(3);
  });
});
