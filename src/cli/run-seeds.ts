/** `driftloop run --seeds N`: the same scenario over many seeds, its spread, and in how many runs each expectation holds. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VERSION } from '../loop/simulate.js';
import type { LoadedScenario } from '../scenario/load.js';
import { assignments } from '../scenario/override.js';
import { seedsParquet } from '../study/export/seeds-parquet.js';
import { plusMinus } from '../study/interval-words.js';
import { onThisMachine } from '../study/jobs/index.js';
import { metricUnit } from '../study/metric-words.js';
import { type Band, type HeldExpectation, type OverSeeds, overSeeds } from '../study/seeds.js';
import { BAND, chart, type Line } from './chart.js';
import { EXIT } from './exit.js';
import { ink, terminalWidth, wrap } from './ink.js';
import { Progress } from './progress.js';
import { print } from './report.js';
import type { RunFlags, ShownSeries } from './run.js';
import { aligned, counted, gap, legendOf, linesOf } from './summary.js';

export async function runSeeds(loaded: LoadedScenario, file: string, seeds: number, flags: RunFlags): Promise<void> {
  const { data, json, out, seed, twin, workers } = flags;
  const asked = { file, set: assignments(flags.set), off: flags.off ?? [], data: data ?? null };
  const folder = out === undefined ? null : await emptied(out);
  const executor = onThisMachine(seeds === 1 ? 1 : workers);
  const progress = new Progress('running');
  try {
    const result = await overSeeds(loaded, {
      asked,
      seeds,
      ...(seed === undefined ? {} : { seed }),
      ...(twin === undefined ? {} : { twin }),
      table: folder !== null,
      executor,
      progress: (done, total) => progress.at(done, total),
    });
    progress.end();
    if (folder !== null) await write(folder, loaded, result, flags);
    if (json) print(JSON.stringify(jsonObject(loaded, result)));
    else print(pageOf(loaded, result, folder).join('\n'));
    if (result.expectations.some(({ held, of }) => held < of)) process.exitCode = EXIT.expectation;
  } finally {
    progress.end();
    await executor.close();
  }
}

/** Files that are there from other runs would speak for these. */
async function emptied(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const name of ['manifest.json', 'seeds.parquet', 'trace.ndjson']) await rm(join(folder, name), { force: true });
  return folder;
}

