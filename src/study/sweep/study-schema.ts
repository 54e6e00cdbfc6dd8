/** The file of a study: which scenario is run, over what, and what is kept. Flags of `driftloop sweep` have the same names. */
import { z } from 'zod';
import { DESIGNS } from './design.js';
import { SCRAMBLES } from './scramble.js';

/** What is kept of each run: its measures, or a row for each of its steps. */
export const KEEPS = ['final', 'trace'] as const;
export type Keep = (typeof KEEPS)[number];

export const MOST_RUNS = 1_000_000;
const MOST_AXES = 40;

const measureName = z
  .string()
  .regex(/^[A-Za-z][\w.]*$/, 'a name of letters, digits, dots and underscores')
  .max(60);

export const studySchema = z.strictObject({
  study: z.string().min(1).max(200).optional().describe('What it is called.'),
  scenario: z.string().min(1).describe('The scenario file, from where the study file stands.'),
  data: z.string().optional().describe("The CSV file of the scenario's rows, or the folder it is in."),
  set: z.record(z.string(), z.unknown()).default({}).describe('Values by path, the same in every run.'),
  off: z.array(z.string()).default([]).describe('Mechanisms that are switched off in every run.'),
  over: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.unknown())]))
    .refine((over) => Object.keys(over).length > 0, 'nothing is varied')
    .refine((over) => Object.keys(over).length <= MOST_AXES, `more than ${MOST_AXES} parameters are varied`)
    .describe('Parameters by path, each with a list of values or a range: `0..20 by 5`, `0.001..10 5 points log`.'),
  design: z.enum(DESIGNS).default('grid').describe('Which points of the parameters are run.'),
  points: z.int().min(1).max(MOST_RUNS).optional().describe('How many, for designs other than the grid.'),
  scramble: z.enum(SCRAMBLES).optional().describe("Of a Sobol' sequence: owen (default), shift or none."),
  seeds: z.int().min(1).max(100_000).optional().describe('Runs of each point. Default: 10 in a grid, else 1.'),
  seed: z.int().min(0).optional().describe("The first seed. Default: the scenario's own."),
  keep: z.enum(KEEPS).default('final').describe('A row for each run, or for each step of each run.'),
  measures: z
    .record(measureName, z.string().min(1))
    .optional()
    .describe('Numbers of a run by name, in the words of expectations: `final(actual.accuracy) - lab.accuracy`.'),
});

export type StudyFile = z.infer<typeof studySchema>;

/** For editors, as `driftloop schema --study` prints it. */
export const studyJsonSchema = (): object => z.toJSONSchema(studySchema, { io: 'input' });
