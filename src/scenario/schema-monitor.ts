/** The schema of monitors. */
import { z } from 'zod';
import { formula, identifier, label, stepNumber } from './schema-basics.js';

/** What is watched: one of these. */
const source = {
  field: identifier.optional().describe('A field, as the pipeline sees it; of everybody, at once.'),
  prediction: identifier.optional().describe('The predictions of a model.'),
  error: identifier
    .optional()
    .describe('The errors of a model when labels arrive: 1 where it was wrong (binary), or the absolute error.'),
  label: identifier.optional().describe('The labels of a model when they arrive.'),
  observe: formula
    .optional()
    .describe('A formula over what can be seen at once: fields as the pipeline sees them, predictions, decisions.'),
};
const metric = {
  metric: z
    .string()
    .optional()
    .describe('A metric of the labels that have arrived, one number a step: `accuracy`, `coverage`, `ece`.'),
  model: identifier.optional().describe('The model of the metric. Default: the first that predicts the outcome.'),
};
const stream = {
  ...source,
  ...metric,
  per: z
    .enum(['individual', 'step'])
    .optional()
    .describe(
      "It takes each individual's value in turn, or their mean at each step. Default: step for control charts (pageHinkley, cusum, ewma, gma, shewhart), individual for the others.",
    ),
  resetOnDeploy: z.boolean().default(false).describe('Starts afresh when a model is deployed.'),
};
const sample = {
  ...source,
  fields: z
    .union([z.literal('all'), z.array(identifier).min(1)])
    .optional()
    .describe('Several fields, or all features of the first model that predicts the outcome which can be so compared.'),
};
const minInstances = z.int().min(1).optional().describe('Values before the first alarm.');
const mode = z
  .enum(['both', 'up', 'down'])
  .optional()
  .describe('Which changes alarm: up (an error that grows), down, or both. Default: both.');
const warning = z.number().positive().optional().describe('The same, for a warning. Default: no warnings.');
const confidence = {
  driftConfidence: z.number().gt(0).lt(1).optional().describe('Default: 0.001.'),
  warningConfidence: z.number().gt(0).lt(1).optional().describe('Default: 0.005.'),
  twoSided: z.boolean().optional().describe('Decreases alarm, too. Default: false.'),
};

/** The detectors on a stream. */
export const detectors = {
  pageHinkley: z.strictObject({
    ...stream,
    minInstances,
    mode,
    delta: z
      .number()
      .min(0)
      .optional()
      .describe('Tolerated deviation, in the unit of what is watched. Default: 0.005.'),
    threshold: z.number().positive().optional().describe('In the unit of what is watched. Default: 50.'),
    alpha: z.number().gt(0).max(1).optional().describe('Fading; 1 forgets nothing. Default: 0.9999.'),
    warning,
  }),
  cusum: z.strictObject({
    ...stream,
    minInstances: z.int().min(2).optional().describe('Values that fix the reference. Default: 100.'),
    mode,
    slack: z.number().min(0).optional().describe('Half the shift to be found, in standard deviations. Default: 0.5.'),
    threshold: z.number().positive().optional().describe('In standard deviations. Default: 20.'),
    warning,
  }),
  ewma: z.strictObject({
    ...stream,
    minInstances,
    mode,
    alpha: z.number().gt(0).max(1).optional().describe('Weight of the newest value. Default: 0.1.'),
    threshold: z.number().positive().optional().describe('In standard errors. Default: 4.'),
    warning,
  }),
  gma: z.strictObject({
    ...stream,
    minInstances,
    alpha: z.number().min(0).lt(1).optional().describe('Weight of what was. Default: 0.99.'),
    threshold: z.number().positive().optional().describe('In the unit of what is watched. Default: 1.'),
    warning,
  }),
  shewhart: z.strictObject({
    ...stream,
    minInstances: z.int().min(2).optional().describe('Values that fix centre and spread. Default: 30.'),
    mode,
    k: z.number().positive().optional().describe('Distance that alarms, in standard deviations. Default: 3.'),
    warning,
  }),
  ecdd: z.strictObject({
    ...stream,
    minInstances,
    lambda: z.number().gt(0).max(1).optional().describe('Weight of the newest value. Default: 0.2.'),
    arl: z
      .union([z.literal(100), z.literal(400), z.literal(1000)])
      .optional()
      .describe('Average values between false alarms that are aimed at. Default: 400, the only one that is near it.'),
    warningFraction: z.number().gt(0).lt(1).optional().describe('Share of the limit that warns. Default: 0.5.'),
  }),
  ddm: z.strictObject({
    ...stream,
    warmStart: z.int().min(1).optional().describe('Values before the first alarm. Default: 30.'),
    warningThreshold: z.number().positive().optional().describe('In standard deviations. Default: 2.'),
    driftThreshold: z.number().positive().optional().describe('In standard deviations. Default: 3.'),
  }),
  eddm: z.strictObject({
    ...stream,
    minInstances,
    minErrors: z.int().min(1).optional().describe('Errors before the first alarm. Default: 30.'),
    alpha: z.number().gt(0).max(1).optional().describe('Share of the longest distance that warns. Default: 0.95.'),
    beta: z.number().gt(0).max(1).optional().describe('Share that alarms. Default: 0.9.'),
  }),
  hddmA: z.strictObject({ ...stream, ...confidence }),
  hddmW: z.strictObject({
    ...stream,
    ...confidence,
    lambda: z.number().gt(0).lt(1).optional().describe('Weight of the newest value. Default: 0.05.'),
  }),
  adwin: z.strictObject({
    ...stream,
    delta: z.number().gt(0).lt(1).optional().describe('Probability of a false alarm in its bound. Default: 0.002.'),
    clock: z.int().min(1).optional().describe('Values between two checks. Default: 32.'),
    maxBuckets: z.int().min(2).max(100).optional().describe('Buckets a row. Default: 5.'),
    minWindowLength: z.int().min(1).optional().describe('Values on either side of a cut. Default: 5.'),
    gracePeriod: z.int().min(1).optional().describe('Width up to which nothing is checked. Default: 10.'),
    reset: z
      .enum(['tail', 'full'])
      .optional()
      .describe('What an alarm leaves: the window without its oldest part, or nothing. Default: tail.'),
  }),
  kswin: z.strictObject({
    ...stream,
    alpha: z.number().gt(0).lt(1).optional().describe('p-value at and below which it alarms. Default: 0.0001.'),
    warning: z.number().gt(0).lt(1).optional().describe('p-value that warns. Default: no warnings.'),
    windowSize: z.int().min(4).max(1000).optional().describe('Values in the window. Default: 100.'),
    statSize: z.int().min(2).max(300).optional().describe('The newest values that are compared. Default: 30.'),
    minStatistic: z.number().min(0).lt(1).optional().describe('D up to which there is no alarm. Default: 0.1.'),
  }),
};