async function write(folder: string, { scenario }: LoadedScenario, result: OverSeeds, flags: RunFlags): Promise<void> {
  const [first] = result.seeds;
  const about = { name: scenario.name, version: VERSION, seeds: String(result.seeds.length), firstSeed: String(first) };
  await writeFile(join(folder, 'seeds.parquet'), seedsParquet(result.tables, about));
  const manifest = {
    version: VERSION,
    scenario,
    seeds: result.seeds.length,
    firstSeed: first,
    overrides: assignments(flags.set),
    off: flags.off ?? [],
    twin: flags.twin ?? null,
    runs: result.runs,
    node: process.version,
  };
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** The contract of `--json` with `--seeds`. */
function jsonObject({ scenario }: LoadedScenario, result: OverSeeds) {
  const { bands, drawn, expectations, final, runs, seeds, shown, twin } = result;
  const plain = ({ high, low, median }: Band) => ({
    low: existing(low),
    median: existing(median),
    high: existing(high),
  });
  return {
    scenario: scenario.name,
    seeds: seeds.length,
    firstSeed: seeds[0],
    drawn,
    shown,
    bands: Object.fromEntries([...bands].map(([name, band]) => [name, plain(band)])),
    ...(twin === null ? {} : { twin: plain(twin) }),
    final: Object.fromEntries(final),
    expectations,
    runs,
  };
}

const existing = (values: Float64Array): (number | null)[] => Array.from(values, (v) => (Number.isNaN(v) ? null : v));

function pageOf(loaded: LoadedScenario, result: OverSeeds, folder: string | null): string[] {
  const { plan, scenario } = loaded;
  const width = terminalWidth();
  const lines = linesWithBands(loaded, result);
  const median = result.drawn ? `, median of ${counted(result.seeds.length, 'seed')}` : '';
  return [
    '',
    ink.bold(scenario.name),
    ...(scenario.about === undefined ? [] : [...wrap(scenario.about, width - 2), '']),
    ...gap(loaded, medians(result), `at step ${plan.steps - 1}${median}`),
    '',
    ...chart(lines, width, 11),
    `${legendOf(lines)}${result.drawn ? ink.dim(`   ${BAND} where 8 runs of 10 are`) : ''}`,
    '',
    ...table(loaded, result, width),
    ...expectationLines(result.expectations, width),
    ...notes(loaded, result).flatMap((note) => wrap(note, width).map((line) => ink.dim(line))),
    ...(folder === null ? [] : [ink.dim(`written to ${folder}`)]),
  ];
}

/** What a single run would show, of medians at each step. */
function medians({ bands, shown, twin }: OverSeeds): ShownSeries {
  const of = (name: string | null) => existing((name === null ? undefined : bands.get(name)?.median) ?? NOTHING);
  return {
    lab: of(shown.lab),
    observed: of(shown.observed),
    actual: of(shown.actual),
    twin: existing(twin?.median ?? NOTHING),
    beside: shown.beside.map(of),
  };
}

const NOTHING = new Float64Array();

/** The band is that of what is actual, and of the twin. */
function linesWithBands(loaded: LoadedScenario, result: OverSeeds): Line[] {
  const lines = linesOf(loaded, medians(result));
  if (!result.drawn) return lines;
  const band = result.bands.get(result.shown.actual);
  const last = lines.length - 1;
  return lines.map((line, k) =>
    k === last && band !== undefined ? { ...line, band: { low: existing(band.low), high: existing(band.high) } } : line,
  );
}

/** Means at the last step with their intervals, from the three vantage points. */
function table({ plan, readers }: LoadedScenario, { final }: OverSeeds, width: number): string[] {
  const start = `${plan.primary.model}.actual.`;
  const metrics = [...readers.keys()]
    .filter((name) => name.startsWith(start) && final.has(name))
    .map((name) => name.slice(start.length))
    .filter((name) => name !== 'n');
  const cell = (name: string) => plusMinus(final.get(name));
  const rows = [
    ['', 'lab', 'observed', 'actual'],
    ...metrics.map((metric) => [
      metric,
      ...['lab', 'observed', 'actual'].map((vantage) => cell(`${plan.primary.model}.${vantage}.${metric}`)),
    ]),
    ...plan.measures.map(({ name }) => [name, '', '', cell(`measure.${name}`)]),
    ...(plan.cost === null ? [] : [['cost of a run', '', '', cell('costs.total')]]),
  ];
  const words = ['', ...metrics.map(metricUnit)];
  const lines = aligned(rows);
  const longest = Math.max(...lines.map(({ length }) => length));
  const isRoom = longest + 2 + Math.max(...words.map(({ length }) => length)) <= width;
  return [
    ...lines.map((line, k) =>
      k === 0
        ? ink.dim(line)
        : isRoom && words[k] !== undefined
          ? `${line.padEnd(longest)}  ${ink.dim(words[k])}`
          : line,
    ),
    '',
  ];
}

function expectationLines(expectations: readonly HeldExpectation[], width: number): string[] {
  if (expectations.length === 0) return [];
  const failing = expectations.filter(({ held, of }) => held < of).length;
  const all = expectations.length === 1 ? 'the one there is holds' : `all ${expectations.length} hold`;
  const head =
    failing === 0
      ? `Expectations: ${all} with every seed`
      : `Expectations: ${failing} of ${expectations.length} fail with some seed`;
  return [
    ink.bold(head),
    ...expectations.flatMap(({ because, held, of, that, with: set }) => {
      const changes = Object.entries(set ?? {}).map(([path, value]) => `${path} = ${JSON.stringify(value)}`);
      const when = changes.length === 0 ? '' : ink.dim(`   with ${changes.join(', ')}`);
      const mark = held === of ? ink.green('✓') : ink.red('✗');
      return [
        `  ${mark} ${`${held}/${of}`.padStart(2 * String(of).length + 1)}  ${that}${when}`,
        ...(held === of ? [] : wrap(because, width - 8).map((line) => ink.dim(`      ${line}`))),
      ];
    }),
    '',
  ];
}

function notes({ plan }: LoadedScenario, { drawn, runs, seeds }: OverSeeds): string[] {
  const diverged = runs.filter(({ status }) => status === 'diverged').map(({ seed }) => seed);
  const which = seeds.length === 1 ? `seed ${seeds[0]}` : `seeds ${seeds[0]} to ${seeds.at(-1)}`;
  return [
    `${counted(seeds.length, 'run')} of ${counted(plan.steps, 'step')}, ${which}. ${
      !drawn
        ? 'Nothing is drawn: every seed gives the same.'
        : seeds.length > 1
          ? 'Table: means at the last step; ± is a 95 % interval of the mean over the seeds.'
          : 'One seed tells nothing of the spread.'
    }`,
    ...(diverged.length === 0
      ? []
      : [
          `Diverged: ${counted(diverged.length, 'run')} (seed ${diverged.join(', ')}), which count in no mean of the last step.`,
        ]),
  ];
}
