/** What a folder of results says of itself: enough to run the study again, and to tell it from another one. */
import { VERSION } from '../../loop/simulate.js';
import { type Change, changesOf } from '../export/changes.js';
import { type Column, columnsOf } from './columns.js';
import { hashed, type Study } from './study.js';

export interface Manifest {
  readonly version: string;
  readonly study: string;
  /** Of all that follows but the command, and of the version. */
  readonly hash: string;
  /** As it was called first. */
  readonly command: readonly string[];
  /** As resolved. */
  readonly scenario: unknown;
  /** Of the scenario, and the rows that it reads. */
  readonly scenarioHash: string;
  readonly over: unknown;
  readonly design: unknown;
  readonly points: number;
  readonly seeds: { readonly first: number; readonly count: number };
  readonly keep: string;
  readonly measures: unknown;
  readonly columns: readonly Column[];
}

export function manifestOf(study: Study, command: readonly string[]): Manifest {
  const { axes, design, keep, loaded, measures, name, points, scenarioHash, seed, seeds } = study;
  const parts = {
    scenario: loaded.scenario,
    scenarioHash,
    over: Object.fromEntries(axes.map(({ path, ...rest }) => [path, rest])),
    design,
    points,
    seeds: { first: seed, count: seeds },
    keep,
    measures,
  };
  const { scenario: _scenario, ...known } = parts;
  return {
    version: VERSION,
    study: name,
    hash: hashed([VERSION, known]),
    command,
    ...parts,
    columns: columnsOf(study),
  };
}

const SHOWN = 4;

/** What makes two studies different, in words; empty where they are the same. */
export function differences(there: Manifest, here: Manifest): string[] {
  if (there.hash === here.hash) return [];
  const plain = (manifest: Manifest) => JSON.parse(JSON.stringify(manifest)) as Manifest;
  const [a, b] = [plain(there), plain(here)];
  const scenario = changesOf(a.scenario, b.scenario, 'scenario');
  const isData = scenario.length === 0 && a.scenarioHash !== b.scenarioHash;
  const changes: readonly Change[] = [
    ...changed('over', a.over, b.over),
    ...(['version', 'design', 'seeds', 'keep', 'measures'] as const).flatMap((part) =>
      JSON.stringify(a[part]) === JSON.stringify(b[part]) ? [] : [{ path: part, a: a[part], b: b[part] }],
    ),
    ...scenario,
  ];
  const words = changes.map((change) => `${change.path}: ${shown(change.a)} there, ${shown(change.b)} here`);
  const more = words.length > SHOWN ? [`and ${words.length - SHOWN} more`] : [];
  return [...(isData ? ['the rows that the scenario reads'] : []), ...words.slice(0, SHOWN), ...more];
}

/** By key, whole: how a range differs from a list is no help. */
function changed(path: string, a: unknown, b: unknown): Change[] {
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .filter((key) => JSON.stringify(left[key]) !== JSON.stringify(right[key]))
    .map((key) => ({ path: `${path}.${key}`, a: left[key], b: right[key] }));
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
