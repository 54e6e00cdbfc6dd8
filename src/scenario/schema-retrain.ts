/** The schema of retraining: when a model learns, on what, and how what it has learnt comes into service. */
import { z } from 'zod';
import { share, stepNumber, whole } from './schema-basics.js';

const confidence = z
  .number()
  .min(0.5)
  .lt(1)
  .optional()
  .describe('With which a version must be better, one-sided. Default 0.5: any advantage counts.');
const metric = z.string().min(1).max(60).describe('An observed metric of the model, such as `accuracy`.');
const worse = z.enum(['low', 'high']).optional().describe('Which way is bad. Default: by the metric.');
const memory = z.int().min(1).max(10_000).default(10).describe('Values that are remembered.');
const level = z.enum(['warning', 'alarm']);

const trigger = z.union([
  z.enum(['never', 'manual']),
  z.strictObject({ every: z.int().min(1).describe('At the end of every k-th step.') }),
  z.strictObject({ at: z.array(stepNumber).describe('At the end of these steps.') }),
  z.strictObject({
    random: share.describe('With this probability at each step: the yardstick of triggers that know something.'),
  }),
  z.strictObject({
    alarm: z
      .union([z.string().min(1).max(80), z.array(z.string().min(1).max(80)).min(1).max(100)])
      .describe('A monitor or several, by name; `any`: any of them.'),
    level: level.optional().describe('Default: alarm.'),
  }),
  z.strictObject({ metric, above: z.number().describe('At this value or above it.') }),
  z.strictObject({ metric, below: z.number().describe('At this value or below it.') }),
  z.strictObject({
    metric,
    quantile: z.number().gt(0).lt(0.5).describe('Beyond this quantile of the latest values, on the bad side.'),
    of: memory,
    worse,
  }),
  z.strictObject({
    metric,
    deviation: z.number().positive().describe('At least so much worse than the mean of the latest values.'),
    relative: z.boolean().default(false).describe('The deviation is a share of the mean.'),
    of: memory,
    worse,
  }),
  z.strictObject({
    staleness: z
      .enum(['cumulative', 'now'])
      .describe(
        'Cost-aware: when what the old version costs more than when it was new exceeds the price of a training and its deployment. cumulative: since it is in service. now: at the latest labels, times the horizon.',
      ),
    over: z.number().positive().default(1).describe('How many times the price.'),
    horizon: z.int().min(1).default(20).describe('Steps that a loss of now is thought to last (now).'),
    baseline: z.int().min(1).max(1000).default(1).describe('Labelled steps that say what a new version costs.'),
  }),
]);

const window = z.union([
  z.literal('all'),
  z.strictObject({
    last: z.int().min(1).describe('Records of the last k steps: more than labels are late, or nothing is ever learnt.'),
    lab: z.boolean().optional().describe('The lab beside them. Default: no.'),
  }),
  z.strictObject({
    rows: z.int().min(1).max(10_000_000).describe('A sliding window: the newest n rows, the lab being the oldest.'),
  }),
  z.strictObject({ since: level.describe('Records from the last warning or alarm on; before there is one, all.') }),
  z.strictObject({ halfLife: z.number().positive().describe('All records; each half as heavy after so many steps.') }),
  z.strictObject({
    reservoir: z.int().min(1).max(1_000_000).describe('So many rows, each that ever arrived as likely as any other.'),
  }),
]);

export const retrain = z.strictObject({
  when: trigger.default('never').describe('When the model learns, at the end of a step.'),
  cool: whole.optional().describe('Steps that pass after a training before the next one. Default 0.'),
  budget: whole.optional().describe('Trainings in all. Default: as many as the trigger asks for.'),
  window: window.default('all').describe('Records trained on: all is the lab, too, where the model was trained there.'),
  gate: z
    .strictObject({
      holdout: z
        .number()
        .gt(0)
        .max(0.9)
        .describe(
          'Share of the labelled rows that no version learns from: the champion and the challenger meet there.',
        ),
      confidence,
    })
    .optional()
    .describe('A new version is deployed only if it beats the one in service on rows that neither has learnt from.'),
  labels: z
    .strictObject({
      budget: z.int().min(1).optional().describe('Labels in the whole run. Default: as many as there are.'),
      perStep: z.int().min(1).optional().describe('Labels of each step. Default: as many as there are.'),
    })
    .optional()
    .describe('How many labels are bought, drawn at random among the recorded rows. Default: all.'),
  deploy: z
    .strictObject({
      every: z.int().min(1).default(1).describe('Every k-th training is deployed.'),
      lag: whole.default(0).describe('Steps between the training and the deployment.'),
      shadow: z.int().min(1).optional().describe('Steps of labels for which a new version only watches.'),
      canary: z
        .strictObject({
          share: z.number().gt(0).lt(1).describe('Share of people whom the new version serves, drawn anew each step.'),
          steps: z.int().min(1).describe('Steps of labels until it is judged.'),
        })
        .optional()
        .describe('A new version serves a share first.'),
      rollback: z
        .int()
        .min(1)
        .optional()
        .describe('Steps of labels after which the old version comes back where it would have been better.'),
      confidence,
    })
    .default({ every: 1, lag: 0 })
    .describe('Deployed at every k-th training, after a lag in steps, and what is tried before and after.'),
});
