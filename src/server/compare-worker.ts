/** A thread that compares policies: it loads the scenario, then makes one line for each time that it is asked. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Diagnostic, ScenarioError } from '../scenario/diagnostic.js';
import { type LoadedScenario, loadScenario, parseScenario } from '../scenario/load.js';
import { compareVariants, DEFAULT_SEEDS, variantsOf } from '../study/compare.js';
import { type CompareLimits, tooLarge } from './compare-limits.js';
import type { CompareLine, CompareRequest, Refusal } from './protocol.js';

export interface CompareJob {
  readonly request: CompareRequest;
  /** The gallery's file with its id; null where the scenario came as text. */
  readonly file: { readonly path: string; readonly id: string } | null;
  /** The CSV file of the population's rows, or a folder that holds it. */
  readonly data: string | null;
  readonly limits: CompareLimits;
}

export type CompareAnswer =
  /** A `CompareLine` as JSON. */
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'done' };

async function* answers(job: CompareJob): AsyncGenerator<CompareAnswer, void, undefined> {
  let lines: Iterable<CompareLine>;
  try {
    const { off = [], policies, seed, seeds = DEFAULT_SEEDS } = job.request;
    const loaded = changed(await load(job), job.request.set ?? {}, off);
    const variants = variantsOf(loaded, policies);
    for (const variant of variants) keepRows(loaded, variant.loaded);
    const plans = variants.map((variant) => variant.loaded.plan);
    const error = tooLarge(plans, seeds, job.limits);
    if (error !== null) {
      yield { kind: 'refused', refusal: { error } };
      return;
    }
    lines = compareVariants(variants, { seeds, ...(seed === undefined ? {} : { seed }) });
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    yield { kind: 'refused', refusal: refusal(error, job) };
    return;
  }
  for (const line of lines) yield { kind: 'line', line: JSON.stringify(line) };
}

function load({ data, file, request }: CompareJob): Promise<LoadedScenario> {
  if (file === null) return parseScenario(request.text ?? '');
  return loadScenario(file.path, data === null ? {} : { data });
}

/** Values are set once the file's rows have been read: none of them decides what is read. */
function changed(base: LoadedScenario, set: Readonly<Record<string, unknown>>, off: readonly string[]): LoadedScenario {
  const loaded = (Object.keys(set).length === 0 ? base : base.with(set)).switchedOff(off);
  keepRows(base, loaded);
  return loaded;
}

function keepRows(before: LoadedScenario, after: LoadedScenario): void {
  const rows = ({ scenario }: LoadedScenario) => JSON.stringify(scenario.population.rows ?? null);
  if (rows(before) === rows(after)) return;
  const message = 'a value may not say which rows are read';
  throw new ScenarioError([
    { file: '--set population.rows', line: 1, column: 1, message, expected: null, nearest: null },
  ]);
}

/** What is wrong with the scenario, without the path of its file on this machine. */
function refusal({ diagnostics }: ScenarioError, { file }: CompareJob): Refusal {
  const shown = diagnostics.map(
    (found): Diagnostic => (file !== null && found.file === file.path ? { ...found, file: file.id } : found),
  );
  return { error: shown[0]?.message ?? 'the scenario cannot be run', diagnostics: shown };
}

if (parentPort !== null) {
  const port = parentPort;
  const coming = answers(workerData as CompareJob);
  port.on('message', async () => {
    const next = await coming.next();
    port.postMessage(next.done ? ({ kind: 'done' } satisfies CompareAnswer) : next.value);
  });
}
