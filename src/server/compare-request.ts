/** The body of `POST /api/compare`, checked. */
import { z } from 'zod';
import type { CompareRequest } from './protocol.js';

export const MOST_POLICIES = 8;
export const MOST_SEEDS = 50;
export const MOST_SCENARIO_CHARACTERS = 64 * 1024;

const path = z.string().min(1).max(200);
const name = z.string().trim().min(1).max(80);

const policy = z.strictObject({
  name,
  set: z.record(path, z.json()).refine((set) => Object.keys(set).length <= 16, 'at most 16 values'),
});

const body = z
  .strictObject({
    scenario: z.string().min(1).max(200).optional(),
    text: z.string().max(MOST_SCENARIO_CHARACTERS).optional(),
    set: z
      .record(path, z.union([z.number(), z.string().max(4000), z.boolean()]))
      .refine((set) => Object.keys(set).length <= 64, 'at most 64 values')
      .optional(),
    off: z.array(path).max(100).optional(),
    policies: z
      .array(policy)
      .min(1)
      .max(MOST_POLICIES)
      .refine((all) => new Set(all.map((one) => one.name)).size === all.length, 'two policies have the same name'),
    seed: z
      .int()
      .min(0)
      .max(Number.MAX_SAFE_INTEGER - MOST_SEEDS)
      .optional(),
    seeds: z.int().min(1).max(MOST_SEEDS).optional(),
  })
  .refine(({ scenario, text }) => (scenario === undefined) !== (text === undefined), {
    message: 'expected exactly one of `scenario` and `text`',
  });

export type Checked =
  | { readonly request: CompareRequest; readonly error: null }
  | { readonly request: null; readonly error: string };

/** The first few things that are wrong are told, each with its place. */
export function checkCompareRequest(value: unknown): Checked {
  const found = body.safeParse(value);
  if (found.success) return { request: found.data, error: null };
  const told = found.error.issues.slice(0, 3).map((issue) => {
    const place = issue.path.map(String).join('.');
    return place === '' ? issue.message : `${place}: ${issue.message}`;
  });
  return { request: null, error: told.join('; ') };
}
