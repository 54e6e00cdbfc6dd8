/** Collection: what gets recorded is not what happened. */
import { becomes, type Rewriting } from '../../core/rewrite.js';
import type { Plan } from '../../loop/plan.js';
import { type Context, targetOf } from './context.js';
import { mechanism, uniqueNames } from './mechanism.js';

/** What gets recorded: labels that are rewritten, and who is recorded when. */
export function collect(c: Context): { labels: Rewriting[]; selections: Plan['selections'] } {
  uniqueNames(c, 'collect', c.scenario.collect);
  const labels: Rewriting[] = [];
  const selections: Plan['selections'][number][] = [];
  const targets = Object.values(c.scenario.models).map((spec) => targetOf(c.scenario, spec));
  c.scenario.collect.forEach((spec, index) => {
    const path = ['collect', index];
    if ((spec.field === undefined) !== (spec.becomes === undefined))
      c.report(path, '`field` and `becomes` go together');
    if (spec.field === undefined && spec.only === undefined && spec.delay === undefined) {
      c.report(path, 'it does nothing', { expected: '`only`, `delay`, or `field` with `becomes`' });
    }
    if (spec.field !== undefined && spec.becomes !== undefined) {
      c.known(spec.field, targets, [...path, 'field'], 'the target of a model');
      const own = { field: spec.field, slot: `recorded.${spec.field}` };
      labels.push({
        ...mechanism(c, 'collect', index, spec, 'collect', 'fresh', own),
        column: own.slot,
        form: becomes(c.formula(spec.becomes, [...path, 'becomes'], 'collect', { own })),
        memory: 1,
      });
    }
    if (spec.only !== undefined || spec.delay !== undefined) {
      selections.push({
        ...mechanism(c, 'collect', index, spec, 'collect', 'fresh'),
        only: spec.only === undefined ? null : c.formula(spec.only, [...path, 'only'], 'collect'),
        delay: spec.delay ?? 0,
      });
    }
  });
  return { labels, selections };
}
