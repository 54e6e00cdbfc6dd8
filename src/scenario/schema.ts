/**
 * The scenario file: one schema, from which the types, the checks and the JSON Schema for editors come.
 * Every key carries its explanation; the reference is generated from them.
 */
import { z } from 'zod';
import { formula, identifier, label, share, stepNumber, whole } from './schema-basics.js';
import { collect, drift, respond, sense } from './schema-mechanisms.js';
import { monitor } from './schema-monitor.js';
import { retrain } from './schema-retrain.js';

export { IDENTIFIER } from './schema-basics.js';

const field = z.union([
  formula,
  z.strictObject({
    choice: z.record(z.string().min(1), z.number().min(0)).describe('A category: each value with its weight.'),
  }),
  z.strictObject({
    value: formula.describe('What the field is worth.'),
    kind: z.enum(['numeric', 'binary']).default('numeric').describe('A binary field is 0 or 1.'),
  }),
  z.strictObject({
    probability: formula.describe('A binary field that is 1 with this probability.'),
  }),
]);

const nodeRule = z.union([
  z.string().regex(/^(gauss-hermite|gauss-legendre) [1-9][0-9]{0,2}$/, '`gauss-hermite N` or `gauss-legendre N`'),
  z.strictObject({
    values: z.array(z.number()).min(1).max(1000),
    weights: z.array(z.number().min(0)).min(1).max(1000).optional().describe('Default: all equal.'),
  }),
]);

const time = z
  .string()
  .min(1)
  .describe('Column of the file: numbers, or dates such as 2024-03-01 or 2024-03-01 08:30. It must never go back.');
const replay = z.union([
  z.strictObject({
    per: z.int().min(1).max(20_000_000).describe('Rows of a step. What is left at the end is a last, shorter step.'),
    time: time.optional(),
  }),
  z.strictObject({
    time,
    every: z.int().min(1).default(1).describe('Values of time of a step: 1 is a step for each day of a file of days.'),
  }),
]);

const rows = z.strictObject({
  file: z.string().min(1).describe('A CSV file (plain or gzip). Given on the command line with --data, too.'),
  how: z.string().optional().describe('How to get the file; shown where it is absent.'),
  columns: z.record(identifier, z.string()).describe('Field name: name of the column in the file.'),
  categorical: z.array(identifier).default([]).describe('Fields that are categories.'),
  missing: z
    .enum(['drop', 'keep', 'mean'])
    .default('drop')
    .describe('Rows with missing values: dropped, kept, or filled.'),
  missingValues: z.array(z.string()).optional().describe('Texts that mean missing. Default: empty, NA, NaN, null, ?'),
  delimiter: z.string().length(1).optional().describe('Default: comma or tab, by the first line.'),
  header: z.boolean().default(true).describe('Whether the first line names the columns.'),
  scale: z
    .union([
      z.enum(['none', 'standard', 'minmax']),
      z.strictObject({ kind: z.enum(['standard', 'minmax']), fields: z.array(identifier) }),
    ])
    .default('none')
    .describe('Rescaling over all rows that are kept, before balancing: zero mean and unit variance, or 0 to 1.'),
  unscaled: z.array(identifier).default([]).describe('Fields that are never rescaled, such as labels.'),
  balance: z
    .strictObject({
      field: identifier,
      keep: z
        .record(z.string(), z.union([z.literal('all'), whole]))
        .describe('For each value, how many rows are kept, the first ones of the file. A value not named keeps all.'),
    })
    .optional()
    .describe('Balances the classes: so many rows of each value of a field.'),
  limit: z.int().min(1).optional().describe('At most this many rows are read.'),
  replay: replay
    .optional()
    .describe(
      'The rows in their order: the first `lab.size` are the lab (its holdout is the last of them), each step brings the next ones. Without `steps`, to the end of the file. Rescaling and filling go by the lab alone.',
    ),
});

