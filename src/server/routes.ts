/** The addresses of runs: begin one, listen to it, put a hand on it, end it. */
import { json, type Request, type Response, Router } from 'express';
import type { Gallery } from './gallery.js';
import { atMost } from './guard.js';
import { Listener } from './listener.js';
import type { ControlAnswer, RunCreated, RunFacts, RunStatus } from './protocol.js';
import { Refused } from './refused.js';
import { askedSource, bodyOf, checked, control, runRequest } from './requests.js';
import type { Run } from './run.js';
import type { Runs } from './runs.js';

export interface RunRoutesOptions {
  readonly scenarioBytes: number;
  readonly listeners: number;
  readonly runsAMinute: number;
  readonly controlsAMinute: number;
  /** Seconds in which a listener must take what it is given. */
  readonly patience: number;
  readonly report: (error: unknown) => void;
}

export function runRoutes(runs: Runs, gallery: Gallery, options: RunRoutesOptions): Router {
  const router = Router();
  const find = (request: Request): Run => {
    const run = runs.get(String(request.params.id));
    if (run === undefined) throw new Refused('There is no such run: it may have been dropped.', undefined, 404);
    return run;
  };

  router.post(
    '/runs',
    atMost(options.runsAMinute, 'runs'),
    bodyOf(options.scenarioBytes),
    async (request, response) => {
      const asked = checked(runRequest, request.body);
      const { interventions, off, seed = null, set, speed, twin, until = null, view } = asked;
      const source = askedSource(asked, gallery, options.scenarioBytes);
      const recipe = { source, set, off, seed, interventions, twin };
      const run = await runs.begin({ recipe, view, speed, until });
      const created: RunCreated = { id: run.id, facts: run.facts };
      response.status(201).location(`/api/runs/${run.id}`).json(created);
    },
  );

  router.get('/runs/:id', (request, response) => {
    const { facts, id, status } = find(request);
    const known: { id: string; facts: RunFacts; status: RunStatus } = { id, facts, status };
    response.json(known);
  });

  router.get('/runs/:id/events', async (request, response) => {
    const run = find(request);
    const from = 1 + afterOf(request, run.length);
    const view = request.query.view === '1';
    // A browser that has everything comes back all the same, until it is told that there is no more.
    if (run.over && !view && from === run.length && request.get('Last-Event-ID') !== undefined) {
      response.status(204).end();
      return;
    }
    // Who asks for the head of a stream listens to nothing: a run must not go on for it.
    if (request.method === 'HEAD') {
      response.type('text/event-stream').end();
      return;
    }
    if (runs.listening >= options.listeners)
      throw new Refused(`${options.listeners} listeners are here already: come back later.`, undefined, 503);
    await listen(run, new Listener(run, response, { from, view, patience: options.patience }), options.report);
  });

  const controls = atMost(options.controlsAMinute, 'controls');
  router.post('/runs/:id/control', controls, json({ limit: 64 * 1024 }), async (request, response) => {
    const run = find(request);
    response.json(await act(run, checked(control, request.body)));
  });

  router.delete('/runs/:id', controls, async (request: Request, response: Response) => {
    await runs.drop(find(request).id);
    response.status(204).end();
  });
  return router;
}

async function act(run: Run, asked: ReturnType<typeof checked<typeof control>>): Promise<ControlAnswer> {
  switch (asked.do) {
    case 'pause':
      await run.control((driver) => driver.pause());
      break;
    case 'resume':
      await run.control((driver) => driver.resume());
      break;
    case 'step':
      await run.control((driver) => driver.step(asked.steps));
      break;
    case 'speed':
      await run.control((driver) => driver.restart(asked.speed));
      break;
    case 'stop':
      await run.control((driver) => driver.stop());
      break;
    case 'view':
      await run.view(asked.view);
      break;
    case 'set': {
      const intervention = await run.hand({ set: asked.set });
      return { ...run.status, intervention };
    }
    case 'retrain': {
      const intervention = await run.hand({ retrain: asked.models ?? true });
      return { ...run.status, intervention };
    }
  }
  return run.status;
}

async function listen(run: Run, listener: Listener, report: (error: unknown) => void): Promise<void> {
  try {
    await Promise.all([run.join(listener), listener.listen()]);
  } catch (error) {
    // The log goes with its run: who reads in it then is left.
    if (!run.gone) report(error);
    listener.leave();
  } finally {
    run.left(listener);
  }
}

/** The last record that a listener has; -1 where it has none. */
function afterOf(request: Request, length: number): number {
  const text = request.get('Last-Event-ID') ?? request.query.after ?? '-1';
  const after = typeof text === 'string' && /^(-1|\d{1,12})$/.test(text) ? Number(text) : Number.NaN;
  if (after < length) return after;
  throw new Refused(`\`after\` is the number of a record, from -1 to ${length - 1}.`);
}
