/** What is watched: slices, measures, theory and costs. */
import type { NamedFormula, Plan } from '../../loop/plan.js';
import type { Path } from '../diagnostic.js';
import { sliceWord } from '../readers.js';
import type { Context } from './context.js';

/** Formulas that stand for one number a step. */
export function numbers(c: Context, specs: Readonly<Record<string, string | number>>, block: string): NamedFormula[] {
  return Object.entries(specs).map(([name, source]) => ({
    name,
    formula: c.formula(source, [block, name], 'watch', { rows: 'one' }),
  }));
}

/** Parts of the population that are watched apart: the values of a category, or those for whom a formula holds. */
export function slices(c: Context): Plan['slices'] {
  const words = new Map<string, string>();
  const named = (name: string, path: Path): string => {
    const word = sliceWord(name);
    const other = words.get(word);
    if (other !== undefined)
      c.report(path, `this slice and "${other}" have the same name in expectations: \`slices.${word}\``);
    words.set(word, name);
    return name;
  };
  return c.scenario.slices.flatMap((spec, index) => {
    const path = ['slices', index];
    if (typeof spec === 'object')
      return [{ name: named(spec.name, [...path, 'name']), where: c.formula(spec.where, [...path, 'where'], 'watch') }];
    if (!c.known(spec, [...c.fields.keys()], path, 'a field')) return [];
    const levels = c.levelsOf(spec);
    if (levels === null && !c.fields.get(spec)?.binary) {
      c.report(path, `\`${spec}\` is not a category`, {
        expected: 'a category, a binary field, or `{ name, where }`',
      });
      return [];
    }
    const values: readonly (readonly [string, string])[] = levels?.map((l) => [l, JSON.stringify(l)]) ?? [
      ['0', '0'],
      ['1', '1'],
    ];
    return values.map(([label, text]) => ({
      name: named(`${spec}: ${label}`, path),
      where: c.formula(`${spec} == ${text}`, path, 'watch'),
    }));
  });
}

/** Closed forms that are drawn beside a series. */
export const theory = (c: Context): NamedFormula[] =>
  Object.entries(c.scenario.theory).map(([name, { value }]) => ({
    name,
    formula: c.formula(value, ['theory', name, 'value'], 'watch', { rows: 'one' }),
  }));

/** What errors, labels and trainings cost; null where the scenario does not count it. */
export function cost(c: Context): Plan['cost'] {
  const { costs } = c.scenario;
  if (costs === undefined) return null;
  const error = costs.error === undefined ? null : c.formula(costs.error, ['costs', 'error'], 'watch');
  return { error, label: costs.label, retrain: costs.retrain };
}
