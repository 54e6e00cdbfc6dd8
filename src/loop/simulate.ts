/** One run: the twelve steps, and the trace that it leaves. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Plan } from './plan.js';
import type { EndRecord, Intervention, StepRecord, TraceRecord } from './trace.js';
import { World } from './world.js';

/** The version that a trace names. */
export const VERSION = '0.1.0';

export interface RunOptions {
  readonly seed: number;
  readonly replicate?: number;
  /**
   * Hands on the world. May grow while the run goes on: what is added for a step to come is applied there. Where they are
   * given, even if there are none yet, a model that never learns by itself keeps its records, since a hand may ask it to.
   */
  readonly interventions?: readonly Intervention[];
  /** The plan with other values at some paths; needed for interventions and schedules that set something. */
  readonly replan?: (set: Readonly<Record<string, number | string | boolean>>) => Plan;
  /** Ends the run before the next step. */
  readonly signal?: AbortSignal;
  /** The scenario as resolved, for the header. */
  readonly scenario?: unknown;
  /** Mechanisms that the plan has switched off, for the header. */
  readonly without?: readonly string[];
  /** The name that every record carries where this run is the twin of another. */
  readonly twin?: string;
  /** Called after each step, before its record is handed out: it may look at the world, and must leave it as it is. */
  readonly look?: (world: World) => void;
  /** Called in each step when it has been watched, and before anything is learnt from it: it must leave the world as it is. */
  readonly audit?: (world: World) => void;
  /** Whether to hash the trace. Default true; studies of many small runs do without. */
  readonly hash?: boolean;
  /**
   * What nobody reads and the run leaves out, where it takes long: the metrics `auc` and `logLoss` (null then), the means of
   * the `population`, single `slices` and the `worst` of them, single measures and theories (null then), monitors that no
   * model learns by, and all metrics of a model from a vantage point, such as `score.observed`, where nothing that acts
   * needs them. Nothing else comes out another way.
   */
  readonly left?: ReadonlySet<Left>;
}

export type Left =
  | 'auc'
  | 'logLoss'
  | 'population'
  | 'worst'
  | `${'slices' | 'measure' | 'theory' | 'monitor'}.${string}`
  | `${string}.${'lab' | 'observed' | 'actual'}`;

/**
 * Runs a plan. Whoever pulls sets the pace: pausing is not pulling.
 *
 * Record ids count from 0. The events of a step come before its record, so that who has a step's record has all of it.
 * The hash is SHA-256 over the lines of the trace (JSON, each ended by a newline) before `end`; the header counts without
 * its interventions, so that a run that was touched has the same hash as its replay (each is in the trace as an event).
 */
export function* run(plan: Plan, options: RunOptions): Generator<TraceRecord, void, undefined> {
  const { audit, interventions = [], look, replicate = 0, seed, twin } = options;
  const hash = options.hash === false ? null : new TraceHash();
  let id = 0;
  const numbered = <R extends { type: string }>(record: R): R & { id: number } => {
    const { type } = record;
    const own: object = record;
    const full = (twin === undefined ? { type, id: id++, ...own } : { type, id: id++, twin, ...own }) as R & {
      id: number;
    };
    hash?.take(type === 'header' ? { ...full, interventions: [] } : full);
    return full;
  };
  const events = function* (t: number): Generator<TraceRecord> {
    for (const happening of world.happened()) yield numbered({ type: 'event' as const, t, ...happening });
  };

  const touchable = options.interventions !== undefined || plan.schedule.length > 0;
  const world = new World(plan, seed, replicate, touchable, options.left);
  yield numbered({
    type: 'header' as const,
    version: VERSION,
    name: plan.name,
    steps: plan.steps,
    seed,
    replicate,
    primary: plan.primary,
    without: options.without ?? [],
    interventions: [...interventions],
    scenario: options.scenario ?? null,
  });
  world.trainInLab();
  yield* events(-1);

  const applied: Intervention[] = [];
  let t = 0;
  for (; t < plan.steps && !world.diverged && !options.signal?.aborted; t++) {
    for (const hand of due(t, plan.schedule, interventions)) {
      if (!plan.schedule.includes(hand)) applied.push(hand);
      if (hand.set !== undefined && options.replan !== undefined)
        world.change(options.replan(hand.set), movesWorld(hand.set));
      if (hand.retrain !== undefined) world.ask(hand.retrain);
      yield numbered({
        type: 'event' as const,
        t,
        kind: 'intervention' as const,
        name: Object.keys(hand.set ?? {}).join(', ') || 'retrain',
        message: describe(hand),
      });
    }
    const record = step(world, t, audit);
    look?.(world);
    yield* events(t);
    yield numbered(record) satisfies StepRecord;
  }
  const status: EndRecord['status'] = world.diverged ? 'diverged' : t < plan.steps ? 'stopped' : 'complete';
  yield {
    type: 'end',
    id: id++,
    ...(twin === undefined ? {} : { twin }),
    status,
    steps: t,
    interventions: applied,
    ...world.scores(t),
    hash: hash?.end() ?? '',
  };
}

/** Characters of lines that are hashed together: each turn into bytes costs as much as a small record. */
const HASHED_AT_ONCE = 16_384;

/** SHA-256 over lines of JSON. */
class TraceHash {
  private readonly digest = sha256.create();
  private lines = '';

  take(record: object): void {
    this.lines += `${JSON.stringify(record)}\n`;
    if (this.lines.length >= HASHED_AT_ONCE) this.flush();
  }

  /** In hexadecimal digits. */
  end(): string {
    this.flush();
    return bytesToHex(this.digest.digest());
  }

  private flush(): void {
    this.digest.update(utf8ToBytes(this.lines));
    this.lines = '';
  }
}

/** The twelve steps, in this order and no other. */
function step(world: World, t: number, audit: RunOptions['audit']): Omit<StepRecord, 'id' | 'twin'> {
  world.begin(t);
  world.deploy(t);
  world.renew(t === 0);
  world.drift();
  world.respondBefore();
  world.sense();
  world.predict();
  world.decide();
  world.outcome();
  world.respondAfter();
  world.collect();
  const record = world.watch();
  audit?.(world);
  world.retrain(t);
  return world.describeTraining(record);
}

/** Whether a hand moves the world, and not only how it is watched, learnt from, or paid for. */
const movesWorld = (set: Readonly<Record<string, unknown>>): boolean =>
  Object.keys(set).some(
    (path) => !/^(monitor|retrain|costs|slices|measure|theory|models\.[^.]+\.retrain)\b/.test(path),
  );

function due(t: number, schedule: readonly Intervention[], hands: readonly Intervention[]): readonly Intervention[] {
  if (schedule.length === 0 && hands.length === 0) return schedule;
  return [...schedule.filter(({ at }) => at === t), ...hands.filter(({ at }) => at === t)];
}

function describe(hand: Intervention): string {
  const set = Object.entries(hand.set ?? {}).map(([path, value]) => `${path} = ${value}`);
  const retrain =
    hand.retrain === undefined ? [] : [hand.retrain === true ? 'retrain now' : `retrain ${hand.retrain.join(', ')}`];
  return [...set, ...retrain].join('; ');
}
