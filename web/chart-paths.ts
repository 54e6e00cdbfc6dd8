/** Lines and areas as the paths of an SVG, with no more corners than can be seen. */
import { fillColumns, isNoise, m4 } from './chart-decimate.js';
import type { Layout } from './chart-layout.js';
import { number } from './chart-shape.js';
import type { ChartSeries } from './chart-spec.js';
import { depth, type Stroke } from './chart-stroke.js';

/** What matters most last, on top. */
export const depthOrder = (series: readonly ChartSeries[]): ChartSeries[] =>
  [...series].sort((a, b) => depth(a.kind) - depth(b.kind));

/** What the shade of the gap lies between: the level that bracket and number are held against, and what is actual. */
export function gapEdges({ gap, spec }: Layout): Readonly<Record<'promised' | 'actual', Float64Array>> | null {
  const actual = spec.series.find(({ kind }) => kind === 'actual')?.values;
  if (gap === null || actual === undefined) return null;
  return { promised: new Float64Array(actual.length).fill(gap.lab), actual };
}

/** Steps a pixel, above which a line is what it does in each column of pixels. */
export const DENSE = 2.5;
/** How often its own width a line may rise in a column and still be dashed. */
export const DASH_REACH = 2;

/** The dashes of a line: none where they would fall into clumps. */
export function dashOf(values: Float64Array, { dash, width }: Stroke, layout: Layout): Stroke['dash'] {
  const { left, range, right, y } = layout;
  if (dash.length === 0 || range[1] - range[0] <= DENSE * (right - left)) return dash;
  const low = new Float64Array(Math.max(1, Math.round(right - left)));
  const high = new Float64Array(low.length);
  fillColumns(values, ...range, low, high);
  return isNoise(low, high, (DASH_REACH * width) / Math.abs(y(1) - y(0))) ? [] : dash;
}

export interface LinePieces {
  readonly line: string;
  /** Steps with no neighbour, which have no line. */
  readonly dots: readonly (readonly [number, number])[];
}

export function pieces({ left, range, right, x, y }: Layout) {
  const columns = Math.max(1, Math.round(right - left));
  const corner = (t: number, value: number): string => `${number(x(t))},${number(y(value))}`;
  return {
    line(values: Float64Array): LinePieces {
      const dots: [number, number][] = [];
      let line = '';
      let run: string[] = [];
      let at: [number, number] = [0, 0];
      const end = (): void => {
        if (run.length === 1) dots.push(at);
        else if (run.length > 1) line += `M${run.join('L')}`;
        run = [];
      };
      for (const t of m4(values, ...range, columns)) {
        if (Number.isFinite(values[t])) {
          at = [x(t), y(values[t])];
          run.push(corner(t, values[t]));
        } else end();
      }
      end();
      return { line, dots };
    },

    /** Between two lines, where both are; at most one corner a pixel. */
    area(low: Float64Array, high: Float64Array): string {
      const stride = Math.max(1, Math.floor((range[1] - range[0]) / columns));
      const last = Math.min(low.length, high.length, Math.ceil(range[1]) + 1);
      let path = '';
      let above: string[] = [];
      let below: string[] = [];
      const end = (): void => {
        if (above.length > 1) path += `M${above.join('L')}L${below.reverse().join('L')}Z`;
        above = [];
        below = [];
      };
      for (let t = Math.max(0, Math.floor(range[0])); t < last; t += stride) {
        if (Number.isFinite(low[t]) && Number.isFinite(high[t])) {
          above.push(corner(t, high[t]));
          below.push(corner(t, low[t]));
        } else end();
      }
      end();
      return path;
    },
  };
}
