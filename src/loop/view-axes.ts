/** What the world may be drawn over, and what it is drawn over where nobody says. */
import { nearest } from '../core/nearest.js';
import type { ModelPlan, Plan } from './plan.js';

/** The row, for want of a field. */
export const PERSON = 'person';

/** A view that cannot be had: it names what was asked for, and what there is. */
export class ViewError extends Error {
  override readonly name = 'ViewError';
}

export const primaryOf = (plan: Plan): ModelPlan =>
  plan.models.find(({ name }) => name === plan.primary.model) ?? plan.models[0];

/** Numeric fields of the population, what happens, the models' predictions, and the row. */
export function viewFields(plan: Plan): string[] {
  return [
    ...populationFields(plan),
    ...plan.outcome.map(({ name }) => name),
    ...plan.models.map(({ name }) => name),
    PERSON,
  ];
}

/** Categories have codes and no order: they are no axes. */
function populationFields({ models, population }: Plan): string[] {
  const categories = new Set(
    models.flatMap(({ features }) => features.filter(({ levels }) => levels !== null).map(({ name }) => name)),
  );
  return population.fields
    .filter(({ name, rule }) => rule.kind !== 'choice' && !categories.has(name))
    .map(({ name }) => name);
}

/** The axes that were asked for, and for the others what the scenario is about. Throws a `ViewError`. */
export function axesOf(plan: Plan, asked: { readonly x?: string; readonly y?: string }): { x: string; y: string } {
  const fields = viewFields(plan);
  for (const name of [asked.x, asked.y]) {
    if (name === undefined || fields.includes(name)) continue;
    const meant = nearest(name, fields);
    const hint = meant === null ? `one of ${fields.slice(0, 12).join(', ')}` : `did you mean \`${meant}\`?`;
    throw new ViewError(`the world cannot be drawn over \`${name}\`: ${hint}`);
  }
  const usual = preferred(plan);
  const x = asked.x ?? (asked.y === usual.x ? usual.y : usual.x);
  const y = asked.y ?? (x === usual.y ? usual.x : usual.y);
  return { x, y };
}

/** What the scenario asks for, and for the other axis what is usual. */
function preferred(plan: Plan): { x: string; y: string } {
  const usual = usualAxes(plan);
  const x = plan.axes.x ?? (plan.axes.y === usual.x ? usual.y : usual.x);
  return { x, y: plan.axes.y ?? (x === usual.y ? usual.x : usual.y) };
}

function usualAxes(plan: Plan): { x: string; y: string } {
  const model = primaryOf(plan);
  const features = model.features.filter(({ levels }) => levels === null).map(({ name }) => name);
  const x = byInterest(plan, features)[0];
  if (x === undefined) return { x: model.target, y: PERSON };
  if (model.kind === 'numeric') return { x, y: model.target };
  const isOther = (name: string) => name !== x && name !== model.target;
  const others = [features, populationFields(plan)].flatMap((names) => byInterest(plan, names.filter(isOther), true));
  return { x, y: others[0] ?? model.name };
}

/**
 * Fields that people move for the model's sake, then those that any mechanism moves, then the others. `across`: for the
 * second axis those that something else moves come first, so that gaming goes one way in the picture and drift another.
 */
function byInterest(plan: Plan, fields: readonly string[], across = false): string[] {
  const strategic = new Set(plan.before.flatMap((r) => (r.kind === 'strategic' ? r.response.fields : [])));
  const moved = new Set(
    [
      ...plan.drift,
      ...plan.before.flatMap((r) => (r.kind === 'rewrite' ? [r.rewriting] : [])),
      ...plan.sense,
      ...plan.after,
    ].map(({ column }) => column.replace(/^(shown|seen|base)\./, '')),
  );
  const [first, second] = across ? [moved, strategic] : [strategic, moved];
  const rank = (name: string) => (first.has(name) ? 0 : second.has(name) ? 1 : 2);
  return [...fields].sort((a, b) => rank(a) - rank(b));
}
