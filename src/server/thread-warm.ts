/** A thread before its run: what a run will need is loaded and compiled, so that its first point comes at once. */
import { setImmediate } from 'node:timers/promises';
import { DEFAULT_SCENARIO } from '../scenario/gallery.js';
import { LIMITS } from './limits.js';
import { ThreadRun } from './thread-run.js';

const STEPS = 8;

/** Stops where `wanted` says that the thread is. */
export async function warm(wanted: () => boolean): Promise<null> {
  const { run } = await ThreadRun.load({
    recipe: {
      source: { kind: 'file', file: DEFAULT_SCENARIO },
      set: { 'respond.gaming.from': 1, 'retrain.when.every': 3 },
      off: [],
      seed: null,
      interventions: [],
      twin: true,
    },
    limits: LIMITS,
    view: {},
  });
  run.watch(true);
  for (let k = 0; k < STEPS && !wanted(); k++) {
    await run.pull(1, 1);
    run.frame();
    await setImmediate();
  }
  return null;
}
