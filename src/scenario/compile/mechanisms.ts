/** Mechanisms: what moves the world, what the pipeline makes of it, how people react, and what gets recorded. */
import type { Mechanism, Rewriting } from '../../core/rewrite.js';
import type { Plan, Response } from '../../loop/plan.js';
import type { Place } from '../names.js';
import type { Scenario } from '../schema.js';
import { type Context, targetOf } from './context.js';
import { LINEAR } from './models.js';

/** The world's own changes, of early fields and of late ones. */
export function drift(c: Context): Rewriting[] {
  uniqueNames(c, 'drift', c.scenario.drift);
  return c.scenario.drift.map((spec, index) => {
    c.known(spec.field, [...c.fields.keys()], ['drift', index, 'field'], 'a field');
    const isLate = c.late.has(spec.field);
    const own = { field: spec.field, slot: spec.field };
    const place = isLate ? 'after' : 'drift';
    return {
      ...mechanism(c, 'drift', index, spec, place, 'trait', own),
      column: spec.field,
      becomes: c.formula(spec.becomes, ['drift', index, 'becomes'], place, {
        own,
        levels: c.levelsOf(spec.field),
      }),
      missing: 0,
      memory: 1,
    };
  });
}

/** What the pipeline makes of what people show. */
export function sense(c: Context): Rewriting[] {
  uniqueNames(c, 'sense', c.scenario.sense);
  return c.scenario.sense.map((spec, index) => {
    const path = ['sense', index];
    c.known(spec.field, c.early(), [...path, 'field'], 'a field that the pipeline can see');
    if (spec.becomes === undefined && spec.missing === undefined)
      c.report(path, 'it does nothing', { expected: '`becomes` or `missing`' });
    const own = { field: spec.field, slot: `seen.${spec.field}` };
    return {
      ...mechanism(c, 'sense', index, spec, 'sense', 'fresh', own),
      column: own.slot,
      becomes:
        spec.becomes === undefined
          ? null
          : c.formula(spec.becomes, [...path, 'becomes'], 'sense', { own, levels: c.levelsOf(spec.field) }),
      missing: spec.missing ?? 0,
      memory: 1,
    };
  });
}

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
      becomes: c.formula(spec.becomes, [...path, 'becomes'], place, { own, levels: c.levelsOf(spec.field) }),
      missing: 0,
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
        becomes: c.formula(spec.becomes, [...path, 'becomes'], 'collect', { own }),
        missing: 0,
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

/** What every mechanism has. */
function mechanism(
  c: Context,
  block: string,
  index: number,
  spec: { name: string; off: boolean; from: number; to?: number; where?: string | number; share?: number },
  place: Place,
  chosen: Mechanism['chosen'],
  own?: { field: string; slot: string },
): Mechanism {
  if (spec.to !== undefined && spec.to <= spec.from) {
    c.report([block, index, 'to'], `it ends at step ${spec.to}, before it begins at ${spec.from}`);
  }
  return {
    id: `${block}.${spec.name}`,
    off: spec.off,
    from: spec.from,
    to: spec.to ?? Number.POSITIVE_INFINITY,
    where: spec.where === undefined ? null : c.formula(spec.where, [block, index, 'where'], place, own ? { own } : {}),
    share: spec.share ?? 1,
    chosen,
  };
}

function uniqueNames(c: Context, block: string, specs: readonly { name: string }[]): void {
  const seen = new Set<string>();
  specs.forEach(({ name }, index) => {
    if (seen.has(name)) c.report([block, index, 'name'], `two mechanisms of \`${block}\` are called "${name}"`);
    seen.add(name);
  });
}
