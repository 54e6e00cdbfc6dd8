/** What is watched: slices, measures, theory and costs. */
import type { NamedFormula, Plan } from '../../loop/plan.js';
import type { Path } from '../diagnostic.js';
import { sliceWord } from '../readers.js';
import type { SliceSpec } from '../schema.js';
import type { Context } from './context.js';
import { primary } from './models.js';

/** Formulas that stand for one number a step. */
export function numbers(c: Context, specs: Readonly<Record<string, string | number>>, block: string): NamedFormula[] {
  return Object.entries(specs).map(([name, source]) => ({
    name,
    formula: c.formula(source, [block, name], 'watch', { rows: 'one' }),
  }));
}

/** A slice before its formula is compiled. */
interface Part {
  readonly name: string;
  readonly where: string | number;
  /** Where its name and its formula come from. */
  readonly path: Path;
  readonly namePath?: Path;
}

/** Parts of the population that are watched apart; whatever their form, each is a name and a formula. */
export function slices(c: Context): Plan['slices'] {
  const words = new Map<string, string>();
  const spoken = JSON.stringify(c.scenario).matchAll(/\bslices\.(\w+)\.(?:lab|observed)\./g);
  const asked = new Set([...spoken].map(([, word]) => word));
  return c.scenario.slices
    .flatMap((spec, index) => partsOf(c, spec, ['slices', index]))
    .map(({ name, namePath, path, where }) => {
      const word = sliceWord(name);
      const other = words.get(word);
      if (other !== undefined)
        c.report(namePath ?? path, `this slice and "${other}" have the same name in expectations: \`slices.${word}\``);
      words.set(word, name);
      return { name, where: c.formula(where, path, 'watch'), vantages: asked.has(word) };
    });
}

function partsOf(c: Context, spec: SliceSpec, path: Path): Part[] {
  if (typeof spec === 'string') return ofValues(c, spec, path);
  if ('where' in spec)
    return [{ name: spec.name, where: spec.where, path: [...path, 'where'], namePath: [...path, 'name'] }];
  if ('boundary' in spec) return ofBoundary(c, spec, path);
  if (!isWatchable(c, spec.field, [...path, 'field'])) return [];
  return 'quantiles' in spec ? ofQuantiles(c, spec, path) : ofRarity(c, spec, path);
}

/** One for each value of a category or a binary field. */
function ofValues(c: Context, field: string, path: Path): Part[] {
  if (!isWatchable(c, field, path)) return [];
  const values = valuesOf(c, field);
  if (values === null) {
    c.report(path, `\`${field}\` is not a category`, {
      expected: 'a category, a binary field, `{ field, quantiles }`, or `{ name, where }`',
    });
    return [];
  }
  return values.map(([label, text]) => ({ name: `${field}: ${label}`, where: `${field} == ${text}`, path }));
}

/** The k-th of q slices: above the (k - 1) / q quantile of the population, and at most at the k / q quantile. */
function ofQuantiles(c: Context, { field, quantiles }: Extract<SliceSpec, { quantiles: number }>, path: Path): Part[] {
  if (c.levelsOf(field) !== null) {
    c.report([...path, 'field'], `\`${field}\` is a category: it has no order`, { expected: `\`${field}\` alone` });
    return [];
  }
  return Array.from({ length: quantiles }, (_, k) => {
    const above = k === 0 ? [] : [`${field} > quantile(${field}, ${k / quantiles})`];
    const upTo = k === quantiles - 1 ? [] : [`${field} <= quantile(${field}, ${(k + 1) / quantiles})`];
    const where = [...above, ...upTo].join(' and ');
    return { name: `${field}: ${k + 1} of ${quantiles}`, where, path };
  });
}

/** The band around the threshold of a model. */
function ofBoundary(c: Context, spec: Extract<SliceSpec, { boundary: number }>, path: Path): Part[] {
  const { models } = c.scenario;
  if (Object.keys(models).length === 0) return [];
  const model = spec.model ?? primary(c).model;
  if (!c.known(model, Object.keys(models), [...path, 'model'], 'a model')) return [];
  return [
    {
      name: `${model}: near the boundary`,
      where: `abs(${model} - ${models[model].threshold}) <= ${spec.boundary}`,
      path,
    },
  ];
}

/** Values that few hold; of a number, the lowest and the highest. */
function ofRarity(c: Context, { field, rarer }: Extract<SliceSpec, { rarer: number }>, path: Path): Part[] {
  const values = valuesOf(c, field);
  const where =
    values === null
      ? `${field} < quantile(${field}, ${rarer / 2}) or ${field} > quantile(${field}, ${1 - rarer / 2})`
      : values.map(([, text]) => `(${field} == ${text} and share(${field} == ${text}) < ${rarer})`).join(' or ');
  return [{ name: `${field}: rare cases`, where, path }];
}

const isWatchable = (c: Context, field: string, path: Path): boolean =>
  c.known(field, [...c.fields.keys()], path, 'a field');

/** The values of a category or a binary field, as they are called and as formulas write them; null of a number. */
function valuesOf(c: Context, field: string): readonly (readonly [label: string, text: string])[] | null {
  const levels = c.levelsOf(field);
  if (levels !== null) return levels.map((level) => [level, JSON.stringify(level)] as const);
  return c.fields.get(field)?.binary ? (['0', '1'] as const).map((value) => [value, value] as const) : null;
}

/** Closed forms that are drawn beside a series. */
export const theory = (c: Context): NamedFormula[] =>
  Object.entries(c.scenario.theory).map(([name, { value }]) => ({
    name,
    formula: c.formula(value, ['theory', name, 'value'], 'watch', { rows: 'one' }),
  }));

/** What errors, labels, trainings, deployments and alarms cost; null where the scenario does not count it. */
export function cost(c: Context): Plan['cost'] {
  const { costs } = c.scenario;
  if (costs === undefined) return null;
  const error = costs.error === undefined ? null : c.formula(costs.error, ['costs', 'error'], 'watch');
  return { error, label: costs.label, retrain: costs.retrain, deploy: costs.deploy ?? 0, alarm: costs.alarm ?? 0 };
}
