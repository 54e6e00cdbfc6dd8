/** Responses: how people and the world react to the model. */
import { becomes, type Rewriting } from '../../core/rewrite.js';
import type { Response } from '../../loop/plan.js';
import type { Scenario } from '../schema.js';
import type { Context } from './context.js';
import { mechanism, uniqueNames } from './mechanism.js';
import { LINEAR } from './models.js';

/** How people react: before the prediction, and after the outcome. */
export function responses(c: Context): { before: Response[]; after: Rewriting[] } {
  uniqueNames(c, 'respond', c.scenario.respond);
  const before: Response[] = [];
  const after: Rewriting[] = [];
  c.scenario.respond.forEach((spec, index) => {
    const path = ['respond', index];
    if (spec.strategic !== undefined) {
      if (spec.field !== undefined || spec.becomes !== undefined)
        c.report(path, 'it has both `strategic` and `field`', { expected: 'one of them' });
      before.push({ kind: 'strategic', response: strategic(c, spec, index) });
      return;
    }
    if (spec.field === undefined || spec.becomes === undefined) {
      c.report(path, 'it does nothing', { expected: '`field` with `becomes`, or `strategic`' });
      return;
    }
    c.known(spec.field, c.early(), [...path, 'field'], 'a field of the population');
    const isAfter = spec.when === 'after';
    const slot = isAfter ? `base.${spec.field}` : spec.moves === 'shown' ? `shown.${spec.field}` : spec.field;
    const own = { field: spec.field, slot };
    const place = isAfter ? 'after' : 'respond';
    const rewriting: Rewriting = {
      ...mechanism(c, 'respond', index, spec, place, 'trait', own),
      column: slot,
      form: becomes(c.formula(spec.becomes, [...path, 'becomes'], place, { own, levels: c.levelsOf(spec.field) })),
      memory: spec.memory,
    };
    if (isAfter) after.push(rewriting);
    else before.push({ kind: 'rewrite', rewriting });
  });
  return { before, after };
}

/** A best response to a deployed model. */
function strategic(
  c: Context,
  spec: Scenario['respond'][number],
  index: number,
): Extract<Response, { kind: 'strategic' }>['response'] {
  const path = ['respond', index, 'strategic'];
  const strategic = spec.strategic as NonNullable<typeof spec.strategic>;
  const { cost, fields, gain, model, strength, threshold, wants } = strategic;
  if (spec.when === 'after') c.report(['respond', index, 'when'], 'people respond strategically before the prediction');
  if (c.known(model, Object.keys(c.scenario.models), [...path, 'model'], 'a model')) {
    const features = c.scenario.models[model].features;
    fields.forEach((field, k) => {
      if (c.known(field, features, [...path, 'fields', k], `a feature of \`${model}\``) && c.levelsOf(field) !== null) {
        c.report([...path, 'fields', k], `\`${field}\` is a category: people cannot shift it`);
      }
      if (c.late.has(field) || Object.hasOwn(c.scenario.models, field))
        c.report([...path, 'fields', k], `people cannot shift \`${field}\``);
    });
    const others = features.filter((name) => Object.hasOwn(c.scenario.models, name));
    if (threshold !== undefined && others.length > 0) {
      c.report([...path, 'model'], `\`${model}\` reads \`${others[0]}\`, which nobody knows before it predicts`, {
        expected: 'a model of fields alone, or `strength`',
      });
    }
    if (!LINEAR.has(c.scenario.models[model].learner)) {
      c.report([...path, 'model'], `\`${model}\` has no coefficients to respond to`, {
        expected: 'a linear or logistic model',
      });
    }
  }
  if ((strength === undefined) === (threshold === undefined))
    c.report(path, 'it says either `strength` or `threshold`');
  return {
    ...mechanism(c, 'respond', index, spec, 'respond', 'trait'),
    model,
    fields,
    direction: wants === 'high' ? 1 : -1,
    layer: spec.moves === 'shown' ? 'shown' : 'true',
    reads: (c.scenario.models[model]?.features ?? []).filter((name) => c.fields.has(name)),
    memory: spec.memory,
    rule:
      threshold === undefined
        ? { kind: 'linear', strength: strength ?? 0 }
        : { kind: 'threshold', threshold, cost, gain },
  };
}
