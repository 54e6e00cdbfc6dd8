/** What was asked cannot be had; the words are for whoever asked. */
import { type Diagnostic, ScenarioError } from '../scenario/diagnostic.js';

export class Refused extends Error {
  override readonly name = 'Refused';
  constructor(
    message: string,
    readonly diagnostics?: readonly Diagnostic[],
    readonly status = 400,
  ) {
    super(message);
  }
}

/** Where a scenario is not as it should be. */
export const unfit = (diagnostics: readonly Diagnostic[]): Refused =>
  new Refused(
    diagnostics.length === 1
      ? 'There is a problem with the scenario.'
      : `There are ${diagnostics.length} problems with the scenario.`,
    diagnostics,
  );

/** Turns a problem of the scenario into a refusal. */
export function orRefused<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw error instanceof ScenarioError ? unfit(error.diagnostics) : error;
  }
}
