import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { parse as parseCsv } from 'csv-parse/sync';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { beforeAll, describe, expect, it } from 'vitest';
import type { HeaderRecord, StepRecord, TraceRecord } from '../../src/loop/trace.js';
import { type ViewFrame, WorldView } from '../../src/loop/view.js';
import { ScenarioError } from '../../src/scenario/diagnostic.js';
import { type LoadedScenario, loadScenario } from '../../src/scenario/load.js';
import { runOf, simulate } from '../../src/scenario/simulate.js';
import { ArrowEncoder } from '../../src/study/export/arrow.js';
import { CsvEncoder } from '../../src/study/export/csv.js';
import { type Encoder, ExportError, encoded } from '../../src/study/export/encoder.js';
import { fileName } from '../../src/study/export/file-name.js';
import { HtmlEncoder, type HtmlOptions } from '../../src/study/export/html.js';
import { type Page, readPage } from '../../src/study/export/page.js';
import { ParquetEncoder } from '../../src/study/export/parquet.js';
import { readTrace } from '../../src/study/export/read.js';
import { framesOf, Passed } from '../../src/study/export/replay.js';
import { LOOK_AHEAD, numbersOf, Rows } from '../../src/study/export/rows.js';
import { EVERYTHING, hashOf, parse, records, stepsOf } from '../support/scenario.js';

let loaded: LoadedScenario;
let both: TraceRecord[];
beforeAll(async () => {
  loaded = await parse(EVERYTHING);
  both = [];
  for await (const record of simulate(loaded, { twin: 'feedback' })) both.push(record);
});

async function bytesOf(all: Iterable<TraceRecord>, encoder: Encoder): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of encoded(all, encoder)) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}
const csvOf = async (all: Iterable<TraceRecord>): Promise<string> => (await bytesOf(all, new CsvEncoder())).toString();

async function parquetOf(all: Iterable<TraceRecord>) {
  const bytes = await bytesOf(all, new ParquetEncoder());
  const file = new Uint8Array(bytes).buffer;
  return { metadata: parquetMetadata(file), rows: await parquetReadObjects({ file }) };
}

/** A record of a step by hand, with no more than what is asked for. */
const step = (t: number, more: Partial<StepRecord> = {}): StepRecord => ({
  type: 'step',
  id: t + 1,
  t,
  lab: {},
  observed: {},
  actual: {},
  models: {},
  slices: {},
  worst: null,
  measure: {},
  theory: {},
  state: {},
  costs: {},
  population: {},
  ...more,
});

/** What a table says of a number must be what the record says, to the last bit. */
function expectSame(rows: readonly Record<string, unknown>[], value: (cell: unknown) => number | null) {
  const steps = stepsOf(both);
  expect(rows).toHaveLength(steps.length);
  steps.forEach((record, k) => {
    const row = rows[k];
    expect(row.run).toBe(record.twin ?? 'run');
    expect(value(row.t)).toBe(record.t);
    // No slice is the worst where none is worse than everybody; CSV has no null but the empty cell.
    expect(row.worst === '' ? null : row.worst).toBe(record.worst);
    for (const [name, x] of numbersOf(record)) expect(value(row[name]), name).toBe(x);
  });
}