const population = z.strictObject({
  size: z.int().min(1).max(20_000_000).optional().describe('Individuals. Default: 1000, or every row of the file.'),
  turnover: share.default(1).describe('Share replaced by newcomers each step: 0 the same people for ever, 1 fresh.'),
  fields: z.record(identifier, field).default({}).describe('The columns, as formulas that may name each other.'),
  nodes: z.record(identifier, nodeRule).optional().describe('Quadrature nodes instead of draws: exact expectations.'),
  rows: rows.optional().describe('Individuals from the rows of a CSV file.'),
  weight: formula
    .optional()
    .describe(
      'Weight of each individual, honoured by every metric and learner. Over nodes: a factor of their own weights, such as a density.',
    ),
});

const outcome = z.union([
  z.strictObject({
    field: identifier,
    kind: z.enum(['numeric', 'binary']).default('numeric'),
    value: formula.describe('What happens to an individual; it may depend on predictions and decisions.'),
  }),
  z.strictObject({
    field: identifier,
    kind: z.literal('binary').default('binary'),
    probability: formula.describe('Probability of a binary outcome. Over quadrature nodes: two weighted branches.'),
  }),
]);

const lab = z.strictObject({
  size: z
    .union([z.int().min(1), z.literal('all')])
    .default(1000)
    .describe('Rows in the lab sample.'),
  holdout: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.25)
    .describe('Share kept for scoring. 0: scored on what it was trained on.'),
  curated: z
    .boolean()
    .default(true)
    .describe('Clean: nothing in `sense` touches the lab. False: the lab sees as the field does.'),
  where: formula.optional().describe('Only individuals for which this holds are taken into the lab.'),
});

const intervalLevel = z
  .number()
  .gt(0)
  .lt(1)
  .optional()
  .describe('Nominal coverage of the interval. Default: the `level` of the model.');
const conformal = {
  level: intervalLevel,
  calibrate: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.5)
    .describe('Share of the rows that is not learnt from: its errors say how wide an interval must be.'),
  scale: formula
    .optional()
    .describe(
      'How large an error is expected of each individual: residuals are measured in it (normalised scores). A formula, or `learned`: fitted to the absolute residuals.',
    ),
  ratio: formula
    .optional()
    .describe(
      'Likelihood ratio of each individual, field to lab, up to a factor: scores count by it (weighted conformal, Tibshirani et al. 2019).',
    ),
};
const uncertainty = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('residual').describe('A normal spread, that of the training residuals, around every prediction.'),
    level: intervalLevel,
  }),
  z.strictObject({
    kind: z.literal('bayesian').describe('Posterior predictive of a linear model: wider where it has seen few rows.'),
    level: intervalLevel,
  }),
  z.strictObject({
    kind: z.literal('conformal').describe('Split conformal: as wide as the errors on rows kept from the learner.'),
    ...conformal,
  }),
  z.strictObject({
    kind: z.literal('adaptive').describe('Adaptive conformal (ACI): wider after misses, narrower after hits.'),
    ...conformal,
    gamma: z.number().min(0).default(0.005).describe('How far the arrived labels of one step move the intervals.'),
    recent: whole
      .default(1000)
      .describe('Number of latest errors that intervals are made from; 0: those of calibration alone.'),
  }),
  z.strictObject({
    kind: z
      .literal('bootstrap')
      .describe('Many models, each from its own resample of the rows: how much they disagree.'),
    level: intervalLevel,
    members: z.int().min(2).max(1000).default(20).describe('Number of models in the ensemble.'),
  }),
]);

