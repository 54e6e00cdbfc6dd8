/** Responses: how people and the world react to the model. */
import { namesOf } from '../../core/keys.js';
import { becomes, type Form, type Rewriting } from '../../core/rewrite.js';
import type { Response } from '../../loop/plan.js';
import { type Participation, RESPONSES, type ResponseRule } from '../../world/respond/index.js';
import type { Path } from '../diagnostic.js';
import type { Place } from '../names.js';
import type { Scenario } from '../schema.js';
import type { Context } from './context.js';
import { mechanism, uniqueNames } from './mechanism.js';
import { LINEAR } from './models.js';

type Spec = Scenario['respond'][number];

type RuleName = keyof typeof RESPONSES;
type FormName = 'becomes' | RuleName;

/** The forms of which a response has one. */
const FORMS = ['becomes', ...namesOf(RESPONSES)] as const;

/** The rule of that name; null of the general form, and of what moves other things than one field. */
function ruleOf(name: FormName): ResponseRule | null {
  const rule = name === 'becomes' ? null : RESPONSES[name];
  return rule !== null && 'form' in rule ? (rule as ResponseRule) : null;
}

export interface Responses {
  readonly before: Response[];
  /** Of the outcome and its kin, as they happen. */
  readonly late: Rewriting[];
  readonly after: Rewriting[];
  readonly participation: Participation[];
}

/** How people react: before the prediction, with the outcome, and after it. */
export function responses(c: Context): Responses {
  uniqueNames(c, 'respond', c.scenario.respond);
  const made: Responses = { before: [], late: [], after: [], participation: [] };
  c.scenario.respond.forEach((spec, index) => {
    const path = ['respond', index];
    const [name, other] = FORMS.filter((form) => spec[form] !== undefined);
    if (name === undefined) {
      c.report(path, 'it does nothing', {
        expected: `\`field\` with \`becomes\`, or one of ${FORMS.slice(1).join(', ')}`,
      });
    } else if (other !== undefined) {
      c.report(path, `it has both \`${name}\` and \`${other}\``, { expected: 'one of them' });
    } else if (name === 'strategic') {
      if (spec.field !== undefined) c.report(path, 'it has both `strategic` and `field`', { expected: 'one of them' });
      made.before.push({ kind: 'strategic', response: strategic(c, spec, index), delay: spec.delay ?? 0 });
    } else if (name === 'participation') {
      made.participation.push(participation(c, spec, index));
    } else place(c, spec, index, name, made);
  });
  return made;
}

/** A response that moves a field, put where it belongs. */
function place(c: Context, spec: Spec, index: number, name: FormName, made: Responses): void {
  const path = ['respond', index];
  const rule = ruleOf(name);
  const acts = rule?.acts ?? 'either';
  const field = spec.field ?? (acts === 'outcome' ? c.scenario.outcome.field : undefined);
  if (field === undefined) {
    c.report(path, 'it names no field', { expected: `\`field\` beside \`${name}\`` });
    return;
  }
  const isLate = c.late.has(field);
  const isAfter = spec.when === 'after' || acts === 'after';
  const candidates = { outcome: [...c.late], after: c.early(), either: [...c.early(), ...c.late] }[acts];
  if (!c.known(field, candidates, [...path, 'field'], acts === 'outcome' ? 'the outcome' : 'a field of the population'))
    return;
  if (isLate && isAfter) {
    c.report([...path, 'field'], `\`${field}\` has happened: nothing of it is carried to the next step`, {
      expected: 'a field of the population',
    });
  }
  if (isLate && (spec.delay ?? 0) > 0) c.report([...path, 'delay'], 'the outcome follows the prediction at once');
  if (isAfter && (spec.delay ?? 0) > 0 && c.levelsOf(field) !== null)
    c.report([...path, 'delay'], `\`${field}\` is a category: its changes cannot be put off`);
  if (isAfter) checkNodes(c, spec, index, field, name);
  const layer = spec.moves === 'shown' ? `shown.${field}` : field;
  const slot = isLate ? field : isAfter ? `base.${field}` : layer;
  const own = { field, slot };
  const at: Place = isLate ? 'outcome' : isAfter ? 'after' : 'respond';
  const form = formOf(c, spec, name, path, at, own);
  const rewriting: Rewriting = {
    ...mechanism(c, 'respond', index, spec, at, 'trait', own),
    column: slot,
    form,
    memory: spec.memory,
    ...(isAfter && spec.delay !== undefined ? { delay: spec.delay } : {}),
  };
  if (isLate) made.late.push(rewriting);
  else if (isAfter) made.after.push(rewriting);
  else made.before.push({ kind: 'rewrite', rewriting, delay: spec.delay ?? 0 });
}