describe('rows', () => {
  it('name numbers as expectations do', () => {
    const [record] = stepsOf(both);
    const names = new Map(numbersOf(record));
    for (const [name, value] of names) expect(loaded.readers.get(name)?.(record), name).toBe(value);
    for (const name of [
      'actual.accuracy',
      'lab.auc',
      'observed.n',
      'score.coef.income',
      'score.version',
      'slices.group_a.accuracy',
      'costs.total',
      'measure.approved',
      'population.income.mean',
    ])
      expect([...names.keys()]).toContain(name);
  });

  it('read models other than the first, state and theory as expectations do', async () => {
    const second = await parse(
      EVERYTHING.replace('decide:', '  second: { learner: linear, features: [income], target: late }\ndecide:') +
        'state: { fear: { start: 0.25, becomes: fear + 0.1 } }\ntheory: { fear: { value: t * 2, over: state.fear } }\n',
    );
    const record = stepsOf(records(second))[5];
    const names = new Map(numbersOf(record));
    for (const [name, value] of names) expect(second.readers.get(name)?.(record), name).toBe(value);
    expect(names.get('second.actual.rmse')).toBeGreaterThan(0);
    expect(names.get('state.fear')).toBeCloseTo(0.75);
    expect(names.get('theory.fear')).toBe(10);
  });

  it('take columns that come with a later training, and say so where it is too late for one', () => {
    const model = { version: 1, trained: -1, intercept: 0.5, sd: null, norm: null, objective: null, gap: null };
    const early = new Rows();
    expect(early.take(step(0, { models: { m: { ...model, coef: null } } }))).toEqual([]);
    expect(early.take(step(1, { models: { m: { ...model, coef: { x: 2 } } } }))).toEqual([]);
    const rows = early.finish();
    const place = early.names.indexOf('m.coef.x');
    expect(rows.map(({ numbers }) => numbers[place])).toEqual([null, 2]);
    expect(early.names).not.toContain('m.coef');

    const late = new Rows();
    let count = 0;
    for (let t = 0; t < LOOK_AHEAD + 5; t++) count += late.take(step(t, { measure: { a: t } })).length;
    expect(count).toBe(LOOK_AHEAD + 5);
    expect(() => late.take(step(LOOK_AHEAD + 5, { measure: { a: 1, b: 2 } }))).toThrow(ExportError);
    expect(() => late.take(step(LOOK_AHEAD + 5, { measure: { a: 1, b: 2 } }))).toThrow(/`measure\.b`/);
  });

  it('keep slices apart whose words are the same', () => {
    const rows = new Rows();
    rows.take(step(0, { slices: { 'a b': { n: 1 }, 'a-b': { n: 2 } } }));
    expect(rows.finish()[0].numbers).toEqual([1, 2]);
    expect(rows.names).toEqual(['slices.a_b.n', 'slices.a_b_2.n']);
  });
});

describe('CSV', () => {
  it('gives back every number of the run and its twin', async () => {
    const text = await csvOf(both);
    expect(text).toMatch(/^run,t,lab\./);
    expect(text.endsWith('\r\n')).toBe(true);
    const rows = parseCsv(text, { columns: true }) as Record<string, string>[];
    expectSame(rows, (cell) => (cell === '' ? null : Number(cell)));
  });

  it('quotes what needs it, and writes numbers in their shortest exact form', async () => {
    const text = await csvOf([
      step(0, {
        worst: 'a "b", c\nd',
        twin: '',
        measure: { a: 0.1 + 0.2, b: 5e-324, c: null, d: 1.7976931348623157e308 },
      }),
    ]);
    expect(text).toBe(
      'run,t,measure.a,measure.b,measure.c,measure.d,worst\r\n' +
        '"",0,0.30000000000000004,5e-324,,1.7976931348623157e+308,"a ""b"", c\nd"\r\n',
    );
    expect(parseCsv(text)[1]).toEqual([
      '',
      '0',
      '0.30000000000000004',
      '5e-324',
      '',
      '1.7976931348623157e+308',
      'a "b", c\nd',
    ]);
  });

  it('has a head also where no step has been made', async () => {
    expect(await csvOf(both.slice(0, 1))).toBe('run,t,worst\r\n');
  });
});

