/** The building blocks of a block of the scenario: which keys belong to which file, found by their names. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { docstringOf } from './docstring.js';
import { formsOf, type Row, rowsOf, type Schema, takes } from './keys.js';
import { itemsOf, type Shipped } from './usage.js';

/** A building block as the reference shows it. */
export interface Member {
  /** How a scenario calls it: one key as a rule, several where a file implements several. */
  readonly names: readonly string[];
  readonly abouts: readonly string[];
  readonly rows: readonly Row[];
  /** From the root of the project; null where there is no file of its own. */
  readonly file: string | null;
  readonly doc: string | null;
  readonly uses: (scenario: Shipped) => boolean;
}

/** The place of a docstring: a file, and where it is not at its top, what it stands over. */
interface Place {
  readonly file: string;
  readonly symbol?: string;
}

/** Keys that are not called as their file is. */
const ELSEWHERE: Readonly<Record<string, readonly Place[]>> = {
  'drift.becomes': [{ file: 'src/world/drift/sudden.ts' }, { file: 'src/core/rewrite.ts', symbol: 'becomes' }],
  'sense.becomes': [{ file: 'src/core/rewrite.ts', symbol: 'becomes' }],
  'respond.becomes': [{ file: 'src/core/rewrite.ts', symbol: 'becomes' }],
  'collect.becomes': [{ file: 'src/core/rewrite.ts', symbol: 'becomes' }],
  'respond.strategic': [{ file: 'src/world/strategic.ts' }],
  'sense.scale': [{ file: 'src/system/sense/unit.ts' }],
  'sense.offset': [{ file: 'src/system/sense/unit.ts' }],
  'collect.only': [{ file: 'src/system/collect/collect.ts' }],
  'collect.delay': [{ file: 'src/system/collect/collect.ts' }],
  'collect.keep': [{ file: 'src/system/collect/weigh.ts' }],
  'collect.importance': [{ file: 'src/system/collect/weigh.ts' }],
  'collect.noise': [{ file: 'src/system/sense/noise.ts' }],
  'decide.thresholds': [{ file: 'src/system/decide/threshold.ts' }],
  'decide.abstain': [{ file: 'src/system/decide/decide.ts', symbol: 'abstain' }],
  'decide.otherwise': [{ file: 'src/system/decide/decide.ts', symbol: 'abstain' }],
  'uncertainty.conformal': [{ file: 'src/learn/uncertainty/split-conformal.ts' }],
  ...Object.fromEntries(
    ['exponential', 'power', 'theil-sen', 'robust-polynomial'].map((name) => [
      `models.${name}`,
      [{ file: 'src/learn/single.ts' }],
    ]),
  ),
};

/** A file by name: `new-category.ts` for `newCategory`, or the only one with that word in its name. */
function placeOf(root: string, block: string, name: string, folders: readonly string[]): Place | null {
  const elsewhere = ELSEWHERE[`${block}.${name}`]?.find(({ file }) => existsSync(join(root, file)));
  if (elsewhere !== undefined) return elsewhere;
  const word = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  for (const folder of folders) {
    if (existsSync(join(root, folder, `${word}.ts`))) return { file: `${folder}/${word}.ts` };
  }
  for (const folder of folders) {
    const files = existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : [];
    const withWord = files.filter((file) => file.endsWith('.ts') && file.replace('.ts', '').split('-').includes(word));
    if (withWord.length === 1) return { file: `${folder}/${withWord[0]}` };
  }
  return null;
}

interface Named {
  readonly name: string;
  readonly about: string;
  readonly rows: readonly Row[];
  readonly uses: (scenario: Shipped) => boolean;
}

/** Those that one file implements stand together. */
function grouped(root: string, block: string, folders: readonly string[], all: readonly Named[]): Member[] {
  const groups = new Map<string, { place: Place | null; members: Named[] }>();
  for (const member of all) {
    const place = placeOf(root, block, member.name, folders);
    const key = place === null ? member.name : `${place.file}#${place.symbol ?? ''}`;
    const group = groups.get(key) ?? { place, members: [] };
    group.members.push(member);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ members, place }) => ({
    names: members.map(({ name }) => name),
    abouts: [...new Set(members.map(({ about }) => about))],
    rows: distinct(members.flatMap(({ rows }) => rows)),
    file: place?.file ?? null,
    doc: place === null ? null : docstringOf(join(root, place.file), place.symbol),
    uses: (scenario) => members.some(({ uses }) => uses(scenario)),
  }));
}

const distinct = (rows: readonly Row[]): Row[] => [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];

export interface Block {
  readonly members: readonly Member[];
  /** Keys that are no building blocks themselves. */
  readonly common: readonly Row[];
}

/** A block whose items have a key for each building block: those that a file is named after. */
export function blockOfKeys(root: string, block: string, item: Schema, folders: readonly string[]): Block {
  const all = Object.entries(item.properties ?? {});
  const isMember = (name: string) => placeOf(root, block, name, folders) !== null;
  const members = all
    .filter(([name]) => isMember(name))
    .map(([name, schema]): Named => {
      const inner = rowsOf(schema);
      const own = { key: name, takes: takes(schema), fallback: '', what: schema.description ?? '' };
      return {
        name,
        about: inner.length > 0 ? (schema.description ?? '') : '',
        rows:
          inner.length > 0
            ? inner
            : formsOf(schema).some(({ properties }) => properties)
              ? rowsOf({ properties: { [name]: schema } })
              : [own],
        uses: (scenario) => itemsOf(scenario, block).some((spec) => Object.hasOwn(spec, name)),
      };
    });
  const common = all.filter(([name]) => !isMember(name)).map(([name, schema]) => [name, schema] as const);
  return {
    members: grouped(root, block, folders, members),
    common: rowsOf({ properties: Object.fromEntries(common), required: item.required }),
  };
}

/** A block whose items say by one key which form they have: `learner: tree`. */
export function blockOfForms(
  root: string,
  block: string,
  by: string,
  forms: readonly Schema[],
  folders: readonly string[],
  uses: (scenario: Shipped, name: string) => boolean,
): Block {
  const all = forms.map((form) => ({ form, name: String(form.properties?.[by]?.const), rows: rowsOf(form) }));
  const isCommon = (row: Row) =>
    all.every(({ rows }) => rows.some((other) => JSON.stringify(other) === JSON.stringify(row)));
  const members = all.map(
    ({ form, name, rows }): Named => ({
      name,
      about: form.description ?? form.properties?.[by]?.description ?? '',
      rows: rows.filter((row) => row.key !== by && !isCommon(row)),
      uses: (scenario) => uses(scenario, name),
    }),
  );
  return { members: grouped(root, block, folders, members), common: (all[0]?.rows ?? []).filter(isCommon) };
}

/** Keys that most members have, and the members without them. */
export function withoutShared({ common, members }: Block): Block {
  const count = new Map<string, { row: Row; times: number }>();
  for (const { rows } of members)
    for (const row of rows) {
      const key = JSON.stringify(row);
      count.set(key, { row, times: (count.get(key)?.times ?? 0) + 1 });
    }
  const shared = [...count.values()].filter(({ times }) => times > members.length / 2 && times > 3);
  const isShared = (row: Row) => shared.some((other) => JSON.stringify(other.row) === JSON.stringify(row));
  return {
    common: [...common, ...shared.map(({ row }) => row)],
    members: members.map((member) => ({ ...member, rows: member.rows.filter((row) => !isShared(row)) })),
  };
}
