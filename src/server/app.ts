/** The server: the page, the gallery, and runs that are listened to. */
import { fileURLToPath } from 'node:url';
import express, { type Express } from 'express';
import { compareRoutes } from './compare.js';
import { explainRoutes } from './explain.js';
import { exportRoutes } from './exports.js';
import { framesIn } from './frames.js';
import { Gallery, type GalleryOptions } from './gallery.js';
import { galleryRoutes } from './gallery-routes.js';
import { jsonOnly, ownName, policy } from './guard.js';
import { type CompareLimits, LIMITS } from './limits.js';
import { Pictures } from './pictures.js';
import type { Limits } from './protocol.js';
import { refusals } from './refusals.js';
import { Refused } from './refused.js';
import { runRoutes } from './routes.js';
import { Runs } from './runs.js';
import { seedsRoutes } from './seeds.js';
import { Threads } from './thread.js';

/** The page, as Vite builds it: the same place from `src/server` and from `dist/server`. */
const WEB = fileURLToPath(new URL('../../dist/web/', import.meta.url));

export interface AppOptions extends GalleryOptions {
  /** Whether only this machine can reach the server: it then answers to loopback's names only. Default true. */
  readonly loopback?: boolean;
  readonly limits?: Partial<Limits & CompareLimits>;
  /** Steps that a run may be ahead of the reader who is farthest. Default 256. */
  readonly window?: number;
  /** Seconds without a listener after which a run is dropped: one that goes on (default 60), one that is over (600). */
  readonly grace?: number;
  readonly keep?: number;
  /** Seconds in which a listener must take what it is given. Default 60. */
  readonly patience?: number;
  /** Seconds that a step may take (default 30), and the reading of a scenario (15). */
  readonly stepSeconds?: number;
  readonly loadSeconds?: number;
  /** Bytes of one run's trace. Default 256 MB. */
  readonly logBytes?: number;
  /** Requests a minute. Defaults 240 and 3,000. */
  readonly runsAMinute?: number;
  readonly controlsAMinute?: number;
  /** Told of what goes wrong; whoever asked only hears that something did. */
  readonly report?: (error: unknown) => void;
}

export interface App {
  readonly express: Express;
  readonly runs: Runs;
  /** Threads that are there, the spare one counted. */
  threads(): number;
  /** Ends every run and thread, and removes their files. */
  close(): Promise<void>;
}

export function createApp(options: AppOptions = {}): App {
  const { report = () => {} } = options;
  const limits = { ...LIMITS, ...options.limits };
  const threads = new Threads();
  const gallery = new Gallery(options);
  const pictures = new Pictures(threads, { limits, seconds: options.stepSeconds ?? 30 });
  const runs = new Runs(threads, {
    limits,
    window: options.window ?? 256,
    grace: options.grace ?? 60,
    keep: options.keep ?? 600,
    stepSeconds: options.stepSeconds ?? 30,
    loadSeconds: options.loadSeconds ?? 15,
    logBytes: options.logBytes ?? 256 * 1024 * 1024,
    report,
  });
  threads.warm();

  const app = express();
  app.disable('x-powered-by');
  app.use(policy());
  if (options.loopback !== false) app.use(ownName);
  app.use('/api', jsonOnly);
  app.use('/api', galleryRoutes(gallery, pictures, limits));
  app.use(
    '/api',
    runRoutes(runs, gallery, {
      scenarioBytes: limits.scenarioBytes,
      listeners: limits.listeners,
      runsAMinute: options.runsAMinute ?? 240,
      controlsAMinute: options.controlsAMinute ?? 3000,
      patience: options.patience ?? 60,
      report,
    }),
  );
  app.use('/api', exportRoutes(runs, framesIn(threads)));
  app.use('/api', compareRoutes(threads, gallery, { limits, scenarioBytes: limits.scenarioBytes, report }));
  app.use('/api', explainRoutes(threads, gallery, { limits, scenarioBytes: limits.scenarioBytes, report }));
  app.use('/api', seedsRoutes(threads, gallery, { limits, scenarioBytes: limits.scenarioBytes, report }));
  app.use('/api', (_request, _response, next) =>
    next(new Refused('There is nothing at this address.', undefined, 404)),
  );
  app.use(express.static(WEB, { fallthrough: true, index: 'index.html' }));
  app.use((_request, response) => {
    response.status(404).type('text').send('There is nothing at this address.\n');
  });
  app.use(refusals(report));
  return {
    express: app,
    runs,
    threads: () => threads.size,
    async close() {
      await runs.close();
      await threads.close();
    },
  };
}
