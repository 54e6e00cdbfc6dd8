/** Parts stacked on each other at each step: what is positive upwards from zero, what is negative downwards. */

export interface Layer {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** A layer for each part, in their order; NaN where a part has no value. */
export function stacked(parts: readonly (readonly (number | null)[])[]): Layer[] {
  const steps = parts.reduce((n, { length }) => Math.max(n, length), 0);
  const [up, down] = [new Float64Array(steps), new Float64Array(steps)];
  return parts.map((part) => {
    const low = new Float64Array(steps).fill(Number.NaN);
    const high = new Float64Array(steps).fill(Number.NaN);
    for (let t = 0; t < steps; t++) {
      const value = part[t] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      const sum = value < 0 ? down : up;
      const next = sum[t] + value;
      low[t] = Math.min(sum[t], next);
      high[t] = Math.max(sum[t], next);
      sum[t] = next;
    }
    return { low, high };
  });
}
