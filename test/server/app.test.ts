/** What is the same for every address: who may ask, what is never told, and how it ends. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/server/app.js';
import { listen } from '../../src/server/listen.js';
import { type Served, serve } from '../support/browser.js';
import { begin, post, records, refused } from '../support/stream.js';

describe('the server', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve();
  });
  afterAll(() => served.close());

  it('allows the page its own scripts and nothing else', async () => {
    const { headers } = await fetch(`${served.address}/`);
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it.each(['/api/secrets', '/nothing', '/..%2f..%2fpackage.json', '/%2e%2e/%2e%2e/package.json', '/%ff'])(
    'finds nothing at %s',
    async (path) => {
      const response = await fetch(`${served.address}${path}`);
      expect([400, 403, 404]).toContain(response.status);
      expect(await response.text()).not.toMatch(/at .*\.(ts|js):|devDependencies/);
    },
  );

  /** `fetch` does not let its caller say which host it calls. */
  const statusAs = (host: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const { port } = new URL(served.address);
      httpRequest({ host: '127.0.0.1', port, path: '/api/scenarios', headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });

  it.each(['localhost', 'localhost:3000', '127.0.0.1:1', '[::1]:3000'])('answers to %s', async (host) => {
    expect(await statusAs(host)).toBe(200);
  });

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:3000'])(
    'does not answer to "%s"',
    async (host) => {
      expect([400, 403]).toContain(await statusAs(host));
    },
  );

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'takes no form of another site: %s',
    async (type) => {
      const response = await post(`${served.address}/api/runs`, '{"scenario":"x"}', { 'Content-Type': type });
      expect(await refused(response)).toMatchObject({ status: 415, error: expect.stringContaining('JSON') });
    },
  );

  it.each([
    ['{', 400],
    ['[]', 400],
    ['"text"', 400],
    ['{}', 400],
  ])('refuses the body %s', async (body, status) => {
    expect((await post(`${served.address}/api/runs`, body)).status).toBe(status);
  });

  it('takes the next port where one is taken', async () => {
    const apps = [createApp(), createApp()];
    const first = await listen(apps[0].express, '127.0.0.1', 0);
    const second = await listen(apps[1].express, '127.0.0.1', first.port);
    expect(second.port).toBeGreaterThan(first.port);
    first.server.close();
    second.server.close();
    await Promise.all(apps.map((app) => app.close()));
  });
});

describe('the end of a server', () => {
  /** Other servers have folders beside it. */
  const folderOf = (id: string) =>
    readdirSync(tmpdir())
      .filter((name) => name.startsWith('driftloop-runs-'))
      .map((name) => join(tmpdir(), name))
      .find((folder) => existsSync(join(folder, `${id}.ndjson`)));

  it('leaves no folder, no file and no thread, in less than two seconds', async () => {
    const served = await serve();
    const runs = await Promise.all([1, 2, 3].map((seed) => begin(served.address, { seed, speed: 20 })));
    await Promise.all(runs.map(({ at }) => records(`${at}/events`, 5)));
    const own = folderOf(runs[0].id) ?? '';
    expect(readdirSync(own)).toHaveLength(3);
    expect(served.app.threads()).toBeGreaterThanOrEqual(3);
    const start = performance.now();
    await served.close();
    expect(performance.now() - start).toBeLessThan(2000);
    expect(existsSync(own)).toBe(false);
    expect(served.app.threads()).toBe(0);
  });
});

describe('driftloop serve', () => {
  it('ends on SIGTERM within two seconds, and leaves no folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'serve-'));
    const env = { ...process.env, TMPDIR: folder, NO_COLOR: '1' };
    const child = spawn('node', ['dist/cli/main.js', 'serve', '--port', '0'], { env });
    let told = '';
    child.stdout.on('data', (text) => {
      told += text;
    });
    await expect.poll(() => told, { timeout: 20_000 }).toContain('Ctrl+C');
    const address = /http:\/\/\S+?(?=\/\s)/.exec(told)?.[0] ?? '';
    const { at } = await begin(address, { speed: 20 });
    await records(`${at}/events`, 5);
    expect(readdirSync(folder)).toHaveLength(1);
    const start = performance.now();
    const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    expect(performance.now() - start).toBeLessThan(2000);
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});
