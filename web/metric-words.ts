/** Metrics in plain words, and which way is better. */

/** `zero`: the nearer to zero the better; `none`: neither way is. */
export type Better = 'higher' | 'lower' | 'zero' | 'none';

const METRICS: Readonly<Record<string, readonly [unit: string, better: Better]>> = {
  accuracy: ['share of decisions that are right', 'higher'],
  balancedAccuracy: ['share that is right, yes and no counting the same', 'higher'],
  auc: ['chance that a yes is scored above a no (AUC)', 'higher'],
  logLoss: ['surprise at what happens (log loss)', 'lower'],
  brier: ['squared error of probabilities (Brier score)', 'lower'],
  ece: ['typical error of probabilities (calibration error)', 'lower'],
  fpr: ['share of true noes that get a yes (false positives)', 'lower'],
  fnr: ['share of true yeses that get a no (false negatives)', 'lower'],
  selectionRate: ['share of people who get a yes', 'none'],
  baseRate: ['share of people whose outcome is a yes', 'none'],
  rmse: ['typical error (RMSE)', 'lower'],
  mae: ['mean error, whichever way (MAE)', 'lower'],
  r2: ['share of the variation that is explained (R²)', 'higher'],
  bias: ['mean of prediction minus truth (bias)', 'zero'],
  over: ['mean of what is predicted too much', 'lower'],
  under: ['mean of what is predicted too little', 'lower'],
  pinball: ['error of the quantile (pinball loss)', 'lower'],
  coverage: ['share of truths inside their interval', 'higher'],
  unbounded: ['share of intervals without an end', 'lower'],
  width: ['mean width of the intervals', 'lower'],
  winkler: ['width plus what is missed (Winkler score)', 'lower'],
  n: ['rows that count', 'none'],
};

/** What the axis of a metric says; a name that is not known says itself. */
export const metricUnit = (metric: string): string => METRICS[metric]?.[0] ?? metric.replaceAll('_', ' ');

/** The short name of a metric, as beside a number: `AUC`. */
export const metricName = (metric: string): string =>
  /\(([^)]+)\)$/.exec(metricUnit(metric))?.[1] ?? metricUnit(metric);

export const better = (metric: string): Better => METRICS[metric]?.[1] ?? 'none';

/** The larger the worse; a value that does not exist is not the worst. */
export function badness(metric: string, value: number): number {
  if (!Number.isFinite(value)) return Number.NEGATIVE_INFINITY;
  const way = better(metric);
  if (way === 'higher') return -value;
  return way === 'zero' ? Math.abs(value) : value;
}
