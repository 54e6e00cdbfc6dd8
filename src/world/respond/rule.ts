/** What a response rule is: its keys, where in the step it acts, and what it makes of the values that it finds. */
import type { z } from 'zod';
import type { Formula } from '../../core/formula/index.js';
import type { Described } from '../../core/keys.js';
import type { Form } from '../../core/rewrite.js';

export interface ResponseRule<K extends z.ZodRawShape = z.ZodRawShape> extends Described<K> {
  /**
   * `outcome`: it moves the outcome as it happens. `after`: it moves a field once the outcome has happened, and that is
   * carried to the next step. `either`: it moves a field before the prediction or after the outcome, as `when` says.
   */
  readonly acts: 'outcome' | 'after' | 'either';
  /** Whether what it moves must be a number. An outcome of 0 and 1 is moved by its probability. */
  readonly numeric: boolean;
  /** `keys`: what the scenario says under them. */
  form(keys: z.output<z.ZodObject<K>>, scenario: Asked<Extract<keyof K, string>>): Form;
}

/** What a rule may ask of the scenario that it stands in. What is wrong is reported at the key, and all is checked. */
export interface Asked<K extends string> {
  /** The formula that stands under a key, compiled for the place at which the rule acts. */
  formula(key: K): Formula;
  /** The same; null where the key is left out. */
  optionalFormula(key: K): Formula | null;
  /** The name under a key: of a model. */
  model(key: K): string;
  /** The name under a key: of a category; null where the key is left out. */
  category(key: K): string | null;
  /** The column of the outcome. */
  readonly outcome: string;
}

export const responseRule = <K extends z.ZodRawShape>(rule: ResponseRule<K>): ResponseRule<K> => rule;
