/** What a time chart draws: the same for the page, for SVG and PNG, and for the file that stands alone. */

/** Decides colour, width and dash, the same in every chart; `slice` and `policy` take the colours of a scale. */
export type SeriesKind = 'lab' | 'observed' | 'actual' | 'twin' | 'theory' | 'slice' | 'policy';

export interface ChartSeries {
  /** Unique within the chart. */
  readonly key: string;
  readonly label: string;
  readonly kind: SeriesKind;
  /** A number of each step from 0; NaN where it does not exist. */
  readonly values: Float64Array;
  /** Place in the scale of colours, for `slice` and `policy`. */
  readonly index?: number;
}

/** Between two series, such as the 10 % and the 90 % quantile over seeds. */
export interface ChartBand {
  readonly label: string;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Drawn in it as a thin line of its colour. */
  readonly median?: Float64Array;
  readonly kind: SeriesKind;
  readonly index?: number;
  /** How much of its colour it has, up to 1. Default 0.16: a line is seen through it. */
  readonly opacity?: number;
}

/** Something that happened, drawn as a mark that explains itself when pointed at or focused. */
export interface ChartMark {
  readonly t: number;
  readonly kind: 'drift' | 'sense' | 'respond' | 'collect' | 'deploy' | 'hand' | 'note' | 'story';
  /** A few words, for where there is room. */
  readonly label: string;
  /** A sentence or two. */
  readonly text: string;
}

export interface ChartSpec {
  /** Also the chart's accessible name. */
  readonly title: string;
  /** Of the vertical axis: `share of predictions that are right`. */
  readonly unit: string;
  /** Length of the horizontal axis, whatever has come so far. */
  readonly steps: number;
  readonly series: readonly ChartSeries[];
  readonly bands?: readonly ChartBand[];
  /** What the bands are, with a piece of one: `median and 10-90 % of 20 seeds`. */
  readonly bandWords?: string;
  readonly marks?: readonly ChartMark[];
  /** Spans with a name, such as "before the first retraining". */
  readonly shades?: readonly { readonly from: number; readonly to: number; readonly label: string }[];
  /** The step that is looked at, shared by all charts; null is none. */
  readonly cursor: number | null;
  /**
   * Of the vertical axis: `ratio` begins at 0, as what is told as so many times must be read against it; `share` spans ten
   * points at least. Default: what the series need.
   */
  readonly scale?: 'ratio' | 'share';
  /** Fixes the vertical axis, so that small multiples can be compared. Default: what the series need. */
  readonly domain?: readonly [number, number];
  /** Without marks' words, end labels and axis titles: a small multiple. */
  readonly small?: boolean;
  /** Is the run being played? Then nobody is told each step: what is heard must be heard to its end. */
  readonly moving?: boolean;
  /** How the gap's number is written. Default: actual minus lab. */
  readonly gap?: (promised: number, actual: number) => string;
}

/** Bands of a median would be taken for the shade of the gap, which has their colour. */
export const hasGapShade = ({ bands = [] }: ChartSpec): boolean => bands.every(({ median }) => median === undefined);
