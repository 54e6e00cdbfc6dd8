/** The world as it can be drawn: some of the population over two fields, and the model's line or boundary through it. */

/** What is to be drawn. Everything has a default: what the scenario is about. */
export interface ViewRequest {
  /** Fields of the axes; also the outcome, a model's name (its prediction), or `person` (the row, for want of a field). */
  readonly x?: string;
  readonly y?: string;
  /** Individuals shown at most, the first rows. Default 1,200; at most 5,000. */
  readonly people?: number;
}

/** One step of the world. Columns have one place for each person shown; NaN is missing. */
export interface ViewFrame {
  readonly t: number;
  readonly x: string;
  readonly y: string;
  readonly people: number;
  /** Of all individuals. */
  readonly individuals: number;
  /** What the axes should span: widens in jumps as the population moves, so that the picture does not swim. */
  readonly domain: { readonly x: readonly [number, number]; readonly y: readonly [number, number] };
  /** Little-endian columns in base64: float32 but for `flags`. */
  readonly columns: {
    /** What is true. */
    readonly x: string;
    readonly y: string;
    /** What people present; null where nobody presents anything but the truth. */
    readonly shownX: string | null;
    readonly shownY: string | null;
    readonly outcome: string;
    readonly prediction: string;
    /** Bytes: 1 the first decision (or, without one, a prediction above the threshold), 2 entered at this step, 4 recorded. */
    readonly flags: string;
  };
  /** The deployed version: predictions over a grid of x and y, or along x where y is what it predicts. */
  readonly model:
    | {
        readonly kind: 'boundary';
        readonly threshold: number;
        readonly width: number;
        readonly height: number;
        /** Row by row, from the lowest y up, over `domain`; the other features at their means in the lab. */
        readonly values: string;
      }
    | { readonly kind: 'line'; readonly values: string }
    | null;
  readonly version: number;
  /** Whether the outcome is yes or no. */
  readonly binary: boolean;
}
