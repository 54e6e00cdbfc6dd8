/** The schemas of mechanisms: drift, sense, respond and collect. */
import { z } from 'zod';
import { RESPONSES } from '../world/respond/index.js';
import { blocksOf, formula, identifier, label, share, stepNumber, whole } from './schema-basics.js';

/** What every mechanism has. */
const mechanism = {
  name: label,
  about: z.string().optional().describe('What it is, for a reader.'),
  off: z.boolean().default(false).describe('Switched off.'),
  from: stepNumber.default(0).describe('First step at which it acts.'),
  to: stepNumber.optional().describe('Step from which it no longer acts.'),
  where: formula.optional().describe('It acts on individuals for which this holds.'),
};
/** How many steps a change takes. */
const over = z.int().min(1).max(1_000_000);

export const drift = z.strictObject({
  ...mechanism,
  field: identifier.describe('The field that changes; of an outcome with a `probability` that, before it is drawn.'),
  becomes: formula
    .optional()
    .describe(
      'The new value; the bare name of the field is the value that is found. Alone it is a sudden drift, at `from`.',
    ),
  gradual: z
    .strictObject({ over: over.describe('Steps until the new value is the rule.') })
    .optional()
    .describe('Old and new values alternate: each is the new one with a probability that rises from 0 to 1.'),
  incremental: z
    .strictObject({ over: over.describe('Steps until the new value is reached.') })
    .optional()
    .describe('Every value goes to the new one in a straight line.'),
  recurring: z
    .strictObject({
      every: over.describe('Steps from one coming to the next.'),
      for: over.describe('Steps for which the new value stays each time.'),
    })
    .optional()
    .describe('The new value comes, goes, and comes back.'),
  seasonal: z
    .strictObject({
      amplitude: formula.describe('How far it swings, in the unit of the field.'),
      period: z.number().positive().describe('Steps of one swing.'),
      phase: z.number().default(0).describe('A step at which it goes up through what it would be.'),
    })
    .optional()
    .describe('Adds amplitude * sin(2 pi (t - phase) / period).'),
  randomWalk: z
    .strictObject({
      sd: formula.describe('Standard deviation of one step of the walk: one number for everybody.'),
      start: z.number().default(0).describe('Where it begins.'),
    })
    .optional()
    .describe('Adds a random walk, one for the whole world: W_t = W_(t-1) + normal(0, sd).'),
  mix: z
    .strictObject({
      shares: z.record(z.string(), z.number().min(0)).describe('The new weights of the values; 0 if not named.'),
      over: whole.default(0).describe('Steps until the new shares are reached.'),
    })
    .optional()
    .describe('Group mix: among newcomers, the shares of the values of a category move to these.'),
  newCategory: z
    .strictObject({
      value: z.string().min(1).describe('A value that the category does not have yet.'),
      over: whole.default(0).describe('Steps until the whole share has it.'),
    })
    .optional()
    .describe(
      'A value that the lab has never seen: `share` says how many of the newcomers have it. A model that was trained on no row with it has an indicator without weight, so that most learners take it for the first value, and an event says so.',
    ),
  share: share
    .default(1)
    .describe(
      'Share of individuals it acts on, the same ones for as long as they stay; of a mix or a new category, of newcomers.',
    ),
});

export const sense = z.strictObject({
  ...mechanism,
  field: identifier.describe('The field that the pipeline sees otherwise than people show it.'),
  at: z
    .enum(['serving', 'training', 'both'])
    .optional()
    .describe(
      'Where it acts: on what is predicted on, on what is recorded to be learnt from, or on both, as if left out. One alone is training-serving skew.',
    ),
  becomes: formula.optional().describe('What the pipeline makes of the field.'),
  noise: formula.optional().describe('Standard deviation of a normal error that is added.'),
  outliers: formula.optional().describe('How far a value is thrown off, up or down; `share` says how many are.'),
  scale: formula.optional().describe('Unit change: scale * x + offset.'),
  offset: formula.optional().describe('Unit change: scale * x + offset.'),
  clip: z
    .strictObject({
      low: z.number().optional().describe('The least that it tells.'),
      high: z.number().optional().describe('The most that it tells.'),
    })
    .optional()
    .describe('Values beyond an end of the range are told as that end.'),
  stale: z.int().min(1).max(200).optional().describe('Steps by which what is seen is too old.'),
  swap: identifier.optional().describe('Schema break: another field that changes places with this one.'),
  rename: z
    .record(z.string(), z.string())
    .optional()
    .describe('Schema break: a category value arrives under another name. A name that nobody knows is missing.'),
  missing: formula
    .optional()
    .describe('Probability with which a value goes missing, anew each step; it may depend on the value itself.'),
  impute: z
    .union([z.enum(['mean', 'last', 'indicator']), z.strictObject({ constant: formula })])
    .optional()
    .describe(
      'What stands where a value is missing. mean: the mean of the lab (what models do by themselves). last: what was last seen of the individual. constant: a value. indicator: the mean, and models that read the field get a feature more, `income.missing`.',
    ),
  share: share.default(1).describe('Share of values it acts on, anew each step.'),
});

export const respond = z.strictObject({
  ...mechanism,
  field: identifier
    .optional()
    .describe('The field that is moved. The outcome (or its probability) may be moved, too, as it happens.'),
  becomes: formula.optional().describe('The new value. The bare name of the field is the value that is found.'),
  ...blocksOf(RESPONSES),
  delay: z
    .int()
    .min(0)
    .max(200)
    .optional()
    .describe(
      'Steps until people react. Before the prediction: they respond to the model as it was then. After the outcome: what changes is felt that much later.',
    ),
  when: z
    .enum(['before', 'after'])
    .default('before')
    .describe('Before the prediction, or after the outcome (carried on).'),
  // YAML reads a bare `true` as the boolean: both are taken.
  moves: z
    .union([z.enum(['shown', 'true']), z.literal(true)])
    .default('shown')
    .describe('Gaming moves what is shown; improvement moves what is true.'),
  memory: z.number().gt(0).max(1).default(1).describe('Share of the way to the response each step; 1 is at once.'),
  share: share.default(1).describe('Share of individuals who respond; the same ones for as long as they stay.'),
});

export const collect = z.strictObject({
  ...mechanism,
  only: formula.optional().describe('Only individuals for which this holds are recorded.'),
  delay: whole.optional().describe('Steps until a label arrives.'),
  keep: formula
    .optional()
    .describe('Probability with which a record is kept: sampling bias, or rejection that undoes one.'),
  importance: formula
    .optional()
    .describe('How many times a record counts, such as `1 / approve.chance` (inverse propensity weights).'),
  field: identifier.optional().describe('The label that is rewritten; the outcome where it is left out.'),
  becomes: formula.optional().describe('The label as it is recorded.'),
  flip: formula.optional().describe('Probability with which a label of 0 or 1 is recorded as the other one.'),
  noise: formula.optional().describe('Standard deviation of a normal error of the label.'),
  censor: formula.optional().describe('The most that is recorded of a label: what the decision let happen.'),
  label: z
    .strictObject({
      from: z
        .enum(['model', 'sampled', 'adopted'])
        .describe(
          'model: the prediction is the label. sampled: a draw from what the model believes. adopted: the truth, but what the model flags is recorded as 1 by who trusts it.',
        ),
      model: identifier.describe('The model that says so.'),
      trust: formula.default(1).describe('Probability with which it is trusted (adopted).'),
    })
    .optional()
    .describe('Who says what the label is, where it is not the truth.'),
  share: share.default(1).describe('Share of records it acts on, anew each step.'),
});
