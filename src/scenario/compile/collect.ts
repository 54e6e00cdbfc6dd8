/** Collection: what gets recorded is not what happened. */
import { becomes, type Form, type Rewriting } from '../../core/rewrite.js';
import type { Plan } from '../../loop/plan.js';
import { censor, flip, label } from '../../system/collect/index.js';
import { noise } from '../../system/sense/index.js';
import type { Path } from '../diagnostic.js';
import type { Scenario } from '../schema.js';
import { type Context, targetOf } from './context.js';
import { mechanism, uniqueNames } from './mechanism.js';

type Spec = Scenario['collect'][number];

/** What rewrites a label, of which a mechanism has one; and what selects records, of which it may have several. */
const LABELS = ['becomes', 'flip', 'noise', 'censor', 'label'] as const;
const SELECTS = ['only', 'keep', 'importance', 'delay'] as const;

/** What gets recorded: labels that are rewritten, and who is recorded when. */
export function collect(c: Context): { labels: Rewriting[]; selections: Plan['selections'] } {
  uniqueNames(c, 'collect', c.scenario.collect);
  const labels: Rewriting[] = [];
  const selections: Plan['selections'][number][] = [];
  const targets = Object.values(c.scenario.models).map((spec) => targetOf(c.scenario, spec));
  const expected = c.scenario.population.nodes !== undefined;
  c.scenario.collect.forEach((spec, index) => {
    const path = ['collect', index];
    const [name, other] = LABELS.filter((form) => spec[form] !== undefined);
    const selects = SELECTS.some((key) => spec[key] !== undefined);
    if (other !== undefined)
      c.report([...path, other], `it has both \`${name}\` and \`${other}\``, { expected: 'one of them' });
    if (name === undefined && spec.field !== undefined)
      c.report(path, 'it does not say what becomes of the label', { expected: `one of ${LABELS.join(', ')}` });
    else if (name === undefined && !selects)
      c.report(path, 'it does nothing', { expected: `one of ${[...SELECTS, ...LABELS].join(', ')}` });
    if (name !== undefined) {
      const field = spec.field ?? c.scenario.outcome.field;
      c.known(field, targets, spec.field === undefined ? path : [...path, 'field'], 'the target of a model');
      const own = { field, slot: `recorded.${field}` };
      const form = formOf(c, spec, path, own, expected);
      const common = mechanism(c, 'collect', index, spec, 'collect', 'fresh', own);
      labels.push({ ...common, column: own.slot, form, memory: 1 });
    }
    if (selects) {
      const formula = (key: 'only' | 'keep' | 'importance') =>
        spec[key] === undefined ? null : c.formula(spec[key], [...path, key], 'collect');
      selections.push({
        ...mechanism(c, 'collect', index, spec, 'collect', 'fresh'),
        only: formula('only'),
        keep: formula('keep'),
        importance: formula('importance'),
        expected,
        delay: spec.delay ?? 0,
      });
    }
  });
  return { labels, selections };
}

function formOf(c: Context, spec: Spec, path: Path, own: { field: string; slot: string }, expected: boolean): Form {
  const formula = (source: string | number, ...keys: string[]) =>
    c.formula(source, [...path, ...keys], 'collect', { own });
  const isBinary = c.fields.get(own.field)?.binary ?? false;
  if (spec.flip !== undefined) {
    if (!isBinary)
      c.report([...path, 'flip'], `\`${own.field}\` is numeric`, { expected: '`noise`, or a binary label' });
    return flip(formula(spec.flip, 'flip'), expected);
  }
  if (spec.noise !== undefined) {
    if (isBinary) c.report([...path, 'noise'], `\`${own.field}\` is 0 or 1`, { expected: '`flip`' });
    return noise(formula(spec.noise, 'noise'));
  }
  if (spec.censor !== undefined) return censor(formula(spec.censor, 'censor'));
  if (spec.label !== undefined) {
    const { from, model, trust } = spec.label;
    c.known(model, Object.keys(c.scenario.models), [...path, 'label', 'model'], 'a model');
    if (from === 'adopted' && !isBinary)
      c.report([...path, 'label', 'from'], `\`${own.field}\` is numeric: nothing is flagged`, {
        expected: '`model` or `sampled`',
      });
    return label({
      from,
      model,
      binary: isBinary,
      threshold: c.scenario.models[model]?.threshold ?? 0.5,
      trust: formula(trust, 'label', 'trust'),
      expected,
    });
  }
  return becomes(formula(spec.becomes ?? 0, 'becomes'));
}
