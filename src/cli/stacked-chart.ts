/** Parts of a whole over the steps, stacked on each other in the terminal; what is negative hangs below the zero line. */
import { figure } from '../study/words.js';
import { framed, meanOf } from './chart.js';

export interface Layer {
  readonly values: readonly (number | null)[];
  readonly mark: string;
  readonly colour: (text: string) => string;
}

/** Each column is the mean of its steps; a cell shows the layer that its middle lies in, the first layer next to zero. */
export function stackedChart(layers: readonly Layer[], width: number, height: number): string[] {
  const steps = layers.reduce((n, { values }) => Math.max(n, values.length), 0);
  // The margin holds the longest number, about.
  const columns = Math.min(width - 13, steps);
  const at = Array.from({ length: columns }, (_, c) =>
    layers.map(({ values }) =>
      meanOf(values.slice(Math.floor((c * steps) / columns), Math.floor(((c + 1) * steps) / columns))),
    ),
  );
  const sums = (keep: (v: number) => boolean) =>
    at.map((parts) => parts.reduce<number>((sum, v) => (v !== null && keep(v) ? sum + v : sum), 0));
  const high = sums((v) => v > 0).reduce((a, b) => Math.max(a, b), 0);
  const low = sums((v) => v < 0).reduce((a, b) => Math.min(a, b), 0);
  if (columns === 0 || high === low) return ['  (nothing to draw)'];
  const above = high === 0 ? 0 : Math.max(1, Math.round((height * high) / (high - low)));
  const below = low === 0 ? 0 : Math.max(1, height - above);
  const cells = Array.from({ length: above + below }, () => new Array<string>(columns).fill(' '));
  at.forEach((parts, c) => {
    const draw = (row: number, middle: number, sign: 1 | -1) => {
      const k = layerAt(parts, middle, sign);
      if (k !== null) cells[row][c] = layers[k].colour(layers[k].mark);
    };
    for (let r = 0; r < above; r++) draw(above - 1 - r, ((r + 0.5) * high) / above, 1);
    for (let r = 0; r < below; r++) draw(above + r, ((r + 0.5) * -low) / below, -1);
  });
  const labels = new Map<number, string>([
    [0, above > 0 ? figure(high) : '0'],
    [above + below - 1, below > 0 ? figure(low) : '0'],
  ]);
  return framed(cells, labels, steps, below > 0 ? above : null);
}

/** The layer of this sign in which a height lies. */
function layerAt(parts: readonly (number | null)[], height: number, sign: 1 | -1): number | null {
  let sum = 0;
  for (const [k, part] of parts.entries()) {
    const size = sign * (part ?? 0);
    if (size <= 0) continue;
    sum += size;
    if (height < sum) return k;
  }
  return null;
}
