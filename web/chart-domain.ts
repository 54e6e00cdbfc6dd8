/** The vertical axis: what the lines need, in round numbers, and calm while a run grows. */
import { ticks as d3ticks, tickStep } from 'd3';
import type { ChartSpec } from './chart-spec.js';

export type Domain = readonly [number, number];

/** The lowest and the highest finite value of what is drawn between two steps; null where there is none. */
export function extentOf(spec: ChartSpec, from: number, to: number): Domain | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const scan = (values: Float64Array): void => {
    const end = Math.min(values.length - 1, Math.ceil(to));
    for (let t = Math.max(0, Math.floor(from)); t <= end; t++) {
      const value = values[t];
      if (!(value - value === 0)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  };
  for (const { values } of spec.series) scan(values);
  for (const band of spec.bands ?? []) {
    scan(band.low);
    scan(band.high);
  }
  return low <= high ? [low, high] : null;
}

/** Round numbers that the room goes out to, over the axis. */
const STEPS = 10;
/** The least that an axis of shares spans, ten points, and any other in proportion to what its values are worth. */
const LEAST_SHARE = 0.1;
const LEAST = 0.02;

/**
 * Room above and below, out to round numbers; never past 0 or 1 where the values stay within them. An axis that fitted
 * whatever moves would show the noise of a level line as if it were the lesson.
 */
export function roundDomain([least, high]: Domain, scale?: ChartSpec['scale']): Domain {
  const low = scale === 'ratio' ? Math.min(0, least) : least;
  const floor = scale === 'share' ? LEAST_SHARE : Math.max(Math.abs(low), Math.abs(high)) * LEAST;
  const span = Math.max(high - low, floor, Number.MIN_VALUE * 1e20);
  const room = span * 0.08 + (span - (high - low)) / 2;
  const step = tickStep(low - room, high + room, STEPS);
  if (!(step > 0) || !Number.isFinite(step)) return [low / 2 - 1, high / 2 + 1];
  const bottom = Math.floor((low - room) / step) * step;
  const top = Math.ceil((high + room) / step) * step;
  return [
    low >= 0 && bottom < 0 ? 0 : clean(bottom, step),
    high <= 1 && low >= 0 && top > 1 && high - low > 1e-9 ? 1 : clean(top, step),
  ];
}

/** Keeps the domain for as long as the values fit: it grows in jumps, and never shrinks under a run. */
export function growDomain(now: Domain | null, need: Domain, scale?: ChartSpec['scale']): Domain {
  if (now === null) return roundDomain(need, scale);
  const fits = need[0] >= now[0] && need[1] <= now[1];
  if (fits) return now;
  // Where it has been outgrown once, it will be again: the jump is longer than the need.
  const ahead = (Math.max(now[1], need[1]) - Math.min(now[0], need[0])) * 0.15;
  const low = need[0] < now[0] ? Math.max(need[0] - ahead, need[0] >= 0 ? 0 : Number.NEGATIVE_INFINITY) : now[0];
  const high = need[1] > now[1] ? Math.min(need[1] + ahead, need[1] <= 1 ? 1 : Number.POSITIVE_INFINITY) : now[1];
  const [bottom, top] = roundDomain([low, high], scale);
  return [need[0] < now[0] ? bottom : now[0], need[1] > now[1] ? top : now[1]];
}

export interface Ticks {
  readonly at: readonly number[];
  readonly step: number;
}

export function ticksOf([low, high]: Domain, count: number): Ticks {
  return { at: d3ticks(low, high, count), step: Math.abs(tickStep(low, high, count)) };
}

const clean = (value: number, step: number): number => {
  const rounded = Number(value.toPrecision(12));
  return Math.abs(rounded) < step * 1e-9 ? 0 : rounded;
};
