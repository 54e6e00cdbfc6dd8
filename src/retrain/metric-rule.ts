/**
 * When a metric asks for a new version.
 *
 * - threshold: the value is at the limit or beyond it.
 * - quantile: it is beyond the `quantile` of the last `window` values (linear interpolation), on the bad side.
 * - average: it is at least `deviation` worse than the mean of the last `window` values; `relative`: that share of the mean.
 *
 * A value is compared first and remembered then. With nothing to compare it to, a quantile and an average ask at once: whoever
 * wants to be spared that begins with what the lab said.
 *
 * Source: the decision policies of Modyn (Böther et al. 2025, "Modyn: Data-Centric Machine Learning Pipeline Orchestration",
 * SIGMOD), static, dynamic quantile and rolling average threshold.
 */
import { quantileOf } from '../core/quantile.js';

export type MetricRule = { readonly worse: 'low' | 'high' } & (
  | { readonly kind: 'threshold'; readonly limit: number }
  | { readonly kind: 'quantile'; readonly quantile: number; readonly window: number }
  | { readonly kind: 'average'; readonly deviation: number; readonly relative: boolean; readonly window: number }
);

export class MetricHistory {
  private values: number[] = [];

  /** A value to be compared with, which is itself not judged. */
  remember(value: number, window = Number.POSITIVE_INFINITY): void {
    this.values.push(value);
    if (this.values.length > window) this.values.shift();
  }

  /** Whether the rule asks for a new version at this value. */
  asks(rule: MetricRule, value: number): boolean {
    // Of a metric of which low is bad, the negative: what is worse is then always higher.
    const sign = rule.worse === 'high' ? 1 : -1;
    if (rule.kind === 'threshold') return sign * value >= sign * rule.limit;
    const asked = this.values.length === 0 || isWorse(rule, this.values, sign, value);
    this.remember(value, rule.window);
    return asked;
  }
}

function isWorse(
  rule: Exclude<MetricRule, { kind: 'threshold' }>,
  values: readonly number[],
  sign: number,
  value: number,
): boolean {
  if (rule.kind === 'quantile') {
    const sorted = values.map((x) => sign * x).sort((a, b) => a - b);
    return sign * value > quantileOf(sorted, 1 - rule.quantile);
  }
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return sign * (value - mean) >= rule.deviation * (rule.relative ? Math.abs(mean) : 1);
}
