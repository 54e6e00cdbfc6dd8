/** The world alone on a page, under the policy of the server, and frames of the engine to feed it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { type ViewFrame, type ViewRequest, WorldView } from '../../src/loop/view.js';
import type { LoadedScenario } from '../../src/scenario/load.js';
import { runOf } from '../../src/scenario/simulate.js';
import type { WorldView as WorldPicture } from '../../web/world-view.js';

export interface WorldPage {
  readonly address: string;
  close(): Promise<void>;
}

/** What the page holds for the tests. */
export interface Held {
  view: WorldPicture;
  asked: [string, string][];
  picked: (number | null)[];
}

declare global {
  interface Window {
    held: Held;
  }
}

const HTML = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The world</title>
<link rel="stylesheet" href="tokens.css"><link rel="stylesheet" href="world.css"><link rel="stylesheet" href="page.css"></head>
<body><main><h1>The world</h1><div id="world"></div></main><script type="module" src="page.js"></script></body></html>`;
const PAGE =
  'body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif}main{max-width:760px;margin:auto;padding:16px}h1{font-size:1rem;margin:0 0 .5rem}';
const SCRIPT = `import { WorldView } from './world-view.js';
const held = { asked: [], picked: [] };
held.view = new WorldView(document.getElementById('world'), {
  onFields: (x, y) => held.asked.push([x, y]),
  onPerson: (row) => held.picked.push(row),
});
window.held = held;`;
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'";

export async function serveWorld(): Promise<WorldPage> {
  const folder = mkdtempSync(join(tmpdir(), 'driftloop-world-'));
  await build({
    configFile: false,
    root: 'web',
    publicDir: false,
    logLevel: 'error',
    build: {
      outDir: folder,
      lib: { entry: 'world-view.ts', formats: ['es'], fileName: () => 'world-view.js' },
      target: 'es2022',
    },
  });
  const files = new Map<string, [type: string, text: string]>([
    ['/', ['text/html', HTML]],
    ['/page.css', ['text/css', PAGE]],
    ['/tokens.css', ['text/css', readFileSync('web/tokens.css', 'utf8')]],
    ['/world.css', ['text/css', readFileSync('web/world.css', 'utf8')]],
    ['/page.js', ['text/javascript', SCRIPT]],
    ['/world-view.js', ['text/javascript', readFileSync(join(folder, 'world-view.js'), 'utf8')]],
    ['/favicon.ico', ['image/x-icon', '']],
  ]);
  rmSync(folder, { recursive: true });
  const server = createServer(({ url = '/' }, response) => {
    const [type, text] = files.get(url) ?? ['text/plain', 'there is no such file'];
    response.writeHead(files.has(url) ? 200 : 404, { 'Content-Type': type, 'Content-Security-Policy': POLICY });
    response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Opens the page with an empty world on it. */
export async function openWorld(page: Page, { address }: WorldPage): Promise<void> {
  await page.goto(address);
  await page.waitForFunction(() => window.held !== undefined);
}

/** The frames of a run's first steps. */
export function framesOf(loaded: LoadedScenario, steps: number, request: ViewRequest = {}): ViewFrame[] {
  const view = new WorldView(loaded.plan, request);
  const frames: ViewFrame[] = [];
  for (const record of runOf(loaded, { hash: false, look: (world) => frames.push(view.take(world)) }))
    if (record.type === 'step' && record.t === steps - 1) break;
  return frames;
}
