/** A scenario under the changes that its expectations name: those with the same changes share their runs. */
import { checkExpectation } from '../scenario/expect.js';
import type { LoadedScenario } from '../scenario/load.js';

export interface ExpectedUnder {
  /** The changes; null: the scenario as it stands. */
  readonly set: Readonly<Record<string, unknown>> | null;
  readonly loaded: LoadedScenario;
  /** Places of the expectations that speak of it. */
  readonly indices: readonly number[];
  /** Whether one of them is a negative control: what is expected of the scenario as it stands is judged here, too. */
  readonly control: boolean;
}

/** In the order in which the file names them. */
export function expectedUnder(loaded: LoadedScenario): ExpectedUnder[] {
  const groups = new Map<string, number[]>();
  const { expect } = loaded.scenario;
  expect.forEach(({ with: set }, index) => {
    const key = JSON.stringify(set ?? null);
    groups.set(key, [...(groups.get(key) ?? []), index]);
  });
  return [...groups.values()].map((indices) => {
    const set = expect[indices[0]].with ?? null;
    return {
      set,
      loaded: set === null ? loaded : loaded.with(set),
      indices,
      control: indices.some((index) => expect[index].control),
    };
  });
}

/** The series that expectations read. */
export function namesRead(loaded: LoadedScenario, expectations: readonly { readonly that: string }[]): string[] {
  const known = [...loaded.readers.keys()];
  return [...new Set(expectations.flatMap(({ that }) => [...checkExpectation(that, known).reads]))];
}