const modelCommon = {
  features: z.array(z.string()).default([]).describe('Fields, or other models: their predictions.'),
  target: identifier.optional().describe('The field it predicts. Default: the outcome.'),
  threshold: z.number().default(0.5).describe('A prediction above it counts as positive (binary targets).'),
  start: z
    .strictObject({
      intercept: z.number().default(0).describe('Of a mean or a quantile alone: the prediction.'),
      coefficients: z.record(z.string(), z.number()).default({}).describe('By feature; 0 where none is given.'),
      sd: z.number().min(0).default(0).describe('Spread of its residuals.'),
    })
    .optional()
    .describe('The first version as given, instead of training in the lab.'),
  retrain: retrain.optional().describe('Overrides the retraining policy for this model.'),
  holdout: z
    .number()
    .min(0)
    .max(0.9)
    .optional()
    .describe(
      'Share of the rows of each training that is kept from the learner: `score.mae` and `score.r2` are then its error on them. Default: none are kept, and they are those of what it was trained on.',
    ),
  level: z.number().gt(0).lt(1).default(0.9).describe('Level of the prediction interval.'),
  uncertainty: uncertainty.optional().describe('How its prediction intervals are made. Default: residual.'),
  calibration: z
    .boolean()
    .optional()
    .describe(
      'Whether the trace has its reliability table (how often what was predicted happened, by tenth), and the largest and the root mean square error of a tenth: `mce`, `rmsce`.',
    ),
};
const intercept = z.boolean().default(true).describe('False: the prediction is 0 where all features are 0.');
const l2 = z.number().min(0).default(0).describe('Ridge penalty, never on the intercept.');
const refit = z
  .enum(['full', 'step'])
  .default('full')
  .describe('A full refit, or one gradient step from the deployed version.');
const stepSize = z
  .union([z.literal('auto'), z.number().positive()])
  .default('auto')
  .describe('Of a gradient step.');
const strength = z
  .union([
    z.number().min(0),
    z.literal('auto'),
    z.strictObject({
      cv: z.int().min(2).max(100).describe('Number of folds, by a shuffle of the rows that is the same for the seed.'),
      rule: z
        .enum(['best', 'one-standard-error'])
        .default('best')
        .describe('The least error over the folds, or the strongest penalty within one standard error of it.'),
    }),
  ])
  .describe(
    'Of the penalty, never on the intercept. A number, or chosen at each training by cross-validation: `auto` is { cv: 5 }.',
  );
const penalised = {
  intercept,
  strength,
  standardise: z
    .boolean()
    .default(false)
    .describe('Features are divided by their standard deviation before they are penalised.'),
  refit,
  stepSize,
};
const smoothing = z
  .number()
  .min(0)
  .default(0)
  .describe('Adds so many rows that are as all are, so that few rows do not decide alone.');
const maxDepth = z.int().min(1).max(30).default(8).describe('Splits from the root to a leaf, at most.');
const minLeaf = z.number().positive().default(5).describe('Least weight of a leaf: rows, where all weigh 1.');

const degree = z.int().min(1).max(12).default(2).describe('The highest power.');

