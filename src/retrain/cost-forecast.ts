/**
 * What a retraining will cost, from what the last ones did: ridge regression of the cost on the number of rows.
 *
 *   slope = sum (x - mean x)(y - mean y) / (sum (x - mean x)^2 + strength),   intercept unpenalised
 *
 * Source: as in Modyn's cost triggers (ridge strength 1).
 *
 * @example costForecast([[100, 2.1], [200, 3.9]])(150)
 */
export function costForecast(
  observations: readonly (readonly [rows: number, cost: number])[],
  { strength = 1, window = Number.POSITIVE_INFINITY }: { readonly strength?: number; readonly window?: number } = {},
): (rows: number) => number {
  const last = observations.slice(Math.max(0, observations.length - window));
  const meanRows = last.reduce((sum, [rows]) => sum + rows, 0) / last.length;
  const meanCost = last.reduce((sum, [, cost]) => sum + cost, 0) / last.length;
  let cross = 0;
  let square = strength;
  for (const [rows, cost] of last) {
    cross += (rows - meanRows) * (cost - meanCost);
    square += (rows - meanRows) ** 2;
  }
  return (rows) => meanCost + (cross / square) * (rows - meanRows);
}