describe('Parquet', () => {
  it('gives back every number of the run and its twin, with its type', async () => {
    const { metadata, rows } = await parquetOf(both);
    expectSame(rows, (cell) => cell as number | null);
    const types = new Map(
      metadata.schema.slice(1).map(({ name, repetition_type, type }) => [name, `${type} ${repetition_type}`]),
    );
    expect(types.get('run')).toBe('BYTE_ARRAY REQUIRED');
    expect(types.get('t')).toBe('INT32 REQUIRED');
    expect(types.get('actual.accuracy')).toBe('DOUBLE OPTIONAL');
    expect(types.get('worst')).toBe('BYTE_ARRAY OPTIONAL');
  });

  it('says which run it is', async () => {
    const { metadata } = await parquetOf(both);
    const end = both.find((record) => record.type === 'end' && record.twin === undefined);
    const pairs = Object.fromEntries((metadata.key_value_metadata ?? []).map(({ key, value }) => [key, value]));
    expect(pairs).toMatchObject({
      'driftloop.name': 'everything',
      'driftloop.version': '0.1.0',
      'driftloop.seed': '1',
      'driftloop.hash': end?.type === 'end' ? end.hash : '',
    });
    expect(metadata.created_by).toBe('driftloop version 0.1.0');
  });

  it('writes groups of a bounded size as it goes', async () => {
    const encoder = new ParquetEncoder();
    const chunks: Uint8Array[] = [];
    const total = 150_000;
    for (let t = 0; t < total; t++)
      chunks.push(...encoder.take(step(t, { measure: { a: t / 3, b: t % 2 === 0 ? null : 1 } })));
    expect(chunks.length).toBeGreaterThan(1);
    chunks.push(...encoder.finish());
    const file = new Uint8Array(Buffer.concat(chunks)).buffer;
    expect(parquetMetadata(file).row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([65536, 65536, 18928]);
    const rows = await parquetReadObjects({ file, rowStart: 131_070, rowEnd: 131_074 });
    expect(rows.map(({ t, ...row }) => [t, row['measure.a'], row['measure.b']])).toEqual([
      [131_070, 43_690, null],
      [131_071, 131_071 / 3, 1],
      [131_072, 131_072 / 3, null],
      [131_073, 43_691, 1],
    ]);
  });

  it('can be read where no step has been made', async () => {
    const { metadata, rows } = await parquetOf(both.slice(0, 1));
    expect(rows).toEqual([]);
    expect(metadata.schema.map(({ name }) => name)).toEqual(['root', 'run', 't', 'worst']);
  });
});

// Read by the format's own implementation, not by what wrote it.
describe('Arrow', () => {
  const arrowOf = async (all: Iterable<TraceRecord>) => tableFromIPC(await bytesOf(all, new ArrowEncoder()));

  it('gives back every number of the run and its twin, with its type', async () => {
    const table = await arrowOf(both);
    expectSame(
      table.toArray().map((row) => row?.toJSON() as Record<string, unknown>),
      (cell) => cell as number | null,
    );
    const types = new Map(table.schema.fields.map(({ name, nullable, type }) => [name, `${type} ${nullable}`]));
    expect(types.get('run')).toBe('Utf8 false');
    expect(types.get('t')).toBe('Int32 false');
    expect(types.get('actual.accuracy')).toBe('Float64 true');
    expect(types.get('worst')).toBe('Utf8 true');
  });

  it('says which run it is', async () => {
    const { schema } = await arrowOf(both);
    const end = both.find((record) => record.type === 'end' && record.twin === undefined);
    expect(Object.fromEntries(schema.metadata)).toMatchObject({
      'driftloop.name': 'everything',
      'driftloop.seed': '1',
      'driftloop.hash': end?.type === 'end' ? end.hash : '',
    });
  });

  it('writes batches of a bounded size', async () => {
    const total = 40_000;
    const steps = Array.from({ length: total }, (_, t) =>
      step(t, { measure: { a: t / 3, b: t % 2 === 0 ? null : 1 } }),
    );
    const table = await arrowOf(steps);
    expect(table.batches.map(({ numRows }) => numRows)).toEqual([16_384, 16_384, 7232]);
    for (const t of [0, 16_383, 16_384, 39_999]) {
      const row = table.get(t)?.toJSON() as Record<string, unknown>;
      expect([row.t, row['measure.a'], row['measure.b']]).toEqual([t, t / 3, t % 2 === 0 ? null : 1]);
    }
  });

  it('can be read where no step has been made', async () => {
    const table = await arrowOf(both.slice(0, 1));
    expect(table.numRows).toBe(0);
    expect(table.schema.names).toEqual(['run', 't', 'worst']);
  });
});

describe('reading a trace', () => {
  const lines = () => both.map((record) => JSON.stringify(record));
  async function read(text: string, size = 1000): Promise<TraceRecord[]> {
    const bytes = Buffer.from(text);
    const chunks = async function* () {
      for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
    };
    const found: TraceRecord[] = [];
    for await (const { record } of readTrace(chunks(), 'a.ndjson')) found.push(record);
    return found;
  }
  const joined = (all: readonly string[]) => all.map((line) => `${line}\n`).join('');

  it.each([1, 7, 1000, 1e9])('gives back its records, in chunks of %s bytes', async (size) => {
    const some = size === 1 ? joined(lines().slice(0, 3)) : joined(lines());
    expect(await read(some, size)).toEqual(size === 1 ? both.slice(0, 3) : both);
  });

  it('takes a byte-order mark, Windows line ends and a last line without one', async () => {
    expect(await read(`\uFEFF${lines().join('\r\n')}`)).toEqual(both);
  });

  it('takes a run that was cut off, and one that was touched', async () => {
    expect(await read(joined(lines().slice(0, 9)))).toHaveLength(9);
    const touched = records(loaded, { interventions: [{ at: 3, set: { 'respond.gaming.strength': 9 } }] });
    expect(touched[0]).toMatchObject({ interventions: [{ at: 3 }] });
    expect(await read(joined(touched.map((record) => JSON.stringify(record))))).toEqual(touched);
  });

  const broken: [what: string, text: (all: string[]) => string, place: string, message: RegExp][] = [
    ['nothing', () => '', ':1:1', /no run in this trace/],
    ['no JSON', (all) => joined([all[0], all[1], 'hello']), ':3:1', /not JSON; expected one record/],
    ['half a record', (all) => joined(all.slice(0, 4)) + all[4].slice(0, 30), ':5:', /ends in the middle of a record/],
    ['a list', () => '[]\n', ':1:1', /no record/],
    ['no type', () => '{}\n', ':1:1', /no `type`; expected one of header, step, event, end/],
    ['another type', () => '{"type":"stop"}\n', ':1:1', /unknown type "stop"/],
    ['no header', (all) => joined(all.slice(2)), ':1:1', /begins with a record/],
    ['a missing line', (all) => joined(all.filter((_, k) => k !== 6)), ':8:1', /goes on with the id/],
    ['a doubled line', (all) => joined([...all.slice(0, 7), ...all.slice(6)]), ':8:1', /goes on with the id/],
    ['two runs', (all) => joined([all[0], all[0]]), ':2:1', /second header/],
    ['a line after the end', (all) => joined([...all, all[5]]), `:`, /goes on after its end/],
    [
      'a text for a number',
      () => '{"type":"header","id":"0"}\n',
      ':1:1',
      /`id` of the header is "0"; expected a whole number/,
    ],
    [
      'a changed number',
      (all) => joined(all).replace(/"rmse"|"accuracy":0\.\d/, '"accuracy":0.1'),
      ':',
      /their hash is/,
    ],
  ];
  it.each(broken)('refuses %s', async (_, text, place, message) => {
    const error = await read(text(lines())).then(
      () => null,
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(ScenarioError);
    expect((error as ScenarioError).message).toMatch(message);
    expect((error as ScenarioError).message).toContain(`a.ndjson${place}`);
  });

  it('knows the hash that a run has', () => {
    const run = records(loaded);
    const text = joined(run.slice(0, -1).map((record) => JSON.stringify(record)));
    expect(createHash('sha256').update(text).digest('hex')).toBe(hashOf(run));
  });
});

describe('the name of a file', () => {
  it.each([
    ['Strategic credit applicants', 'strategic-credit-applicants-seed-7.csv'],
    ['</script><img src=x onerror=alert(1)>', 'script-img-src-x-onerror-alert-1-seed-7.csv'],
    ['"../../x', 'x-seed-7.csv'],
    ['..', 'run-seed-7.csv'],
    ['Crédit\r\nX: y', 'credit-x-y-seed-7.csv'],
    ['信用', 'run-seed-7.csv'],
    ['a'.repeat(500), `${'a'.repeat(60)}-seed-7.csv`],
  ])('of %j', (name, expected) => expect(fileName(name, 7, 'csv')).toBe(expected));
});

describe('the page in one file', () => {
  const unescaped = (html: string) => JSON.parse(/id="driftloop-trace">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '');
  const HOSTILE = '</script><img src=x onerror=alert(1)><!--<script>\u2028';
  let page: Page;
  beforeAll(async () => {
    page = await readPage();
  });

  async function htmlOf(all: Iterable<TraceRecord>, options: Partial<HtmlOptions> = {}) {
    const encoder = new HtmlEncoder({ page, facts: () => ({ name: HOSTILE }), ...options });
    return { html: (await bytesOf(all, encoder)).toString(), note: () => encoder.note };
  }

  it('names nothing outside itself', async () => {
    const { html } = await htmlOf(both);
    const withoutPrograms = html.replace(/(<script\b[^>]*>)[\s\S]*?(<\/script>)/g, '$1$2');
    expect(withoutPrograms).not.toMatch(/\b(?:src|href|srcset)\s*=\s*["']?(?!["']?(?:data:|#))/i);
    expect(withoutPrograms).not.toMatch(/url\(\s*["']?(?!["']?(?:data:|#))/i);
    expect(html).not.toMatch(/(?:src|href)\s*=\s*["']?https?:|url\(["']?https?:/i);
    expect(html.match(/<script\b/g)).toHaveLength(2);
    expect(html.match(/<\/script>/g)).toHaveLength(2);
  });

  it('lets only its own script and style run', async () => {
    const { html } = await htmlOf(both);
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const [, script] = /<script type="module">([\s\S]*?)<\/script>/.exec(html) ?? [];
    // The script itself writes style sheets into pictures.
    const [, style] = /<style>([\s\S]*?)<\/style>/.exec(html.replace(script, '')) ?? [];
    expect(policy).toBe(
      `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; img-src data: blob:; base-uri 'none'; form-action 'none'`,
    );
    expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.indexOf('<script'));
    expect(html.indexOf('<meta charset')).toBeLessThan(1000);
  });

  it('holds records, frames and facts, whatever they say', async () => {
    const hostile = await parse(EVERYTHING.replace('name: everything', `name: ${JSON.stringify(HOSTILE)}`));
    const all = records(hostile);
    const { html, note } = await htmlOf(all);
    expect(note()).toBeNull();
    expect(html.includes('<img')).toBe(false);
    expect(html.includes('<title>&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&lt;!--&lt;script&gt;')).toBe(true);
    const embedded = html.slice(html.indexOf('{"records":'), html.lastIndexOf('</script>'));
    expect(/[<\u2028\u2029]/.test(embedded)).toBe(false);
    const data = unescaped(html);
    expect(Object.keys(data)).toEqual(['records', 'frames', 'note', 'facts']);
    expect(data.records).toEqual(all);
    expect(data.facts).toEqual({ name: HOSTILE });
    expect(data.frames.map(({ t }: ViewFrame) => t)).toEqual(Array.from({ length: 20 }, (_, t) => t));
    const seen: ViewFrame[] = [];
    const view = new WorldView(hostile.plan, { people: 400 });
    for (const _ of runOf(hostile, { look: (world) => seen.push(view.take(world)) }));
    expect(data.frames).toEqual(seen);
  });

  it('shows at most 240 moments, from the first to the last', async () => {
    const long = await parse(EVERYTHING, { set: { steps: 600, 'population.size': 20, 'lab.size': 200 } });
    const { frames } = unescaped((await htmlOf(records(long))).html);
    expect(frames).toHaveLength(240);
    expect([frames[0].t, frames[239].t]).toEqual([0, 599]);
  });

  it('shows the people of a run that was touched, and of one that has not ended', async () => {
    const interventions = [
      { at: 4, set: { 'respond.gaming.strength': 9 } },
      { at: 6, retrain: true as const },
    ];
    const touched = records(loaded, { interventions });
    expect(unescaped((await htmlOf(touched)).html).frames).toHaveLength(20);
    const half = touched.slice(0, touched.findIndex((record) => record.type === 'step' && record.t === 9) + 1);
    expect(unescaped((await htmlOf(half)).html).frames).toHaveLength(10);
    // The hands of a live run are not in its header.
    const live = half.map((record) => (record.type === 'header' ? { ...record, interventions: [] } : record));
    const blind = unescaped((await htmlOf(live)).html);
    expect(blind.frames).toEqual([]);
    expect(blind.note).toMatch(/not come out the same/);
    expect(unescaped((await htmlOf(live, { interventions })).html).frames).toHaveLength(10);
  });

  it('has no people in it where they cannot or should not be had, and says why', async () => {
    const all = records(loaded);
    const [header, ...rest] = all as [HeaderRecord, ...TraceRecord[]];
    const scenario = header.scenario as { population: object };
    const why = async (changed: unknown, more: TraceRecord[] = rest) => {
      const data = unescaped((await htmlOf([{ ...header, scenario: changed }, ...more])).html);
      expect(data.frames).toEqual([]);
      return data.note;
    };
    expect(await why(scenario, [])).toMatch(/no step was made/);
    expect(await why({ ...scenario, population: { rows: { file: '/etc/passwd' } } })).toMatch(/rows of a data file/);
    expect(await why({ ...scenario, population: { ...scenario.population, size: 1e7 } })).toMatch(/too long/);
    expect(await why({ ...scenario, steps: 30 })).toMatch(/not come out the same/);
    expect(await why({ nothing: true })).toMatch(/cannot run/);
    expect(await why(null)).toMatch(/cannot run/);
  });

  it.each(readdirSync('scenarios', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml')))(
    'runs %s again from what its trace says',
    async (name) => {
      const set = { steps: 3, replicates: 1 };
      const gallery = await loadScenario(`scenarios/${name}`, { set }).catch(() => null);
      if (gallery === null) return;
      const passed = new Passed();
      for (const record of runOf(gallery)) passed.take(record);
      const { frames, note } = await framesOf(passed, { frames: 3, people: 10 });
      expect(note).toEqual(
        gallery.scenario.population.rows === undefined ? null : expect.stringContaining('data file'),
      );
      expect(frames.length).toBe(note === null ? passed.steps : 0);
    },
  );

  it('refuses a page that cannot be put into one file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'driftloop-page-'));
    const write = async (name: string, text: string) => writeFile(join(folder, name), text);
    try {
      await expect(readPage(folder)).rejects.toThrow(/npm run build/);
      const html = (inside: string) =>
        `<html><head><meta charset="utf-8"><title>x</title>${inside}</head><body></body></html>`;
      await write('main.js', 'import("./part.js")');
      await write('look.css', 'a { background: url(pic.svg) } b { content: "</style>" }');
      await write('pic.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>');
      await write('index.html', html('<script type="module" src="./main.js"></script>'));
      await expect(readPage(folder)).rejects.toThrow(/loads another, \.\/part\.js/);
      for (const outside of ['../../etc/passwd', 'https://example.org/x.js', '//example.org/x.js']) {
        await write('index.html', html(`<script type="module" src="${outside}"></script>`));
        await expect(readPage(folder)).rejects.toThrow(/not in its own folder/);
      }
      await write('index.html', html('<img src="x.png">'));
      await expect(readPage(folder)).rejects.toThrow(/names a file/);
      await write('main.js', 'let s = "</script><!--<script >";\r\n');
      await write(
        'index.html',
        html('<link rel="stylesheet" href="look.css"><script type="module" src="./main.js"></script>'),
      );
      const { afterTitle } = await readPage(folder);
      expect(afterTitle).toContain('let s = "<\\/script>\\x3c!--<script >";\n</script>');
      expect(afterTitle).toContain('background: url("data:image/svg+xml;base64,');
      expect(afterTitle).toContain('content: "<\\/style>"');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
