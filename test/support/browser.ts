/** The browser that an npm package ships, and a server to look at. */
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';
import { type LoadedScenario, loadScenario } from '../../src/scenario/load.js';
import { type App, type AppOptions, createApp } from '../../src/server/app.js';
import { listen } from '../../src/server/listen.js';

/** Of the flags that the package is run with, those that make one process of it (a page that closes ends it). */
const NOT_HERE = new Set(['--single-process', '--no-zygote', '--in-process-gpu', '--disable-web-security']);

export const openBrowser = async (): Promise<Browser> =>
  playwright.launch({
    args: chromium.args.filter((flag) => !NOT_HERE.has(flag)),
    executablePath: await chromium.executablePath(),
    headless: true,
  });

export interface Served {
  readonly address: string;
  readonly app: App;
  close(): Promise<void>;
}

/** Serves the gallery on any free port. */
export async function serve(options: AppOptions = {}): Promise<Served> {
  const app = createApp(options);
  const { port, server } = await listen(app.express, '127.0.0.1', 0);
  return {
    address: `http://127.0.0.1:${port}`,
    app,
    async close() {
      server.closeAllConnections();
      await Promise.all([new Promise((resolve) => server.close(resolve)), app.close()]);
    },
  };
}

/** The default scenario with few individuals: its lines, at a fraction of the time. */
export const smallDefault = (set: Record<string, number> = {}): Promise<LoadedScenario> =>
  loadScenario('scenarios/feedback/strategic-credit.yaml', {
    set: { 'population.size': 500, 'lab.size': 1000, ...set },
  });
