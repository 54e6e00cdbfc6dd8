/** Numbers and metrics in words, the same in table, charts and sentences. */

export interface MetricWords {
  /** `accuracy`, `error (RMSE)`. */
  readonly name: string;
  readonly better: 'higher' | 'lower';
  /** Of the vertical axis. */
  readonly unit: string;
  /** The same as an error, so that less is better: what the front is drawn over. */
  readonly error: string;
  errorOf(value: number): number;
}

/** The primary metric is accuracy for a binary target, and RMSE for a numeric one. */
export function metricWords(metric: string): MetricWords {
  if (metric === 'accuracy') {
    return {
      name: metric,
      better: 'higher',
      unit: 'share of predictions that are right',
      error: 'share of predictions that are wrong',
      errorOf: (value) => 1 - value,
    };
  }
  const name = metric === 'rmse' ? 'error (RMSE)' : metric;
  const unit = metric === 'rmse' ? `${name}, in units of the outcome` : name;
  return { name, better: 'lower', unit, error: name, errorOf: (value) => value };
}

const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const SMALL = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const MIDDLE = new Intl.NumberFormat('en', { minimumFractionDigits: 3, maximumFractionDigits: 3 });

/** 61,234 and 0.873; a true minus sign, which is as wide as a plus. */
export function figure(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  const format = size >= 100 ? WHOLE : size >= 0.1 && size < 1 ? MIDDLE : SMALL;
  return format.format(value).replace('-', '−');
}

export const count = (n: number, one: string, many = `${one}s`): string => `${figure(n)} ${n === 1 ? one : many}`;

/** 5 %, 0.4 %: never `0 %` for what is not nothing. */
export function percent(share: number): string {
  const value = Math.abs(share) * 100;
  return `${value >= 10 ? value.toFixed(0) : value.toPrecision(value >= 1 ? 2 : 1)} %`;
}
