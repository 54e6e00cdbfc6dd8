/**
 * The monitor of the worst slice: by the labels that have arrived, of the people as they were cut into slices when they were
 * served. Losses are summed up then, and told when their labels come.
 */
import type { Frame } from '../core/frame.js';
import { sliceWeights } from '../watch/slices.js';
import { type Loss, lossOf, worstSlice } from '../watch/worst-slice.js';
import type { Seen } from './monitor-values.js';
import type { Finding, Watcher } from './monitors.js';

interface Served {
  readonly due: number;
  readonly everybody: Loss | null;
  readonly slices: readonly { readonly name: string; readonly loss: Loss | null }[];
}

export class WorstSliceInService implements Watcher {
  private waiting: Served[] = [];

  constructor(private readonly model: string) {}

  startIn(): void {}
  trained(): void {}
  deployed(): void {}

  watch(seen: Seen): Finding {
    const { t } = seen.frame;
    const served = this.serve(seen);
    if (served !== null) this.waiting.push(served);
    const arrived = this.waiting.findLast(({ due }) => due <= t);
    this.waiting = this.waiting.filter(({ due }) => due > t);
    if (arrived === undefined || arrived.everybody === null) return { statistic: null, level: 'none' };
    const worst = worstSlice(arrived.everybody, arrived.slices, seen.drawn);
    const loss = arrived.slices.find(({ name }) => name === worst)?.loss;
    if (worst === null || !loss) return { statistic: 0, level: 'none' };
    return { statistic: loss.mean - arrived.everybody.mean, level: 'alarm', about: worst };
  }

  private serve({ delay, frame, models, slices }: Seen): Served | null {
    const model = models.find(({ name }) => name === this.model);
    if (model === undefined) return null;
    const { kind, target, threshold } = model.plan;
    const label = frame.column(`recorded.${target}`);
    const { recordedWeights } = model;
    const limit = kind === 'binary' ? threshold : null;
    const loss = (weights: Float64Array | null): Loss | null =>
      lossOf(label, frame.column(this.model), weights, frame.rows, limit);
    return {
      due: frame.t + delay,
      everybody: loss(recordedWeights ?? frame.weights),
      slices: slices.map((slice) => ({
        name: slice.name,
        loss: loss(within(frame, sliceWeights(frame, slice), recordedWeights)),
      })),
    };
  }
}

/** The weights of the recorded rows of a slice. */
function within(frame: Frame, slice: Float64Array, recorded: Float64Array | null): Float64Array {
  if (recorded === null) return slice;
  for (let i = 0; i < frame.rows; i++) if (slice[i] > 0) slice[i] = recorded[i];
  return slice;
}
