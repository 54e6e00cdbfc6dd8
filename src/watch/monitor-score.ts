/**
 * What a monitor was worth in a run, where it is known when something changed.
 *
 * Changes are spans of steps: those in which an alarm is true. Beside the monitor's own numbers stand those of one that never
 * alarms, of one that always does, and of one that alarms as often at random: only what is better than that is skill.
 */
import { chance, driftEvaluation } from './drift-evaluation.js';

export type Span = readonly [first: number, last: number];

export interface Worth {
  /** Share of the changes without a true alarm; null where nothing changed. */
  readonly missed: number | null;
  /** Mean steps from a change to its first alarm, over those that were caught; null where none was. */
  readonly delay: number | null;
  /** Alarms in 1,000 steps at which nothing had changed. */
  readonly falseAlarms: number;
}

export interface MonitorScore extends Worth {
  readonly changes: number;
  /** Steps with an alarm. */
  readonly alarms: number;
  /** Steps at which something had changed and no alarm had come yet. */
  readonly blind: number;
  readonly beside: { readonly never: Worth; readonly always: Worth; readonly random: Worth };
}

const known = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** @param alarms steps, ascending. @param spans in order, apart from each other. */
export function monitorScore(alarms: readonly number[], spans: readonly Span[], steps: number): MonitorScore {
  const found = driftEvaluation(alarms, spans, { steps, deltaMax: 0, unit: 1000 });
  const blind = spans.reduce(
    (sum, [first, last], k) => sum + (found.hits[k].length > 0 ? found.hits[k][0] - first : last + 1 - first),
    0,
  );
  const byChance = (rate: number): Worth => {
    const { caught, delay, falseAlarmRate } = chance(rate, spans, { steps, deltaMax: 0 });
    return { missed: known(1 - caught), delay: known(delay), falseAlarms: known(falseAlarmRate) ?? 0 };
  };
  return {
    changes: spans.length,
    alarms: alarms.length,
    missed: known(found.missed),
    delay: known(found.delay),
    falseAlarms: known(found.falseAlarmRate) ?? 0,
    blind,
    beside: { never: byChance(0), always: byChance(1), random: byChance(steps > 0 ? alarms.length / steps : 0) },
  };
}

/** Spans that touch or overlap as one, in order, within the run. */
export function merged(spans: readonly Span[], steps: number): Span[] {
  const out: Span[] = [];
  for (const [first, end] of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = Math.min(end, steps - 1);
    if (first > last) continue;
    const before = out[out.length - 1];
    if (before !== undefined && first <= before[1] + 1) out[out.length - 1] = [before[0], Math.max(before[1], last)];
    else out.push([first, last]);
  }
  return out;
}

/** From each change on, `within` steps, but not beyond the next one. */
export function windowsAfter(changes: readonly number[], within: number, steps: number): Span[] {
  const order = [...new Set(changes)].filter((t) => t < steps).sort((a, b) => a - b);
  return order.map((t, k) => [t, Math.min(t + within - 1, (order[k + 1] ?? steps) - 1, steps - 1)]);
}
