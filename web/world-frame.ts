/** A frame of the world as columns of numbers. */
import type { ViewFrame } from '../src/loop/view.js';

export interface DecodedFrame {
  readonly frame: ViewFrame;
  readonly n: number;
  /** What is true. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** What people present: the true columns themselves where nobody presents anything else. */
  readonly shownX: Float32Array;
  readonly shownY: Float32Array;
  readonly outcome: Float32Array;
  readonly prediction: Float32Array;
  /** For how much each counts; null where all count the same. */
  readonly weight: Float32Array | null;
  /** What is decided, where that is an amount and no yes or no. */
  readonly amount: Float32Array | null;
  /** The decision; where there is none, or it is an amount, the model's answer. */
  readonly decided: Uint8Array;
  /** 1 for who is not who stood at this place in the frame before. */
  readonly entered: Uint8Array;
  readonly recorded: Uint8Array;
  /** Predictions of the model's picture. */
  readonly model: Float32Array | null;
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const letters = atob(text);
  const out = new Uint8Array(letters.length);
  for (let i = 0; i < out.length; i++) out[i] = letters.charCodeAt(i);
  return out;
}

/** Browsers run on little-endian machines, as the columns are. */
const floats = (text: string): Float32Array => new Float32Array(bytes(text).buffer);

export function decode(frame: ViewFrame): DecodedFrame {
  const { columns, model, people: n } = frame;
  const x = floats(columns.x);
  const y = floats(columns.y);
  const flags = bytes(columns.flags);
  const optional = (text: string | null) => (text === null ? null : floats(text));
  const bit = (mask: number) => flags.map((flag) => ((flag & mask) === 0 ? 0 : 1));
  return {
    frame,
    n,
    x,
    y,
    shownX: optional(columns.shownX) ?? x,
    shownY: optional(columns.shownY) ?? y,
    outcome: floats(columns.outcome),
    prediction: floats(columns.prediction),
    weight: optional(columns.weight),
    amount: optional(columns.amount),
    decided: bit(1),
    entered: bit(2),
    recorded: bit(4),
    model: model === null ? null : floats(model.values),
  };
}