const model = z.discriminatedUnion('learner', [
  z
    .strictObject({
      learner: z.literal('mean'),
      ...modelCommon,
      ddof: z
        .union([z.literal(0), z.literal(1)])
        .default(1)
        .describe('Divisor of the variance: n - ddof.'),
      refit,
      stepSize,
    })
    .describe('The mean: the same prediction for everybody.'),
  z
    .strictObject({
      learner: z.literal('quantile'),
      ...modelCommon,
      quantile: z.number().gt(0).lt(1).default(0.5).describe('Share of the targets that should lie below.'),
    })
    .describe('Quantile regression: linear in the features, the least pinball loss.'),
  z
    .strictObject({ learner: z.literal('linear'), ...modelCommon, intercept, l2, refit, stepSize })
    .describe('Least squares.'),
  z
    .strictObject({ learner: z.literal('ridge'), ...modelCommon, ...penalised })
    .describe('Least squares + strength |coefficients|^2, beside the mean squared residual.'),
  z
    .strictObject({ learner: z.literal('lasso'), ...modelCommon, ...penalised })
    .describe('Least squares + strength |coefficients|_1, beside half the mean squared residual.'),
  z
    .strictObject({
      learner: z.literal('elastic-net'),
      ...modelCommon,
      ...penalised,
      ratio: share.default(0.5).describe('1 is the lasso, 0 is ridge.'),
    })
    .describe('Between ridge and lasso: strength (ratio |coefficients|_1 + (1 - ratio) / 2 |coefficients|^2).'),
  z
    .strictObject({
      learner: z.literal('logistic'),
      ...modelCommon,
      intercept,
      l2,
      solver: z
        .enum(['newton', 'gradient-descent'])
        .default('newton')
        .describe('How the least loss is found: newton in few steps, gradient descent as some papers do it.'),
      tolerance: z.number().positive().default(1e-10).describe('Newton stops at this gradient norm.'),
      lossTolerance: z.number().min(0).default(1e-7).describe('Gradient descent stops when the loss falls by less.'),
      maxIterations: z
        .int()
        .min(1)
        .max(10_000_000)
        .optional()
        .describe('Default: 100 Newton steps, 100,000 steps of descent.'),
      refit,
      stepSize,
    })
    .describe('Logistic regression: the probability of a binary target.'),
  z
    .strictObject({ learner: z.literal('polynomial'), ...modelCommon, intercept, degree })
    .describe('Polynomial regression.'),
  z
    .strictObject({
      learner: z.literal('nearest-neighbours'),
      ...modelCommon,
      k: z.int().min(1).max(100_000).default(10).describe('Number of neighbours whose mean target is predicted.'),
      standardise: z
        .boolean()
        .default(true)
        .describe('Features are divided by their standard deviation before distances are taken.'),
    })
    .describe('k nearest neighbours.'),
  z
    .strictObject({ learner: z.literal('tree'), ...modelCommon, maxDepth, minLeaf, smoothing })
    .describe('A decision tree (CART).'),
  z
    .strictObject({
      learner: z.literal('forest'),
      ...modelCommon,
      trees: z.int().min(1).max(1000).default(50).describe('Number of trees.'),
      featureShare: z
        .number()
        .gt(0)
        .max(1)
        .default(0.34)
        .describe('Share of the features, drawn anew, that are looked at for a split.'),
      maxDepth,
      minLeaf,
    })
    .describe('A random forest.'),
  z
    .strictObject({
      learner: z.literal('gradient-boosting'),
      ...modelCommon,
      trees: z.int().min(1).max(1000).default(100).describe('Number of trees.'),
      shrinkage: z.number().gt(0).max(1).default(0.1).describe('Share of each tree that is added (learning rate).'),
      maxDepth: z.int().min(1).max(30).default(3).describe('Splits from the root to a leaf, at most.'),
      minLeaf,
      subsample: z.number().gt(0).max(1).default(1).describe('Share of the rows, drawn anew, that each tree sees.'),
      loss: z
        .enum(['squared', 'huber'])
        .default('squared')
        .describe('huber: large residuals count by their size, not by its square.'),
      huberQuantile: z
        .number()
        .gt(0)
        .max(1)
        .default(0.9)
        .describe('Share of the absolute residuals that are not large (huber).'),
    })
    .describe('Gradient boosting: a sum of small trees, each grown on what those before it still get wrong.'),
  z
    .strictObject({
      learner: z.literal('kernel-ridge'),
      ...modelCommon,
      strength: z.number().positive().default(0.001).describe('Penalty on the roughness of the curve.'),
      width: z.number().positive().default(1).describe('Of the Gaussian kernel, in standard deviations of a feature.'),
      rows: z.int().min(2).max(2000).default(500).describe('At most so many rows, drawn at random, are learnt from.'),
    })
    .describe('A smooth curve by a Gaussian kernel.'),
  z
    .strictObject({ learner: z.literal('count-by-group'), ...modelCommon, smoothing })
    .describe('The mean target of the rows with the same features.'),
  z
    .strictObject({ learner: z.literal('exponential'), ...modelCommon })
    .describe('An exponential curve of one feature.'),
  z.strictObject({ learner: z.literal('power'), ...modelCommon }).describe('A power curve of one feature.'),
  z
    .strictObject({ learner: z.literal('theil-sen'), ...modelCommon })
    .describe('A line through one feature that outliers do not move.'),
  z
    .strictObject({ learner: z.literal('robust-polynomial'), ...modelCommon, degree })
    .describe('A polynomial of one feature that outliers do not move.'),
]);

