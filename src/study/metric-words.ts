/** Metrics in plain words, the same on the page and in the terminal: unit, which way is better, and how a gap is told. */

/** `zero`: the nearer to zero the better; `none`: neither way is. */
export type Better = 'higher' | 'lower' | 'zero' | 'none';

interface Metric {
  /** What an axis says; a short name stands in parentheses at its end. */
  readonly unit: string;
  readonly better: Better;
  /** A share, told in per cent: what it was a share of in the lab, and the verb for now. */
  readonly share?: readonly [was: string, is: string];
  /** An error in the target's own unit: told as so many times what was promised. */
  readonly times?: true;
}

/**
 * Rates are of predictions, on which side of the threshold they lie, and say so: what is decided may differ, by lot, by rank
 * or by more than the model.
 */
const METRICS: Readonly<Record<string, Metric>> = {
  accuracy: {
    unit: 'share of predictions that are right',
    better: 'higher',
    share: ['of predictions were right', 'are'],
  },
  balancedAccuracy: {
    unit: 'share that is right, yes and no counting the same',
    better: 'higher',
    share: ['of predictions were right, yes and no counting the same', 'are'],
  },
  auc: { unit: 'chance that a yes is scored above a no (AUC)', better: 'higher' },
  logLoss: { unit: 'surprise at what happens (log loss)', better: 'lower' },
  brier: { unit: 'squared error of probabilities (Brier score)', better: 'lower' },
  ece: { unit: 'typical error of probabilities (calibration error)', better: 'lower' },
  mce: { unit: 'largest error of probabilities in any tenth (MCE)', better: 'lower' },
  rmsce: { unit: 'root mean square error of probabilities (RMSCE)', better: 'lower' },
  fpr: {
    unit: 'share of true noes predicted a yes (false positives)',
    better: 'lower',
    share: ['of true noes were predicted a yes', 'are'],
  },
  fnr: {
    unit: 'share of true yeses predicted a no (false negatives)',
    better: 'lower',
    share: ['of true yeses were predicted a no', 'are'],
  },
  selectionRate: {
    unit: 'share of people predicted a yes',
    better: 'none',
    share: ['of people were predicted a yes', 'are'],
  },
  baseRate: {
    unit: 'share of people whose outcome is a yes',
    better: 'none',
    share: ['of outcomes were a yes', 'are'],
  },
  rmse: { unit: 'typical error (RMSE)', better: 'lower', times: true },
  mae: { unit: 'mean error, whichever way (MAE)', better: 'lower', times: true },
  r2: { unit: 'share of the variation that is explained (R²)', better: 'higher' },
  bias: { unit: 'mean of prediction minus truth (bias)', better: 'zero' },
  over: { unit: 'mean of what is predicted too much', better: 'lower', times: true },
  under: { unit: 'mean of what is predicted too little', better: 'lower', times: true },
  pinball: { unit: 'error of the quantile (pinball loss)', better: 'lower', times: true },
  coverage: {
    unit: 'share of truths inside their interval (coverage)',
    better: 'higher',
    share: ['of truths lay inside their interval', 'do'],
  },
  unbounded: {
    unit: 'share of intervals without an end',
    better: 'lower',
    share: ['of intervals had no end', 'have none'],
  },
  width: { unit: 'mean width of the intervals', better: 'lower', times: true },
  winkler: { unit: 'width plus what is missed (Winkler score)', better: 'lower', times: true },
  n: { unit: 'rows that count', better: 'none' },
};

/** What a model tells of itself. */
const OF_MODEL: Readonly<Record<string, string>> = {
  sd: 'spread of',
  intercept: 'intercept of',
  norm: 'size of the coefficients of',
  gap: 'change of the coefficients of',
  objective: 'what was minimised by',
  version: 'version of',
};

/** What the axis of a metric says, or of another number of the trace; a name that is not known says itself. */
export const metricUnit = (metric: string): string => METRICS[metric]?.unit ?? numberInWords(metric);

/** `measure.default_rate` as `default rate`, `fit.sd` as `spread of fit`, `score.coef.income` as `score: coefficient of income`, `monitor.drivers.p` as `monitor drivers: p-value`. */
function numberInWords(name: string): string {
  if (name === 'costs.total') return 'cost so far';
  if (name === 'cost.total') return 'cost of the step';
  const [model, what, ...rest] = name.split('.');
  if (['measure', 'state', 'costs', 'cost'].includes(model) || what === undefined)
    return name.replace(/^\w+\./, '').replaceAll('_', ' ');
  if (model === 'monitor') return `monitor ${what.replaceAll('_', ' ')}${rest[0] === 'p' ? ': p-value' : ''}`;
  if (what === 'coef') return `${model}: coefficient of ${rest.join('.')}`;
  return OF_MODEL[what] === undefined ? name : `${OF_MODEL[what]} ${model}`;
}

/** The short name of a metric, as beside a number: `AUC`. */
export const metricName = (metric: string): string =>
  /\(([^)]+)\)$/.exec(metricUnit(metric))?.[1] ?? metricUnit(metric);

export const better = (metric: string): Better => METRICS[metric]?.better ?? 'none';

export const shareOf = (metric: string): Metric['share'] => METRICS[metric]?.share;

/** Whether a gap of it is told as a factor. */
export const isFactor = (metric: string): boolean => METRICS[metric]?.times === true;

/** The larger the worse; a value that does not exist is not the worst. */
export function badness(metric: string, value: number): number {
  if (!Number.isFinite(value)) return Number.NEGATIVE_INFINITY;
  const way = better(metric);
  if (way === 'higher') return -value;
  return way === 'zero' ? Math.abs(value) : value;
}
