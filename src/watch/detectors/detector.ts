/**
 * Detectors of change on a stream: they take one value after the other and say, after each, whether it changed.
 *
 * Level and statistic describe the state after the update. A detector that raised an alarm starts afresh with the next
 * value: all it knew is cleared then, so the statistic at the alarm can still be read (ADWIN may keep its tail instead).
 * What it estimates afresh is the new regime: it stays silent if the model is not replaced.
 */
export type Level = 'none' | 'warning' | 'alarm';

/** Which changes count: of both directions, up (an error that grows), or down (a score that falls). */
export type Mode = 'both' | 'up' | 'down';

export interface Detector {
  /** Takes one value; a missing one (NaN) changes nothing. */
  update(x: number): Level;
  /** What the detector compares with its threshold. Each names it; 0 before there is one. */
  readonly statistic: number;
  /** Forgets all. */
  reset(): void;
  /** A copy of all it knows: plain numbers, fit for JSON. */
  state(): DetectorState;
  /** Goes on from a copy. */
  restore(state: DetectorState): void;
}

export type Memory = Record<string, number | number[]>;

export interface DetectorState {
  /** The last update raised an alarm: the next one starts afresh. */
  readonly spent: boolean;
  readonly memory: Memory;
}

/** What the files beside this one write. */
export interface Parts<M extends Memory> {
  /** The memory of a detector that has seen nothing. */
  readonly fresh: () => M;
  /** Takes a value into the memory. Allocates nothing. */
  readonly take: (memory: M, x: number) => Level;
  readonly statistic: (memory: M) => number;
  /** Whether an alarm clears the memory. */
  readonly resets?: boolean;
}

/** A detector from its parts. */
export function detector<M extends Memory>(parts: Parts<M>): Detector {
  return new OverMemory(parts);
}

class OverMemory<M extends Memory> implements Detector {
  private readonly parts: Parts<M>;
  private readonly resets: boolean;
  private memory: M;
  private spent = false;

  constructor(parts: Parts<M>) {
    this.parts = parts;
    this.resets = parts.resets ?? true;
    this.memory = parts.fresh();
  }

  update(x: number): Level {
    if (Number.isNaN(x)) return 'none';
    if (this.spent) this.reset();
    const level = this.parts.take(this.memory, x);
    if (level === 'alarm') this.spent = this.resets;
    return level;
  }

  get statistic(): number {
    return this.parts.statistic(this.memory);
  }

  reset(): void {
    this.memory = this.parts.fresh();
    this.spent = false;
  }

  state(): DetectorState {
    return { spent: this.spent, memory: structuredClone(this.memory) };
  }

  restore({ memory, spent }: DetectorState): void {
    this.memory = structuredClone(memory) as M;
    this.spent = spent;
  }
}

/** Alarm above one threshold, warning above a lower one. Strictly above. */
export function above(statistic: number, alarm: number, warning: number | null): Level {
  if (statistic > alarm) return 'alarm';
  return warning !== null && statistic > warning ? 'warning' : 'none';
}

/** The part of a two-sided statistic that a mode counts. */
export function inMode(mode: Mode, up: number, down: number): number {
  if (mode === 'up') return up;
  return mode === 'down' || down > up ? down : up;
}
