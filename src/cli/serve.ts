/** `driftloop serve`: a scenario in the browser. */
import { relative } from 'node:path';
import { DEFAULT_SCENARIO } from '../scenario/gallery.js';
import { loadScenario } from '../scenario/load.js';
import { createApp } from '../server/app.js';
import { listen } from '../server/listen.js';
import { errorInk, ink } from './ink.js';
import { print, UsageError } from './report.js';

export interface ServeFlags {
  readonly port?: number;
  readonly host: string;
  readonly data?: string;
}

const DEFAULT_PORT = 3000;

export async function serveVerb(file: string | undefined, { data, host, port }: ServeFlags): Promise<void> {
  const path = file ?? DEFAULT_SCENARIO;
  const wanted = port ?? portFromEnvironment(process.env.PORT);
  const loaded = await loadScenario(path, data === undefined ? {} : { data });
  const app = createApp(loaded, {
    report: (error) =>
      process.stderr.write(`${errorInk.red('error')}: ${error instanceof Error ? error.message : error}\n`),
  });
  const listening = await listen(app, host, wanted);
  const shown = host.includes(':') ? `[${host}]` : host;
  print(`${loaded.scenario.name} (${relative(process.cwd(), path)})`);
  if (wanted !== 0 && listening.port !== wanted) print(`Port ${wanted} is taken.`);
  print(`Open ${ink.cyan(`http://${shown}:${listening.port}/`)}   Ctrl+C ends it.`);
  const end = () => {
    listening.server.close();
    listening.server.closeAllConnections();
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
}

function portFromEnvironment(text: string | undefined): number {
  if (text === undefined || text === '') return DEFAULT_PORT;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65535)
    throw new UsageError(`PORT is ${text}; expected a whole number from 0 to 65535`);
  return value;
}
