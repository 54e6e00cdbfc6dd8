/** Decisions: formulas, or rules with a name. */
import { allocate, type Decision, type Rule, threshold, top } from '../../system/decide/index.js';
import type { Path } from '../diagnostic.js';
import type { Scenario } from '../schema.js';
import { type Context, ZERO } from './context.js';

type Spec = Extract<Scenario['decide'][string], object>;

const RULES = ['threshold', 'thresholds', 'top', 'allocate'] as const;

export function decisions(c: Context): Decision[] {
  return Object.entries(c.scenario.decide).map(([name, spec]) => {
    const path = ['decide', name];
    if (typeof spec !== 'object')
      return { name, rule: c.formula(spec, path, 'decide'), source: String(spec), abstain: null, explore: 0 };
    const { abstain, explore = 0, otherwise } = spec;
    if (abstain === undefined && otherwise !== undefined)
      c.report([...path, 'otherwise'], 'it says what happens to the unsure, and not who is', { expected: '`abstain`' });
    return {
      name,
      rule: ruleOf(c, spec, path),
      source: spec.threshold !== undefined && spec.above ? `${spec.model} > ${spec.threshold}` : '',
      abstain:
        abstain === undefined
          ? null
          : {
              unsure: c.formula(abstain, [...path, 'abstain'], 'decide'),
              otherwise: otherwise === undefined ? null : c.formula(otherwise, [...path, 'otherwise'], 'decide'),
            },
      explore,
    };
  });
}

function ruleOf(c: Context, spec: Spec, path: Path): Rule {
  const [name, other] = RULES.filter((rule) => spec[rule] !== undefined);
  if (name === undefined) c.report(path, 'it decides nothing', { expected: `one of ${RULES.join(', ')}` });
  if (other !== undefined) c.report(path, `it has both \`${name}\` and \`${other}\``, { expected: 'one of them' });
  const score = scoreOf(c, spec, path);
  const levels = spec.by === undefined ? null : groupOf(c, spec.by, path);
  if (spec.by !== undefined && spec.thresholds === undefined && spec.top === undefined)
    c.report([...path, 'by'], 'only `thresholds` and `top` are by group');
  if (spec.allocate !== undefined) {
    if ((spec.explore ?? 0) > 0) c.report([...path, 'explore'], 'units cannot be had whatever the rule says');
    return allocate(score, spec.allocate.units, spec.allocate.rule);
  }
  if (spec.top !== undefined) {
    const { count, share } = spec.top;
    const limit = (key: 'count' | 'share') =>
      c.formula(spec.top?.[key] ?? 0, [...path, 'top', key], 'decide', { rows: 'one' });
    if ((share === undefined) === (count === undefined))
      c.report([...path, 'top'], 'it says either `share` or `count`');
    return top(score, share === undefined ? { count: limit('count') } : { share: limit('share') }, spec.by ?? null);
  }
  if (spec.thresholds !== undefined) {
    if (spec.by === undefined)
      c.report([...path, 'thresholds'], 'it does not say by which groups', { expected: '`by`' });
    const names = levels ?? [];
    for (const level of Object.keys(spec.thresholds))
      if (spec.by !== undefined) c.known(level, names, [...path, 'thresholds', level], `a value of \`${spec.by}\``);
    const absent = names.filter((level) => spec.thresholds?.[level] === undefined);
    if (absent.length > 0) c.report([...path, 'thresholds'], `it has no threshold for ${absent.join(', ')}`);
    const by = { column: spec.by ?? '', levels: names.map((level) => spec.thresholds?.[level] ?? Number.NaN) };
    return threshold(score, by, spec.above);
  }
  return threshold(score, c.formula(spec.threshold ?? 0, [...path, 'threshold'], 'decide'), spec.above);
}

function scoreOf(c: Context, { model, score }: Spec, path: Path) {
  if ((model === undefined) === (score === undefined)) {
    c.report(path, 'it decides by either `model` or `score`');
    return ZERO;
  }
  if (score !== undefined) return c.formula(score, [...path, 'score'], 'decide');
  const isModel = c.known(model ?? '', Object.keys(c.scenario.models), [...path, 'model'], 'a model');
  return isModel ? c.formula(model ?? '', [...path, 'model'], 'decide') : ZERO;
}

function groupOf(c: Context, by: string, path: Path): readonly string[] | null {
  if (!c.known(by, c.early(), [...path, 'by'], 'a field')) return null;
  const levels = c.levelsOf(by);
  if (levels === null) c.report([...path, 'by'], `\`${by}\` is no category`, { expected: 'a field with `choice`' });
  return levels;
}
