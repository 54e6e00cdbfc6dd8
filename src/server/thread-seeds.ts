/** A run with many seeds, in its own thread: loaded, then one run made each time that it is asked for a line. */
import { nearest } from '../core/nearest.js';
import type { LoadedScenario } from '../scenario/load.js';
import { openingOf } from '../scenario/opening.js';
import { seedRun } from '../study/jobs/seed.js';
import { expectedOwn } from '../study/judge.js';
import { type Band, bandsOf, overSeeds, type SeedTasks } from '../study/seeds.js';
import { namesOf, type Shown } from '../study/shown.js';
import { Hands, prepared } from './hands.js';
import { amount, individualsOf, withRoomFor } from './limits.js';
import type { SeedsJob } from './messages.js';
import type { SeedsBands, SeedsLine } from './protocol.js';
import { Pulled } from './pulled.js';
import { PulledLines } from './pulled-lines.js';
import { Refused } from './refused.js';
import { memoryLook } from './thread-memory.js';
import { read } from './thread-run.js';

/** Bands are told again when there are so many times the runs: what they cost grows with the runs, not with their square. */
const GROWTH = 1.25;

/** Throws a `Refused` or a `ScenarioError` where it cannot be had. */
export async function loadSeeds({
  interventions,
  limits,
  looked,
  off,
  seed,
  seeds,
  set,
  source,
}: SeedsJob): Promise<PulledLines<SeedsLine>> {
  const written = await read(source);
  const room = source.kind === 'file' ? withRoomFor(written, limits) : limits;
  const loaded = prepared(written, { off, set }, room);
  const hands = new Hands(loaded, interventions, room).interventions;
  const shown = shownAs(loaded, looked);
  weigh(loaded, shown, seeds, limits);
  const look = memoryLook();
  const executor = new Pulled<SeedTasks>({
    runOfSeed: async (asks) => seedRun(loaded, asks, { hash: false, interventions: [...hands], look }),
  });
  const lines = new PulledLines<SeedsLine>(executor);
  const { steps } = loaded.plan;
  lines.tell({ type: 'begin', shown, steps, seeds });
  let told = 0;
  const study = overSeeds(loaded, {
    asked: { file: loaded.file, set, off, data: null },
    shown,
    seeds,
    ...(seed === null ? {} : { seed }),
    judged: 'own',
    executor,
    come: (answers) => {
      const done = answers.length;
      const isDue = done >= GROWTH * told && done < seeds;
      if (isDue) told = done;
      const bands = isDue ? { bands: plain(bandsOf(answers, shown, steps)) } : {};
      lines.tell({ type: 'run', done, total: seeds, ...bands });
    },
  }).then(({ bands, drawn, expectations, final, runs, seeds: made }) =>
    lines.tell({
      type: 'end',
      seeds: made.length,
      firstSeed: made[0],
      drawn,
      shown,
      bands: plain(bands),
      final: Object.fromEntries([...bands.keys()].flatMap((name) => entry(name, final.get(name)))),
      expectations,
      unjudged: loaded.scenario.expect.length - expectedOwn(loaded).length,
      diverged: runs.filter(({ status }) => status === 'diverged').map((run) => run.seed),
    }),
  );
  return lines.follow(study);
}

const entry = <T>(name: string, value: T | undefined): [string, T][] => (value === undefined ? [] : [[name, value]]);

/** JSON knows no NaN, and says null. */
const plain = (bands: ReadonlyMap<string, Band>): SeedsBands =>
  Object.fromEntries(
    [...bands].map(([name, { high, low, median }]) => [
      name,
      { low: Array.from(low), median: Array.from(median), high: Array.from(high) },
    ]),
  );

/** Throws a `Refused` where the trace has no such number. */
function shownAs(loaded: LoadedScenario, looked: SeedsJob['looked']): Shown {
  const { plan, readers } = loaded;
  const opening = openingOf(loaded);
  const { metric = opening.metric, model = opening.model, slice = opening.slice, beside = opening.beside } = looked;
  const models = plan.models.map(({ name }) => name);
  if (!models.includes(model)) throw new Refused(`There is no model \`${model}\`${meant(model, models)}`);
  const shown = namesOf({ metric, model, slice, beside });
  const unknown = [shown.lab, shown.observed, shown.actual, ...shown.beside].find(
    (name) => name !== null && !readers.has(name),
  );
  if (unknown === undefined || unknown === null) return shown;
  const start = `${model}.actual.`;
  const metrics = [...readers.keys()].filter((name) => name.startsWith(start)).map((name) => name.slice(start.length));
  throw metrics.includes(metric)
    ? new Refused(`There is no \`${unknown}\`${meant(unknown, [...readers.keys()])}`)
    : new Refused(`There is no \`${metric}\`${meant(metric, [...metrics, ...readers.keys()])}`);
}

function meant(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near === null ? '.' : `; did you mean \`${near}\`?`;
}

/** Throws a `Refused` where all of it is more than the server takes. */
function weigh({ plan }: LoadedScenario, { beside }: Shown, seeds: number, limits: SeedsJob['limits']): void {
  const work = individualsOf(plan) * plan.steps * seeds;
  if (work > limits.allWork)
    throw new Refused(
      `${amount(work)} individuals times steps times seeds are more than this server takes: at most ${amount(limits.allWork)}.`,
    );
  const kept = (3 + beside.length) * plan.steps * seeds;
  if (kept > limits.cells)
    throw new Refused(
      `${amount(kept)} values of all steps and seeds are more than this server takes: at most ${amount(limits.cells)}.`,
    );
}
