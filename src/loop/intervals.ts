/**
 * The intervals of a model in service: which rows are kept to calibrate them, what they look like at a step, and what is
 * learnt when labels arrive.
 */
import type { Frame } from '../core/frame.js';
import type { Stream } from '../core/random/index.js';
import {
  ConformalSpread,
  latestScores,
  nextAlpha,
  type Rows,
  residualScores,
  type Spread,
} from '../learn/uncertainty/index.js';
import type { Records } from './archive.js';
import { divide } from './divide.js';
import { type Beside, NOTHING_BESIDE } from './labelled.js';
import type { ModelPlan } from './plan.js';

/** Opens a stream by the name of what draws from it. */
export type Streams = (component: string) => Stream;

export class Intervals {
  /** The share of misses that the next intervals aim at; moves where the scenario has them adapt. */
  private alpha: number | null = null;
  /** What went with the intervals of this step. */
  current: Beside = NOTHING_BESIDE;

  constructor(private readonly name: string) {}

  /** The nominal coverage of the next intervals: 1 or more is the whole line, 0 or less the empty set. */
  level({ level, uncertainty }: ModelPlan): number {
    return uncertainty.gamma === null || this.alpha === null ? level : 1 - this.alpha;
  }

  /** alpha_t; null where intervals do not adapt. */
  alphaOf({ level, uncertainty }: ModelPlan): number | null {
    return uncertainty.gamma === null ? null : (this.alpha ?? 1 - level);
  }

  /** The scale and the likelihood ratio of everybody, where the scenario gives them as formulas. */
  beside({ uncertainty }: ModelPlan, frame: Frame): Beside {
    const { ratio, scale } = uncertainty;
    if (ratio === null && scale === null) return NOTHING_BESIDE;
    const column = (key: 'ratio' | 'scale') => {
      const formula = uncertainty[key];
      if (formula === null) return null;
      const out = frame.buffer(`${key}.${this.name}`);
      formula.evaluate(frame.environment(`models.${this.name}.${key}`), out);
      // What is missing or negative has no meaning here: nobody is likelier than nobody, and no error has a scale of 0.
      for (let i = 0; i < frame.rows; i++) if (!(out[i] > 0)) out[i] = key === 'ratio' ? 0 : Number.MIN_VALUE;
      return out;
    };
    return { scale: column('scale'), ratio: column('ratio') };
  }

  /** Writes the bounds of everybody into the frame's columns. */
  write(plan: ModelPlan, spread: Spread, frame: Frame, features: readonly Float64Array[]): void {
    const { name } = this;
    const lower = frame.buffer(`lower.${name}`);
    const upper = frame.buffer(`upper.${name}`);
    const sd = plan.uncertainty.method.own ? frame.buffer(`sd.${name}`) : null;
    const given = { n: frame.rows, features, prediction: frame.column(name), ...this.beside(plan, frame) };
    const points = spread instanceof ConformalSpread ? { ...given, scale: spread.scaleOf(given) } : given;
    this.current = { scale: points.scale, ratio: points.ratio };
    spread.bounds(points, this.level(plan), { lower, upper, sd });
    frame.columns.set(`${name}.lower`, lower);
    frame.columns.set(`${name}.upper`, upper);
    if (sd !== null) frame.columns.set(`${name}.sd`, sd);
  }

  /** Rows to learn from, and rows that are kept to calibrate: each row by a draw of its own. */
  split(
    { uncertainty }: ModelPlan,
    rows: readonly Rows[],
    stream: Streams,
  ): { learn: readonly Rows[]; calibration: readonly Rows[] } {
    const { calibrate } = uncertainty.method;
    if (calibrate === 0) return { learn: rows, calibration: [] };
    const { kept, rest } = divide(rows, calibrate, stream(`models.${this.name}.calibrate`));
    return { learn: rest, calibration: kept };
  }

  /** Labels have arrived: the spread of the version in service with their scores, and alpha_{t+1}. */
  arrive(
    plan: ModelPlan,
    spread: Spread,
    arrived: readonly Records[],
    version: number,
    coverage: number | null,
  ): Spread {
    const { gamma, recent } = plan.uncertainty;
    if (gamma === null || coverage === null) return spread;
    this.alpha = nextAlpha(this.alpha ?? 1 - plan.level, 1 - plan.level, gamma, 1 - coverage);
    if (recent === 0 || !(spread instanceof ConformalSpread)) return spread;
    let { scores } = spread;
    for (const { batch, prediction, version: own } of arrived) {
      if (own !== version) continue;
      scores = latestScores(scores, residualScores(batch, prediction, batch.scale), recent);
    }
    return spread.withScores(scores);
  }
}
