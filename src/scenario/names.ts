/**
 * The names that the formulas of each place may use.
 *
 * `true.income` is the bare name `income`, spelt out.
 *
 * A step makes its values in order; a formula sees what has been made before its place. Bare names are the true layer;
 * in a mechanism's `becomes`, the bare name of its own field is the value that the mechanism finds.
 */
import type { Meaning, Scope, Table } from '../core/formula/index.js';

/** The places of a step, in its order. */
export const PLACES = [
  'entry',
  'drift',
  'respond',
  'sense',
  'decide',
  'outcome',
  'after',
  'state',
  'collect',
  'watch',
] as const;
export type Place = (typeof PLACES)[number];

/** From which place on each kind of name is known. */
const KNOWN_FROM = {
  shown: 'respond',
  seen: 'sense',
  prediction: 'decide',
  decision: 'outcome',
  late: 'after',
  recorded: 'collect',
} satisfies Record<string, Place>;

const LATER: Readonly<Record<keyof typeof KNOWN_FROM, string>> = {
  shown: 'what people show is not known before they respond',
  seen: 'what the pipeline sees is not known before it senses',
  prediction: 'the prediction is not yet made at this point of the step',
  decision: 'the decision is not yet taken at this point of the step',
  late: 'the outcome has not yet happened at this point of the step',
  recorded: 'nothing has been recorded yet at this point of the step',
};

export interface Vocabulary {
  /** Fields of the population, with the levels of categories. */
  readonly fields: ReadonlyMap<string, readonly string[] | null>;
  /** Fields that are evaluated at the outcome. */
  readonly late: ReadonlyMap<string, readonly string[] | null>;
  /** Decisions; a rule with a name tells the chance of being chosen. */
  readonly decisions: readonly { readonly name: string; readonly hasChance: boolean }[];
  readonly state: readonly string[];
  /** Models with the names of their encoded features. */
  readonly models: ReadonlyMap<string, readonly string[]>;
  /** Models whose spread is each individual's own: `score.sd` is a column. */
  readonly spreads: ReadonlySet<string>;
  readonly tables: Readonly<Record<string, Table>>;
}

interface Known {
  readonly meaning: Meaning;
  readonly from: keyof typeof KNOWN_FROM | null;
}

const scalar: Meaning = { kind: 'scalar' };
const column = (levels: readonly string[] | null = null): Meaning => ({ kind: 'column', levels });

/** Every name of a scenario, with what it means and when it is known. */
export function everyName(v: Vocabulary): ReadonlyMap<string, Known> {
  const names = new Map<string, Known>();
  const add = (name: string, meaning: Meaning, from: Known['from'] = null) => names.set(name, { meaning, from });
  add('t', scalar);
  for (const name of v.state) add(name, scalar);
  for (const [model, features] of v.models) {
    add(model, column(), 'prediction');
    add(`${model}.lower`, column(), 'prediction');
    add(`${model}.upper`, column(), 'prediction');
    for (const own of ['sd', 'mae', 'r2', 'intercept', 'norm', 'version', 'level', 'alpha'])
      add(`${model}.${own}`, scalar);
    if (v.spreads.has(model)) add(`${model}.sd`, column(), 'prediction');
    for (const feature of features) add(`${model}.coef.${feature}`, scalar);
  }
  for (const { hasChance, name } of v.decisions) {
    add(name, column(), 'decision');
    if (hasChance) add(`${name}.chance`, column(), 'decision');
  }
  for (const [name, levels] of v.fields) {
    add(name, column(levels));
    add(`shown.${name}`, column(levels), 'shown');
    add(`seen.${name}`, column(levels), 'seen');
  }
  for (const [name, levels] of v.late) {
    add(name, column(levels), 'late');
    add(`recorded.${name}`, column(levels), 'recorded');
  }
  return names;
}

/**
 * The scope of a place. `own`: in a mechanism, the bare name of its field stands for this column.
 * `also`: late fields that are known all the same, because they come before in the order of evaluation.
 */
export function scopeAt(
  names: ReadonlyMap<string, Known>,
  tables: Readonly<Record<string, Table>>,
  place: Place,
  also: ReadonlySet<string> = new Set(),
  own: { readonly field: string; readonly slot: string } | null = null,
): Scope {
  const at = PLACES.indexOf(place);
  const reachable = ({ from }: Known, name: string) =>
    from === null || also.has(name) || at >= PLACES.indexOf(KNOWN_FROM[from]);
  const find = (name: string) => {
    const known = names.get(name.replace(/^true\./, ''));
    return known !== undefined && reachable(known, name) ? known : null;
  };
  return {
    meaning: (name) => {
      const meaning = find(name)?.meaning ?? null;
      if (meaning?.kind !== 'column') return meaning;
      if (own !== null && name === own.field) return { ...meaning, slot: own.slot };
      return name.startsWith('true.') ? { ...meaning, slot: name.slice('true.'.length) } : meaning;
    },
    names: () => [...names].filter(([name, known]) => reachable(known, name)).map(([name]) => name),
    table: (name) => (Object.hasOwn(tables, name) ? tables[name] : null),
    reason: (name) => {
      const from = names.get(name)?.from;
      return from ? `\`${name}\`: ${LATER[from]}` : null;
    },
  };
}

/**
 * What a team can see at once: the step, fields as the pipeline sees them (`income` is `seen.income`), predictions and
 * decisions. Neither what is true, nor what people show, nor the state of the world.
 */
export function observedScope(names: ReadonlyMap<string, Known>, tables: Readonly<Record<string, Table>>): Scope {
  const isSeen = ([name, { from, meaning }]: readonly [string, Known]): boolean => {
    if (from === 'prediction' || from === 'decision' || from === 'seen' || name === 't') return true;
    // The numbers of a model: `score.norm`.
    return meaning.kind === 'scalar' ? name.includes('.') : names.has(`seen.${name}`);
  };
  return {
    meaning: (name) => {
      const known = names.get(name);
      if (known === undefined || !isSeen([name, known])) return null;
      return known.meaning.kind === 'column' && known.from === null
        ? { ...known.meaning, slot: `seen.${name}` }
        : known.meaning;
    },
    names: () => [...names].filter(isSeen).map(([name]) => name),
    table: (name) => (Object.hasOwn(tables, name) ? tables[name] : null),
    reason: (name) =>
      names.has(name.replace(/^true\./, '')) ? `\`${name}\` is not what the team can see at once` : null,
  };
}
