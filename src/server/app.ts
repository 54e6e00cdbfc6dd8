/** The server: the page, and the trace of one scenario as server-sent events. It only pulls records from `simulate()`. */
import { fileURLToPath } from 'node:url';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import type { LoadedScenario } from '../scenario/load.js';
import { simulate } from '../scenario/simulate.js';
import { sendEvents } from './events.js';

/** The page, as Vite builds it: the same place from `src/server` and from `dist/server`. */
const WEB = fileURLToPath(new URL('../../dist/web/', import.meta.url));

export interface AppOptions {
  /** Listeners at a time; one more is told to come back later. Default 16. */
  readonly listeners?: number;
  /** Told of what goes wrong; the listener only hears that something did. */
  readonly report?: (error: unknown) => void;
}

const DEFAULT_SPEED = 10;
const MOST_SPEED = 1000;

export function createApp(scenario: LoadedScenario, { listeners = 16, report = () => {} }: AppOptions = {}): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'"],
          imgSrc: ["'self'", 'data:'],
          connectSrc: ["'self'"],
          baseUri: ["'none'"],
          formAction: ["'none'"],
          frameAncestors: ["'none'"],
        },
      },
      // The page is served on loopback without TLS: a browser told to insist on it would find nothing.
      strictTransportSecurity: false,
    }),
  );

  let listening = 0;
  app.get('/api/events', async (request, response) => {
    const after = whole(request.get('Last-Event-ID') ?? request.query.after, -1, Number.MAX_SAFE_INTEGER);
    const speed = whole(request.query.speed, 1, MOST_SPEED, DEFAULT_SPEED);
    const seed = whole(request.query.seed, 0, Number.MAX_SAFE_INTEGER, scenario.scenario.seed);
    if (after === null || speed === null || seed === null) {
      const error = `\`after\` and \`seed\` are whole numbers, \`speed\` is one from 1 to ${MOST_SPEED}`;
      response.status(400).json({ error });
      return;
    }
    if (listening >= listeners) {
      response
        .status(503)
        .set('Retry-After', '5')
        .json({ error: `${listeners} listeners are here already` });
      return;
    }
    listening++;
    try {
      await sendEvents(simulate(scenario, { seed, twin: 'feedback' }), response, { after, speed });
    } catch (error) {
      report(error);
    } finally {
      listening--;
    }
  });
  app.use('/api', (_request, response) => {
    response.status(404).json({ error: 'there is nothing at this address' });
  });
  app.use(express.static(WEB, { fallthrough: true, index: 'index.html' }));
  app.use((_request, response) => {
    response.status(404).type('text').send('There is nothing at this address.\n');
  });
  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    report(error);
    if (response.headersSent) next(error);
    else response.status(statusOf(error)).json({ error: 'the request could not be answered' });
  });
  return app;
}

/** A malformed address is the caller's fault; everything else is ours. */
function statusOf(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : 500;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

/** A whole number from a request; `absent` where it is not given, null where it is none or out of range. */
function whole(text: unknown, least: number, most: number, absent = least): number | null {
  if (text === undefined || text === '') return absent;
  const value = typeof text === 'string' && /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : null;
}