/** The comparisons of samples. */
export const comparisons = {
  psi: z.strictObject(sample).describe('Population stability index. Warns above 0.1, alarms above 0.2.'),
  ks: z.strictObject(sample).describe('Kolmogorov-Smirnov. Alarms where p < 0.05.'),
  chiSquare: z.strictObject(sample).describe('Chi-square, of categories. Alarms where p < 0.05.'),
  jensenShannon: z.strictObject(sample).describe('Jensen-Shannon distance, 0 to 1. Alarms above 0.1.'),
  wasserstein: z
    .strictObject(sample)
    .describe('Wasserstein distance in standard deviations of the reference. Alarms above 0.1.'),
  mmd: z
    .strictObject({
      ...sample,
      rows: z.int().min(10).max(1000).default(200).describe('Rows of each sample, drawn anew at each step.'),
      permutations: z.int().min(20).max(10_000).default(100).describe('Orders that make the p-value.'),
    })
    .describe('Maximum mean discrepancy, of all fields at once. Alarms where p < 0.05.'),
};

const condition = z
  .string()
  .regex(/^\s*(p\s*)?(<|<=|>|>=)\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i, 'such as "> 0.2" or "p < 0.01"');

export const monitor = z.strictObject({
  name: label,
  about: z.string().optional(),
  off: z.boolean().default(false).describe('Switched off.'),
  ...(Object.fromEntries(Object.entries(detectors).map(([key, schema]) => [key, schema.optional()])) as {
    [K in keyof typeof detectors]: z.ZodOptional<(typeof detectors)[K]>;
  }),
  ...(Object.fromEntries(Object.entries(comparisons).map(([key, schema]) => [key, schema.optional()])) as {
    [K in keyof typeof comparisons]: z.ZodOptional<(typeof comparisons)[K]>;
  }),
  cbpe: z
    .strictObject({
      model: identifier.optional().describe('Default: the first that predicts the outcome.'),
      metric: z.enum(['accuracy', 'precision', 'recall', 'specificity', 'f1', 'auc']).default('accuracy'),
    })
    .optional()
    .describe('The performance of a classifier without labels, from its own calibrated probabilities.'),
  dle: z
    .strictObject({
      model: identifier.optional().describe('Default: the first that predicts the outcome.'),
      metric: z.enum(['mae', 'mape', 'mse', 'msle', 'rmse', 'rmsle']).default('mae'),
    })
    .optional()
    .describe('The performance of a regression without labels, from a second model that learnt its losses.'),
  worstSlice: z
    .strictObject({ model: identifier.optional().describe('Default: the first that predicts the outcome.') })
    .optional()
    .describe(
      'How much worse the worst slice fares than everybody, by the labels that have arrived; 0 where none is surely worse. Alarms where one is.',
    ),
  threshold: z
    .strictObject({ ...source, ...metric })
    .optional()
    .describe('The number itself (of individuals: their mean), held against `alarm` and `warning`.'),
  reference: z
    .union([
      z.enum(['lab', 'training']),
      z.strictObject({ sliding: z.int().min(1).max(10_000) }),
      z.strictObject({ first: z.int().min(1).max(10_000) }),
    ])
    .optional()
    .describe(
      'What samples are compared with: the lab; what the deployed version was trained on; { sliding: k } the k steps before; { first: k } the first k steps. Default: lab.',
    ),
  correction: z
    .enum(['none', 'bonferroni', 'holm', 'benjamini-hochberg'])
    .optional()
    .describe('Of p-values, over several fields. Default: bonferroni.'),
  alarm: condition.optional().describe('When it alarms: "> 0.2" of its statistic, "p < 0.01" of its p-value.'),
  warning: condition.optional().describe('When it warns.'),
  changes: z
    .array(z.union([stepNumber, z.tuple([stepNumber, stepNumber])]))
    .max(1000)
    .default([])
    .describe(
      'For scoring alone: steps at which something changes that no mechanism begins or ends at, or [first, last].',
    ),
  within: z
    .int()
    .min(1)
    .default(30)
    .describe('For scoring alone: steps after a change in which an alarm of a detector counts as its own.'),
});
