/** Long lines at the resolution of the screen: nothing that a pixel could show is lost, and no more is drawn. */

/** Fills `low` and `high` with the lowest and the highest value of the line in each column of pixels; NaN where it is not.
 *
 * Column c holds the steps from `from + c / count * (to - from)` to the next column's. Where the line passes from one column
 * to the next, both hold its value at the border, so that neighbours touch and a slope stays smooth.
 */
export function fillColumns(
  values: Float64Array,
  from: number,
  to: number,
  low: Float64Array,
  high: Float64Array,
): void {
  const count = low.length;
  low.fill(Number.NaN);
  high.fill(Number.NaN);
  const wide = count / Math.max(1e-12, to - from);
  const first = Math.max(0, Math.floor(from));
  const last = Math.min(values.length - 1, Math.ceil(to));
  let before = Number.NaN;
  let columnBefore = 0;
  for (let t = first; t <= last; t++) {
    const value = values[t];
    // False for NaN and for the infinities.
    if (!(value - value === 0)) {
      before = Number.NaN;
      continue;
    }
    const place = (t - from) * wide;
    const column = t === to ? count - 1 : Math.floor(place);
    if (!Number.isNaN(before)) {
      for (let c = Math.max(columnBefore, -1); c < column && c < count; c++) {
        const share = 1 - (place - (c + 1)) / wide;
        const border = before + (value - before) * share;
        include(low, high, c, border);
        include(low, high, c + 1, border);
      }
    }
    include(low, high, column, value);
    before = value;
    columnBefore = column;
  }
}

function include(low: Float64Array, high: Float64Array, column: number, value: number): void {
  if (column < 0 || column >= low.length) return;
  // Written so that NaN, which is nothing yet, gives way.
  if (!(low[column] <= value)) low[column] = value;
  if (!(high[column] >= value)) high[column] = value;
}

/** Of the columns, so many may be tall before the dashes of a line fall into clumps. */
const TALL = 0.25;

/**
 * Whether a line goes up and down within its columns of pixels, by more than `reach`, in many of them. Its dashes would be
 * blocks that stand beside each other, as if the line came and went: such a line is drawn whole.
 */
export function isNoise(low: Float64Array, high: Float64Array, reach: number): boolean {
  let columns = 0;
  let tall = 0;
  for (let c = 0; c < low.length; c++) {
    if (Number.isNaN(low[c])) continue;
    columns++;
    if (high[c] - low[c] > reach) tall++;
  }
  return tall > TALL * columns;
}

/**
 * Steps that draw the same line as all steps do at `count` columns of pixels: of each column the first, the lowest, the
 * highest and the last (M4: Jugel et al. 2014, VLDB 7(10)). A gap is kept as one step without a value.
 */
export function m4(values: Float64Array, from: number, to: number, count: number): number[] {
  const first = Math.max(0, Math.floor(from));
  const last = Math.min(values.length - 1, Math.ceil(to));
  const steps: number[] = [];
  if (last - first + 1 <= 4 * count) {
    for (let t = first; t <= last; t++) steps.push(t);
    return steps;
  }
  const wide = count / (to - from);
  const push = (t: number) => {
    if (steps.at(-1) !== t) steps.push(t);
  };
  for (let t = first; t <= last; ) {
    if (!Number.isFinite(values[t])) {
      push(t);
      while (t <= last && !Number.isFinite(values[t])) t++;
      continue;
    }
    const column = Math.floor((t - from) * wide);
    const start = t;
    let lowest = t;
    let highest = t;
    for (; t <= last && Number.isFinite(values[t]) && Math.floor((t - from) * wide) === column; t++) {
      if (values[t] < values[lowest]) lowest = t;
      if (values[t] > values[highest]) highest = t;
    }
    push(start);
    push(Math.min(lowest, highest));
    push(Math.max(lowest, highest));
    push(t - 1);
  }
  return steps;
}