/** Over nodes, weight moves from node to node: a node keeps nothing of who was there. */
function checkNodes(c: Context, spec: Spec, index: number, field: string, name: FormName): void {
  const { nodes } = c.scenario.population;
  if (nodes === undefined) return;
  const path = ['respond', index];
  if (!Object.hasOwn(nodes, field)) {
    if (name === 'impact')
      c.report([...path, 'field'], 'over nodes, people move from node to node', { expected: 'a field of `nodes`' });
    return;
  }
  const key = (['delay', 'share'] as const).find((k) => spec[k] !== undefined && spec[k] !== (k === 'share' ? 1 : 0));
  if (key !== undefined || spec.memory < 1)
    c.report([...path, key ?? 'memory'], 'a node does not keep who was there', { expected: 'an effect at once' });
  if (name === 'preference' && spec.preference?.anchor !== 0)
    c.report([...path, 'preference', 'anchor'], 'a node does not keep where people came from', { expected: '0' });
  if (c.scenario.respond.some(({ participation: leaves }) => leaves !== undefined))
    c.report(path, 'over nodes, people either move or leave', { expected: '`participation` alone, or people drawn' });
}

function formOf(
  c: Context,
  spec: Spec,
  name: FormName,
  path: Path,
  place: Place,
  own: { field: string; slot: string },
): Form {
  // The value that is found has a name here, also where the outcome is still on its way.
  const also = place === 'outcome' ? new Set([own.field]) : undefined;
  const levels = c.levelsOf(own.field);
  const rule = ruleOf(name);
  if (rule === null) return becomes(c.formula(spec.becomes ?? 0, [...path, 'becomes'], place, { own, also, levels }));
  if (rule.numeric && levels !== null) c.report([...path, 'field'], `\`${own.field}\` is a category`);
  if (rule.numeric && place === 'outcome') checkProbability(c, own.field, [...path, name]);
  const keys = spec[name] as Readonly<Record<string, string | number | undefined>>;
  const formula = (key: string) => c.formula(keys[key] ?? 0, [...path, name, key], place, { own, also });
  return rule.form(keys, {
    formula,
    optionalFormula: (key) => (keys[key] === undefined ? null : formula(key)),
    model: (key) => modelAt(c, String(keys[key]), [...path, name, key]),
    category: (key) => (keys[key] === undefined ? null : categoryAt(c, String(keys[key]), [...path, name, key])),
    outcome: c.scenario.outcome.field,
  });
}

function modelAt(c: Context, name: string, path: Path): string {
  c.known(name, Object.keys(c.scenario.models), path, 'a model');
  return name;
}

function categoryAt(c: Context, name: string, path: Path): string {
  if (c.known(name, c.early(), path, 'a field') && c.levelsOf(name) === null)
    c.report(path, `\`${name}\` is no category`);
  return name;
}

/** Half of an outcome of 0 and 1 is none: what moves is its probability. */
function checkProbability(c: Context, field: string, path: Path): void {
  const node = c.fields.get(field);
  const isDrawn = typeof node?.spec === 'object' && 'probability' in node.spec;
  if (node?.binary && !isDrawn)
    c.report(path, `\`${field}\` is 0 or 1: there is nothing between`, { expected: 'an outcome with `probability`' });
}

function participation(c: Context, spec: Spec, index: number): Participation {
  const path = ['respond', index, 'participation'];
  const { arrive, stay } = spec.participation as NonNullable<Spec['participation']>;
  const expected = c.scenario.population.nodes !== undefined;
  if (spec.field !== undefined) c.report(['respond', index, 'field'], 'people leave with all their fields');
  if ((spec.delay ?? 0) > 0) c.report(['respond', index, 'delay'], 'who leaves is not there at the next step');
  if (c.scenario.population.turnover >= 1)
    c.report(path, 'nobody stays to the next step', { expected: '`population.turnover` below 1' });
  return {
    ...mechanism(c, 'respond', index, spec, 'after', 'trait'),
    stay: c.formula(stay, [...path, 'stay'], 'after'),
    arrive:
      arrive === undefined ? null : c.formula(arrive, [...path, 'arrive'], 'after', expected ? {} : { rows: 'one' }),
    expected,
  };
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