const decision = z.union([
  formula,
  z.strictObject({
    model: identifier.optional().describe('The model by whose prediction it decides.'),
    score: formula.optional().describe('A formula to decide by, in place of a model.'),
    threshold: formula.optional().describe('Chosen is who is above it.'),
    above: z.boolean().default(true).describe('False: chosen is who is at the threshold or below.'),
    by: identifier.optional().describe('A category: `thresholds` or `top` go by its values.'),
    thresholds: z.record(z.string(), z.number()).optional().describe('The threshold for each value of `by`.'),
    top: z
      .strictObject({
        share: formula.optional().describe('Share of people who are chosen.'),
        count: formula.optional().describe('How many people are chosen.'),
      })
      .optional()
      .describe('Chosen are those with the highest scores; with `by`, in each group.'),
    allocate: z
      .strictObject({
        units: z.int().min(1).max(100_000).default(1).describe('How many units are given out.'),
        rule: z
          .enum(['proportional', 'greedy'])
          .default('proportional')
          .describe('Each unit at random in proportion to the score, or all to the highest.'),
      })
      .optional()
      .describe('Units, such as patrols, that go to individuals; the decision is how many each gets.'),
    abstain: formula
      .optional()
      .describe('For whom nothing is decided, such as `score.lower < 0.5 and score.upper > 0.5`.'),
    otherwise: formula.optional().describe('What happens to who is not decided about. Default: missing.'),
    explore: share.optional().describe('Share of people who are chosen whatever the score says.'),
  }),
]);

const stateVariable = z.union([
  z.number(),
  z.strictObject({ start: z.number(), becomes: formula.describe('Its value at the next step.') }),
]);

const slice = z.union([
  z.string().describe('A category or a binary field: one slice for each of its values.'),
  z.strictObject({ name: label, where: formula.describe('Those for whom this holds.') }),
  z.strictObject({
    field: identifier,
    quantiles: z.int().min(2).max(20).describe('So many slices of equal size, by rank in the population at each step.'),
  }),
  z.strictObject({
    boundary: z.number().positive().describe('Those whose prediction is at most this far from the threshold.'),
    model: identifier.optional().describe('Default: the first model that predicts the outcome.'),
  }),
  z.strictObject({
    field: identifier,
    rarer: z
      .number()
      .gt(0)
      .lt(1)
      .describe('Rare cases: values of a category held by less than this share, or the outermost share of a number.'),
  }),
]);

const expectation = z.strictObject({
  that: z.string().describe('What will come out: `final(actual.accuracy) < lab.accuracy - 0.05`.'),
  because: z.string().describe('Why it matters, for a reader.'),
  with: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Values by path: the expectation speaks of the scenario so changed, such as one with the loop cut.'),
  control: z
    .boolean()
    .default(false)
    .describe(
      'A negative control: `with` takes the central mechanism away, and some of what is expected of the scenario as it stands must then fail.',
    ),
});

const view = z.strictObject({
  metric: z
    .string()
    .optional()
    .describe(
      'What chart, gap and picture are of: a metric such as `coverage`, or a number such as `measure.approved`, `state.price`, `costs.total`, `score.coef.income` or `monitor.drivers.statistic` (or `.p`). Default: accuracy or rmse.',
    ),
  model: identifier.optional().describe('Whose metric. Default: the first model that predicts the outcome.'),
  slice: z
    .string()
    .optional()
    .describe('What is actual there is held against what lab and dashboard say of everybody. Its name in full.'),
  beside: z
    .array(z.string())
    .min(1)
    .max(4)
    .optional()
    .describe('Drawn beside it: other models, or beside a number other numbers.'),
  x: z
    .string()
    .optional()
    .describe('What the world is drawn over: a field, the outcome, a model (its prediction), or `person`.'),
  y: z.string().optional().describe('The same for the axis that goes up.'),
  twin: z
    .boolean()
    .default(true)
    .describe('Whether a run without feedback goes beside it, where there is feedback to switch off.'),
});

