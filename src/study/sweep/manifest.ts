/** What a folder of results says of itself: enough to run the study again, and to tell it from another one. */
import { VERSION } from '../../loop/simulate.js';
import { changesOf } from '../export/changes.js';
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
  const changes = [
    ...scenario,
    ...(['version', 'over', 'design', 'seeds', 'keep', 'measures'] as const).flatMap((part) =>
      changesOf(a[part], b[part], part),
    ),
  ];
  const words = changes.map((change) => `${change.path}: ${shown(change.a)} there, ${shown(change.b)} here`);
  const more = words.length > SHOWN ? [`and ${words.length - SHOWN} more`] : [];
  return [...(isData ? ['the rows that the scenario reads'] : []), ...words.slice(0, SHOWN), ...more];
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
