/** Sense: what the pipeline makes of what people show, to predict on and to learn from. */
import { becomes, type Form, inTurn, type Rewriting } from '../../core/rewrite.js';
import { clip, constant, last, missing, noise, outliers, rename, stale, swap, unit } from '../../system/sense/index.js';
import type { Path } from '../diagnostic.js';
import type { Scenario } from '../schema.js';
import type { Context } from './context.js';
import { mechanism, uniqueNames } from './mechanism.js';

type Spec = Scenario['sense'][number];

/** The forms of which a mechanism has one. */
const FORMS = ['becomes', 'noise', 'outliers', 'scale', 'clip', 'stale', 'swap', 'rename'] as const;

export interface Senses {
  readonly serving: readonly Rewriting[];
  /** Null where what is learnt from is what was predicted on. */
  readonly logging: readonly Rewriting[] | null;
  readonly all: readonly Rewriting[];
}

export function sense(c: Context): Senses {
  const specs = c.scenario.sense;
  uniqueNames(c, 'sense', specs);
  const made = specs.map((spec, index) => ({ at: spec.at ?? 'both', rewritings: senseOf(c, spec, index) }));
  const of = (other: Spec['at']) => made.filter(({ at }) => at !== other).flatMap(({ rewritings }) => rewritings);
  const isSkewed = made.some(({ at }) => at !== 'both');
  // Each of the two ways has a memory of its own, and the same draws.
  const logging = of('serving').map((r) => ({ ...r, keeps: `${r.keeps ?? r.id}@training` }));
  return {
    serving: of('training'),
    logging: isSkewed ? logging : null,
    all: made.flatMap(({ rewritings }) => rewritings.slice(0, 1)),
  };
}

function senseOf(c: Context, spec: Spec, index: number): Rewriting[] {
  const path = ['sense', index];
  c.known(spec.field, c.early(), [...path, 'field'], 'a field that the pipeline can see');
  const own = { field: spec.field, slot: `seen.${spec.field}` };
  const common = { ...mechanism(c, 'sense', index, spec, 'sense', 'fresh', own), memory: 1 };
  const given = FORMS.filter((name) => spec[name] !== undefined || (name === 'scale' && spec.offset !== undefined));
  if (given.length > 1)
    c.report([...path, given[1]], `it has both \`${given[0]}\` and \`${given[1]}\``, { expected: 'one of them' });
  if (given.length === 0 && spec.missing === undefined && spec.impute === undefined)
    c.report(path, 'it does nothing', { expected: `one of ${[...FORMS, 'missing', 'impute'].join(', ')}` });
  checkKind(c, spec, path, given);
  const forms: Form[] = [...formOf(c, spec, path, own)];
  if (spec.missing !== undefined) forms.push(missing(c.formula(spec.missing, [...path, 'missing'], 'sense', { own })));
  const rewritings: Rewriting[] = forms.length === 0 ? [] : [{ ...common, column: own.slot, form: inTurn(forms) }];
  if (spec.swap !== undefined) {
    const [, second] = swap(own.slot);
    rewritings.push({ ...common, column: `seen.${spec.swap}`, form: second });
  }
  const imputer = imputerOf(c, spec, path, own);
  // An imputer fills every gap of the column, whoever made it.
  if (imputer !== null) rewritings.push({ ...common, share: 1, where: null, column: own.slot, form: imputer });
  // Leaving gaps to the model is a choice that rewrites nothing.
  return rewritings.length > 0 ? rewritings : [{ ...common, column: own.slot, form: inTurn([]) }];
}

/** Numbers are measured, categories are named. */
function checkKind(c: Context, spec: Spec, path: Path, given: readonly (typeof FORMS)[number][]): void {
  const levels = c.levelsOf(spec.field);
  for (const name of given) {
    if (['noise', 'outliers', 'scale', 'clip'].includes(name) && levels !== null)
      c.report([...path, name], `\`${spec.field}\` is a category`, {
        expected: '`becomes`, `rename`, `stale` or `swap`',
      });
  }
  const stays = c.scenario.population.turnover < 1;
  if (!stays && spec.stale !== undefined)
    c.report([...path, 'stale'], 'nobody stays to the next step: of newcomers nothing older is known', {
      expected: '`population.turnover` below 1',
    });
  if (!stays && spec.impute === 'last')
    c.report([...path, 'impute'], 'nobody stays to the next step: nothing was seen of anybody before', {
      expected: '`population.turnover` below 1, or another imputer',
    });
}

function formOf(c: Context, spec: Spec, path: Path, own: { field: string; slot: string }): Form[] {
  const formula = (name: 'noise' | 'outliers' | 'scale' | 'offset', otherwise = 0) =>
    c.formula(spec[name] ?? otherwise, [...path, name], 'sense', { own });
  const levels = c.levelsOf(spec.field);
  if (spec.becomes !== undefined)
    return [becomes(c.formula(spec.becomes, [...path, 'becomes'], 'sense', { own, levels }))];
  if (spec.noise !== undefined) return [noise(formula('noise'))];
  if (spec.outliers !== undefined) return [outliers(formula('outliers'))];
  if (spec.scale !== undefined || spec.offset !== undefined) return [unit(formula('scale', 1), formula('offset'))];
  if (spec.clip !== undefined) {
    const { high = Number.POSITIVE_INFINITY, low = Number.NEGATIVE_INFINITY } = spec.clip;
    if (low > high) c.report([...path, 'clip'], `the range goes from ${low} to ${high}`, { expected: 'low <= high' });
    return [clip(low, high)];
  }
  if (spec.stale !== undefined) return [stale(spec.stale)];
  if (spec.swap !== undefined) {
    const known = c.known(spec.swap, c.early(), [...path, 'swap'], 'a field that the pipeline can see');
    if (known && String(c.levelsOf(spec.swap)) !== String(levels))
      c.report([...path, 'swap'], `\`${spec.field}\` and \`${spec.swap}\` are not of the same kind`, {
        expected: 'two numeric fields, or two categories with the same values',
      });
    return [swap(`seen.${spec.swap}`)[0]];
  }
  return spec.rename === undefined ? [] : [rename(codesOf(c, spec, path))];
}

function codesOf(c: Context, spec: Spec, path: Path): number[] {
  const levels = c.levelsOf(spec.field);
  if (levels === null) {
    c.report([...path, 'rename'], `\`${spec.field}\` is no category`, { expected: 'a field with `choice`' });
    return [];
  }
  const renamed = Object.entries(spec.rename ?? {});
  for (const [from] of renamed) c.known(from, levels, [...path, 'rename', from], `a value of \`${spec.field}\``);
  return levels.map((level, code) => {
    const to = renamed.find(([from]) => from === level)?.[1];
    if (to === undefined) return code;
    return levels.includes(to) ? levels.indexOf(to) : Number.NaN;
  });
}

function imputerOf(c: Context, spec: Spec, path: Path, own: { field: string; slot: string }): Form | null {
  if (spec.impute === 'last') return last;
  if (typeof spec.impute !== 'object') return null;
  const levels = c.levelsOf(spec.field);
  return constant(c.formula(spec.impute.constant, [...path, 'impute', 'constant'], 'sense', { own, levels }));
}
