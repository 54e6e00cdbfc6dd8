/** A scenario under a retraining policy. */
import { blindWindows } from './blind-window.js';
import { ScenarioError } from './diagnostic.js';
import type { LoadedScenario } from './load.js';
import { type Policy, policyOverrides } from './policy.js';

/** The scenario under a policy. Throws a `ScenarioError` where it cannot take it, or where nothing would ever be learnt. */
export function underPolicy(loaded: LoadedScenario, policy: Policy): LoadedScenario {
  const overrides = policyOverrides(loaded, policy);
  if (Object.keys(overrides).length === 0) return loaded;
  const changed = loaded.with(overrides);
  const blind = blindWindows(changed);
  if (blind.length === 0) return changed;
  throw new ScenarioError(
    blind.map(({ expected, message }) => {
      return { file: `policy ${policy.name}`, line: 1, column: 1, message, expected, nearest: null };
    }),
  );
}