/** The scenario file. */
export const scenarioSchema = z
  .strictObject({
    name: z.string().min(1).max(120),
    lesson: z.string().max(60).optional().describe('The folder of the gallery it belongs to.'),
    about: z.string().optional().describe('What it shows, for a person who knows no mathematics.'),
    source: z.strictObject({ cites: z.string(), url: z.string().optional(), note: z.string().optional() }).optional(),
    extends: z.string().optional().describe('Another scenario file that this one changes.'),
    steps: z.int().min(1).max(1_000_000).default(100),
    seed: z.int().min(0).default(1),
    replicates: z
      .int()
      .min(1)
      .max(100_000)
      .default(1)
      .describe('Runs with different draws, for expectations over many.'),
    population,
    outcome,
    lab: lab.default({ size: 1000, holdout: 0.25, curated: true }),
    state: z
      .record(identifier, stateVariable)
      .default({})
      .describe('Numbers that formulas may use, constant or updated.'),
    tables: z
      .record(identifier, z.strictObject({ x: z.array(z.number()).min(2), y: z.array(z.number()).min(2) }))
      .default({})
      .describe('Look-up tables for `interp`.'),
    drift: z.array(drift).default([]),
    sense: z.array(sense).default([]),
    models: z.record(identifier, model),
    decide: z.record(identifier, decision).default({}),
    respond: z.array(respond).default([]),
    collect: z.array(collect).default([]),
    retrain: retrain.default({ when: 'never', window: 'all', deploy: { every: 1, lag: 0 } }),
    policies: z
      .record(label, z.string().min(1).max(200))
      .optional()
      .describe(
        'Retraining policies to compare, by name: `every 20, last 40`, or `on errors, cool 10, gate 0.2` (see the reference).',
      ),
    costs: z
      .strictObject({
        error: formula.optional().describe('Cost of each individual at each step.'),
        label: z.number().min(0).default(0).describe('Cost of one recorded label.'),
        retrain: z.number().min(0).default(0).describe('Cost of one training.'),
        deploy: z.number().min(0).optional().describe('Cost of one deployment. Default 0.'),
        alarm: z
          .number()
          .min(0)
          .optional()
          .describe('Cost of each alarm that a monitor raises: somebody looks into it. Default 0.'),
      })
      .optional(),
    slices: z.array(slice).default([]).describe('Parts of the population that are watched apart.'),
    monitor: z.array(monitor).default([]).describe('Detectors on what the team can see; they raise alarms.'),
    measure: z.record(identifier, formula).default({}).describe('Numbers measured at each step.'),
    theory: z
      .record(identifier, z.strictObject({ over: z.string(), value: formula }))
      .default({})
      .describe('A closed form, drawn as a dashed line over a series.'),
    schedule: z
      .array(
        z.strictObject({ at: stepNumber, set: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])) }),
      )
      .max(1000)
      .default([])
      .describe('Changes at a step, of any path that a running world can change.'),
    view: view.optional().describe('What the viewer opens with. It changes nothing in the run.'),
    knobs: z
      .array(
        z.strictObject({
          path: z.string(),
          label: z.string(),
          min: z.number(),
          max: z.number(),
          step: z.number().positive().optional(),
        }),
      )
      .max(100)
      .default([])
      .describe('Sliders of the viewer: a path, and the bounds between which its value moves.'),
    story: z.array(z.strictObject({ at: stepNumber, say: z.string() })).default([]),
    expect: z.array(expectation).default([]),
  })
  .meta({ title: 'driftloop scenario' });

/** A checked scenario with every default filled in. */
export type Scenario = z.output<typeof scenarioSchema>;
/** A scenario as written. */
export type ScenarioInput = z.input<typeof scenarioSchema>;
export type ModelSpec = Scenario['models'][string];
export type FieldSpec = Scenario['population']['fields'][string];
export type UncertaintySpec = NonNullable<ModelSpec['uncertainty']>;
export type SliceSpec = Scenario['slices'][number];
export type RetrainSpec = Scenario['retrain'];

/** The JSON Schema that editors use to complete and explain every key. */
export function jsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(scenarioSchema, { io: 'input' }) as Record<string, unknown>;
}
