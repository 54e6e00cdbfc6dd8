/** By group (null: everybody is group 0), the weighted mean of a column over those of whom it is known; 0 without weight. */
export function groupMeans(
  values: Float64Array,
  groups: Float64Array | null,
  weights: Float64Array | null,
): ReadonlyMap<number, number> {
  const sums = new Map<number, { value: number; all: number }>();
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    const group = groups === null ? 0 : groups[i];
    const sum = sums.get(group) ?? { value: 0, all: 0 };
    const w = weights === null ? 1 : weights[i];
    sum.all += w;
    sum.value += w * values[i];
    sums.set(group, sum);
  }
  return new Map([...sums].map(([group, sum]) => [group, sum.all > 0 ? sum.value / sum.all : 0]));
}
