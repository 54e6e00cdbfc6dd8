/** How a line of each kind looks: colour, width and dash, the same on the screen and in a file. */
import { interpolateRgb, rgb } from 'd3';
import type { SeriesKind } from './chart-spec.js';
import type { Palette } from './palette.js';

export interface Stroke {
  readonly colour: string;
  /** Of text in this colour: the line's own, or nearer to the ink where a line may be fainter than text (3:1 and 4.5:1). */
  readonly text: string;
  readonly width: number;
  /** Lengths of line and space; empty is solid. */
  readonly dash: readonly number[];
}

/** The line in a band. */
export const medianOf = ({ colour, text }: Stroke): Stroke => ({ colour, text, width: 1.25, dash: [] });

/** Five patterns and eight colours part after 40 lines; neighbours differ in both. */
const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [12, 3, 3, 3], [4, 2]];

export function strokeOf(kind: SeriesKind, index: number, palette: Palette): Stroke {
  switch (kind) {
    case 'actual':
      return { colour: palette.actual, text: palette.actual, width: 3, dash: [] };
    case 'observed':
      return { colour: palette.observed, text: palette.observed, width: 2, dash: [6, 4] };
    case 'lab':
      return { colour: palette.lab, text: palette.lab, width: 2, dash: [] };
    case 'twin':
      // A ghost: mixed with the ground instead of transparent, so that joints of the line are not darker.
      return { colour: mix(palette.twin, palette.panel, 0.15), text: palette.quiet, width: 1.75, dash: [1.5, 3] };
    case 'theory':
      return { colour: palette.theory, text: palette.theory, width: 1.75, dash: [8, 4] };
    default: {
      const colour = palette.scale[index % palette.scale.length] ?? palette.ink;
      return { colour, text: mix(colour, palette.ink, 0.2), width: 1.75, dash: DASHES[index % DASHES.length] };
    }
  }
}

export const mix = (from: string, to: string, share: number): string => interpolateRgb(from, to)(share);

/** The colour, let through. */
export const faint = (colour: string, opacity: number): string => rgb(colour).copy({ opacity }).formatRgb();

/** The order of drawing: what matters most lies on top. */
const ORDER: readonly SeriesKind[] = ['twin', 'lab', 'slice', 'policy', 'observed', 'theory', 'actual'];
export const depth = (kind: SeriesKind): number => ORDER.indexOf(kind);
