/** `driftloop serve`: the gallery in the browser, or a scenario of one's own before it. */
import { relative, resolve } from 'node:path';
import { loadScenario } from '../scenario/load.js';
import { createApp } from '../server/app.js';
import { listen } from '../server/listen.js';
import { errorInk, ink } from './ink.js';
import { print, UsageError } from './report.js';

export interface ServeFlags {
  readonly port?: number;
  readonly host: string;
  readonly data?: string;
  readonly json?: boolean;
}

const DEFAULT_PORT = 3000;

/** The server is given so long to end its runs. */
const LEAVE = 1500;

export async function serveVerb(file: string | undefined, { data, host, json, port }: ServeFlags): Promise<void> {
  const wanted = port ?? portFromEnvironment(process.env.PORT);
  const served = file === undefined ? undefined : resolve(file);
  // What is wrong with the file is told here, not only in the browser.
  const name = served === undefined ? null : (await loadScenario(served, dataOption(data))).scenario.name;
  const app = createApp({
    ...(served === undefined ? {} : { served }),
    ...dataOption(data),
    loopback: LOOPBACK.has(host),
    report: (error) =>
      process.stderr.write(`${errorInk.red('error')}: ${error instanceof Error ? error.message : error}\n`),
  });
  const listening = await listen(app.express, host, wanted);
  const shown = host.includes(':') ? `[${host}]` : host;
  const address = `http://${shown}:${listening.port}/`;
  if (json) print(JSON.stringify({ address, scenario: name }));
  else {
    print(name === null ? 'The gallery of scenarios' : `${name} (${relative(process.cwd(), served ?? '')})`);
    if (wanted !== 0 && listening.port !== wanted) print(`Port ${wanted} is taken.`);
    print(`Open ${ink.cyan(address)}   Ctrl+C ends it.`);
  }
  const end = () => {
    setTimeout(() => process.exit(), LEAVE).unref();
    listening.server.close();
    listening.server.closeAllConnections();
    void app.close();
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

const dataOption = (data: string | undefined): { data?: string } => (data === undefined ? {} : { data });

function portFromEnvironment(text: string | undefined): number {
  if (text === undefined || text === '') return DEFAULT_PORT;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65535)
    throw new UsageError(`PORT is ${text}; expected a whole number from 0 to 65535`);
  return value;
}
