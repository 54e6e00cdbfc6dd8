/**
 * Which points are on the front when less is better on both axes: those for which no other is as good in both and better
 * in one. Points that are alike are on it together.
 *
 * Source: Pareto (1906), "Manuale di economia politica"; the definition of Deb (2001), "Multi-Objective Optimization
 * using Evolutionary Algorithms", section 2.4.
 */
export function paretoFront(points: readonly { readonly x: number; readonly y: number }[]): boolean[] {
  return points.map((point) => !points.some((other) => dominates(other, point)));
}

const dominates = (a: { x: number; y: number }, b: { x: number; y: number }): boolean =>
  a.x <= b.x && a.y <= b.y && (a.x < b.x || a.y < b.y);
