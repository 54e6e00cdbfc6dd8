/** The kinds of values that the keys of a scenario take. */
import { z } from 'zod';

/** A formula over the columns of a place in the step, or a plain number. */
export const formula = z
  .union([z.string(), z.number()])
  .meta({ title: 'formula', description: 'A formula over columns, or a number.' });

/** A name that formulas can use: letters, digits and underscores. */
export const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
export const identifier = z.string().regex(IDENTIFIER, 'a name of letters, digits and underscores').max(60);
export const label = z.string().min(1).max(80).describe('A name, unique in its block.');
export const share = z.number().min(0).max(1);
export const whole = z.int().min(0);
export const stepNumber = z.int().min(0);

/** A member of a table: what it does in one sentence, and its keys. Schema and reference come of it. */
export interface Described<K extends z.ZodRawShape = z.ZodRawShape> {
  readonly about: string;
  readonly keys: K;
}

/** Names of the members of a table, sorted: a table may be a module, whose order bundlers change. */
export const namesOf = <T extends object>(table: T): (keyof T & string)[] =>
  (Object.keys(table) as (keyof T & string)[]).sort();

/** One key for each member of a table: a block with the member's keys. */
export const blocksOf = <T extends Readonly<Record<string, Described>>>(table: T): Blocks<T> =>
  Object.fromEntries(
    namesOf(table).map((name) => [name, z.strictObject(table[name].keys).optional().describe(table[name].about)]),
  ) as Blocks<T>;

type Blocks<T extends Readonly<Record<string, Described>>> = {
  [N in keyof T]: z.ZodOptional<z.ZodObject<T[N]['keys'], z.core.$strict>>;
};
