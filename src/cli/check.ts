/** `driftloop check`: everything that is wrong with scenario files, without running them. */
import { type Diagnostic, ScenarioError } from '../scenario/diagnostic.js';
import { loadScenario } from '../scenario/load.js';
import { assignments } from '../scenario/override.js';
import { EXIT } from './exit.js';
import { ink } from './ink.js';
import { diagnosticText, print } from './report.js';

export async function checkVerb(
  files: readonly string[],
  { data, json, set = [] }: { data?: string; json?: boolean; set?: readonly string[] },
): Promise<void> {
  const overrides = assignments(set);
  const diagnostics: Diagnostic[] = [];
  for (const file of files) {
    try {
      const { plan, scenario } = await loadScenario(file, { set: overrides, ...(data === undefined ? {} : { data }) });
      const models = plan.models.length === 1 ? '1 model' : `${plan.models.length} models`;
      if (!json) print(`${ink.green('✓')} ${file}: ${scenario.name}, ${plan.steps} steps, ${models}`);
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      diagnostics.push(...error.diagnostics);
      if (!json) for (const diagnostic of error.diagnostics) print(diagnosticText(diagnostic));
    }
  }
  if (json) print(JSON.stringify({ ok: diagnostics.length === 0, diagnostics }));
  if (diagnostics.length > 0) process.exitCode = EXIT.usage;
}
