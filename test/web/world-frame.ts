/** Frames of the world, as small as a test needs them. */
import type { ViewFrame } from '../../src/loop/view.js';

export interface People {
  readonly decided: readonly number[];
  readonly outcome: readonly number[];
  readonly x?: readonly number[];
  readonly y?: readonly number[];
  readonly weight?: readonly number[];
  readonly amount?: readonly number[];
  readonly prediction?: readonly number[];
}

export const floats = (values: readonly number[]): string =>
  Buffer.from(new Uint8Array(Float32Array.from(values).buffer)).toString('base64');

/** People over two fields, both from 0 to 10, at step 3. */
export function viewFrame({ decided, outcome, ...more }: People, change: Partial<ViewFrame> = {}): ViewFrame {
  const n = decided.length;
  const { amount, weight } = more;
  const { prediction = decided, x = decided.map((_, k) => k), y = decided.map(() => 5) } = more;
  return {
    t: 3,
    x: 'income',
    y: 'debt',
    people: n,
    individuals: n,
    domain: { x: [0, 10], y: [0, 10] },
    columns: {
      x: floats(x),
      y: floats(y),
      shownX: null,
      shownY: null,
      outcome: floats(outcome),
      prediction: floats(prediction),
      weight: weight === undefined ? null : floats(weight),
      amount: amount === undefined ? null : floats(amount),
      flags: Buffer.from(Uint8Array.from(decided)).toString('base64'),
    },
    model: null,
    version: 0,
    binary: true,
    ...change,
  };
}
