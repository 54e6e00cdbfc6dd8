/** Drift: the world's own changes. */
import type { CompileOptions, Formula } from '../../core/formula/index.js';
import type { Form, Rewriting } from '../../core/rewrite.js';
import {
  gradual,
  incremental,
  type Mix,
  newCategory,
  randomWalk,
  recurring,
  recurs,
  seasonal,
  sudden,
} from '../../world/drift/index.js';
import type { Path } from '../diagnostic.js';
import type { Place } from '../names.js';
import type { Scenario } from '../schema.js';
import type { Context } from './context.js';
import { isChoice } from './fields.js';
import { mechanism, uniqueNames } from './mechanism.js';

type Spec = Scenario['drift'][number];

/** How the new value comes that `becomes` says. */
const WAYS = ['gradual', 'incremental', 'recurring'] as const;
/** What says itself how the value changes. */
const OTHERS = ['seasonal', 'randomWalk', 'mix', 'newCategory'] as const;
type FormName = (typeof WAYS)[number] | (typeof OTHERS)[number];

/** What goes through values between, or beyond. */
const NUMERIC: ReadonlySet<string> = new Set(['incremental', 'seasonal', 'randomWalk']);

export interface Drifts {
  /** Of early fields and of late ones. */
  readonly rewritings: readonly Rewriting[];
  readonly mixes: readonly Mix[];
}

export function drift(c: Context): Drifts {
  uniqueNames(c, 'drift', c.scenario.drift);
  const rewritings: Rewriting[] = [];
  const mixes: Mix[] = [];
  c.scenario.drift.forEach((spec, index) => {
    const path = ['drift', index];
    const isKnown = c.known(spec.field, [...c.fields.keys()], [...path, 'field'], 'a field');
    const name = formName(c, spec, path);
    if (isKnown && NUMERIC.has(name)) checkNumeric(c, spec, path, name);
    if (name === 'mix' || name === 'newCategory') {
      if (isKnown) mixes.push(mixOf(c, spec, index, name));
    } else rewritings.push(rewritingOf(c, spec, index));
  });
  return { rewritings, mixes };
}

/** The one form that a drift has. */
function formName(c: Context, spec: Spec, path: Path): FormName | 'becomes' {
  const given = [...WAYS, ...OTHERS].filter((form) => spec[form] !== undefined);
  const [name, other] = given;
  if (other !== undefined)
    c.report([...path, other], `it has both \`${name}\` and \`${other}\``, { expected: 'one of them' });
  if (name === undefined) {
    if (spec.becomes === undefined)
      c.report(path, 'it does nothing', { expected: `\`becomes\`, or one of ${OTHERS.join(', ')}` });
    return 'becomes';
  }
  const needsConcept = WAYS.some((way) => way === name);
  if (needsConcept && spec.becomes === undefined)
    c.report([...path, name], 'it does not say what the value becomes', { expected: '`becomes` beside it' });
  if (!needsConcept && spec.becomes !== undefined)
    c.report([...path, 'becomes'], `it has both \`becomes\` and \`${name}\``, { expected: 'one of them' });
  return name;
}

function rewritingOf(c: Context, spec: Spec, index: number): Rewriting {
  const path = ['drift', index];
  const { field, from } = spec;
  const own = { field, slot: field };
  const isLate = c.late.has(field);
  const place: Place = isLate ? 'outcome' : 'drift';
  const also = isLate ? lateUpTo(c, field) : undefined;
  const { recurring: comes } = spec;
  return {
    ...mechanism(c, 'drift', index, spec, place, 'trait', own, also),
    ...(comes === undefined ? {} : { pauses: (t: number) => !recurs(t - from, comes.every, comes.for) }),
    column: field,
    form: formOf(c, spec, path, (source, key, options = {}) =>
      c.formula(source, [...path, ...key], place, { own, also, ...options }),
    ),
    memory: 1,
  };
}

