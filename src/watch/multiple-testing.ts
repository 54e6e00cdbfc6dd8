/**
 * Correction for many tests at once.
 *
 *   Bonferroni: p < level / n.   Holm: in ascending order, while p(i) < level / (n - i + 1).
 *   Benjamini-Hochberg: all up to the largest i with p(i) < level i / n.
 *
 * Bonferroni and Holm hold the probability of any false alarm at the level, Holm finding at least as much; Benjamini-Hochberg
 * the share of false ones among the alarms. Comparisons are strict (textbooks allow equality). Missing p-values are not tests.
 *
 * Source: Holm (1979), Scandinavian Journal of Statistics 6; Benjamini and Hochberg (1995), JRSS B 57.
 *
 * @example correct('holm', [0.001, 0.02, 0.5], 0.05) // threshold 0.025, the first two rejected
 */
export type Correction = 'none' | 'bonferroni' | 'holm' | 'benjamini-hochberg';

export interface Corrected {
  /** Of each test: whether it alarms. */
  readonly rejected: readonly boolean[];
  /** The largest p-value that still may alarm is below it; null where none may. */
  readonly threshold: number | null;
}

export function correct(correction: Correction, pValues: readonly number[], level: number): Corrected {
  const order = pValues.map((_, k) => k).filter((k) => !Number.isNaN(pValues[k]));
  order.sort((a, b) => pValues[a] - pValues[b]);
  const n = order.length;
  const limit = (i: number): number => {
    if (correction === 'none') return level;
    if (correction === 'bonferroni') return level / n;
    return correction === 'holm' ? level / (n - i) : (level * (i + 1)) / n;
  };
  let count = 0;
  if (correction === 'benjamini-hochberg') {
    for (let i = 0; i < n; i++) if (pValues[order[i]] < limit(i)) count = i + 1;
  } else while (count < n && pValues[order[count]] < limit(count)) count++;
  const rejected = pValues.map(() => false);
  for (const k of order.slice(0, count)) rejected[k] = true;
  const fixed = correction === 'none' || correction === 'bonferroni';
  return { rejected, threshold: n > 0 && (fixed || count > 0) ? limit(Math.max(0, count - 1)) : null };
}
