/** Parts that every block of the scenario file is made from. */
import { z } from 'zod';

/** A formula, or a plain number. */
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