/** A late field, and those that are evaluated before it. */
function lateUpTo(c: Context, field: string): ReadonlySet<string> {
  const late = c.order.filter((name) => c.late.has(name));
  return new Set(late.slice(0, late.indexOf(field) + 1));
}

type Compile = (source: string | number, key: Path, options?: CompileOptions) => Formula;

function formOf(c: Context, spec: Spec, path: Path, formula: Compile): Form {
  if (spec.seasonal !== undefined) {
    const { amplitude, period, phase } = spec.seasonal;
    return seasonal(formula(amplitude, ['seasonal', 'amplitude']), period, phase);
  }
  if (spec.randomWalk !== undefined) {
    const { sd, start } = spec.randomWalk;
    return randomWalk(formula(sd, ['randomWalk', 'sd'], { rows: 'one', draws: false }), start);
  }
  const concept = sudden(formula(spec.becomes ?? 0, ['becomes'], { levels: c.levelsOf(spec.field) }));
  if (spec.gradual !== undefined) return gradual(concept, spec.gradual.over);
  if (spec.incremental !== undefined) return incremental(concept, spec.incremental.over);
  if (spec.recurring === undefined) return concept;
  const { every, for: length } = spec.recurring;
  if (length > every)
    c.report([...path, 'recurring', 'for'], `it stays for ${length} steps of every ${every}`, {
      expected: 'at most as many as `every`',
    });
  return recurring(concept, every, length);
}

/** Between two categories, and between 0 and 1, there is nothing. */
function checkNumeric(c: Context, { field }: Spec, path: Path, name: string): void {
  if (c.levelsOf(field) !== null) {
    c.report([...path, name], `\`${field}\` is a category`, { expected: '`becomes`, `gradual`, `recurring` or `mix`' });
    return;
  }
  const node = c.fields.get(field);
  const isDrawnLate = c.late.has(field) && typeof node?.spec === 'object' && 'probability' in node.spec;
  if (node?.binary && !isDrawnLate)
    c.report([...path, name], `\`${field}\` is 0 or 1: there is nothing between`, {
      expected: '`becomes`, `gradual` or `recurring`, or an outcome with `probability`',
    });
}

function mixOf(c: Context, spec: Spec, index: number, name: 'mix' | 'newCategory'): Mix {
  const path = ['drift', index];
  const { field, mix, newCategory: born, where } = spec;
  const node = c.fields.get(field);
  const levels = c.levelsOf(field) ?? [];
  if (node === undefined || !isChoice(node))
    c.report([...path, 'field'], `\`${field}\` is not drawn from a \`choice\``, { expected: 'a field with `choice`' });
  if (where !== undefined)
    c.report([...path, 'where'], 'it acts on who enters, of whom nothing is known yet', { expected: '`share`' });
  const someCome = c.scenario.respond.some(({ participation }) => participation !== undefined);
  if (c.scenario.population.turnover === 0 && !someCome)
    c.report([...path, name], 'nobody enters after the first step', { expected: '`population.turnover` above 0' });
  const shares = Object.entries(mix?.shares ?? {});
  for (const [level] of shares) c.known(level, levels, [...path, 'mix', 'shares', level], `a value of \`${field}\``);
  if (mix !== undefined && !shares.some(([, weight]) => weight > 0))
    c.report([...path, 'mix', 'shares'], 'no value has a positive weight');
  const old = typeof node?.spec === 'object' && 'choice' in node.spec ? Object.keys(node.spec.choice) : [];
  if (born !== undefined && old.includes(born.value))
    c.report([...path, 'newCategory', 'value'], `\`${field}\` has the value "${born.value}" from the start`, {
      expected: 'a name of its own, or `mix`',
    });
  return {
    ...mechanism(c, 'drift', index, { ...spec, where: undefined }, 'drift', 'fresh'),
    field,
    toward: born ? newCategory(born.value, levels) : levels.map((level) => mix?.shares[level] ?? 0),
    over: (born ?? mix)?.over ?? 0,
  };
}
