/** `export` and `diff` as processes: what they write, what they say, and how they end. `npm test` builds them first. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse as parseCsv } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StepRecord, TraceRecord } from '../../src/loop/trace.js';
import type { RunFacts } from '../../src/server/protocol.js';
import { HtmlEncoder } from '../../src/study/export/html.js';
import { readPage } from '../../src/study/export/page.js';
import { numbersOf } from '../../src/study/export/rows.js';
import { openBrowser } from '../support/browser.js';
import { EVERYTHING } from '../support/scenario.js';

const HOSTILE = `</script><img src=x onerror=document.title="owned">"../../x`;

let folder: string;
let bundle: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftloop-export-'));
  bundle = ran('bundle', '--twin', 'feedback');
});
afterAll(() => rmSync(folder, { recursive: true }));

const at = (...names: string[]) => join(folder, ...names);

function driftloop(args: readonly string[], input = '') {
  const { FORCE_COLOR: _force, NO_COLOR: _no, ...env } = process.env;
  const { status, stderr, stdout } = spawnSync(process.execPath, ['dist/cli/main.js', ...args], {
    encoding: 'utf8',
    env,
    input,
    maxBuffer: 1e9,
  });
  return { status, stdout, stderr };
}

/** A bundle of a run of the small scenario. */
function ran(name: string, ...args: string[]): string {
  const scenario = at(`${name}.yaml`);
  writeFileSync(scenario, EVERYTHING.replace('name: everything', `name: ${JSON.stringify(HOSTILE)}`));
  expect(driftloop(['run', scenario, '--out', at(name), '--json', ...args]).status).toBe(0);
  return at(name);
}

const recordsOf = (path: string): TraceRecord[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const textOf = (records: readonly unknown[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('');

/** The trace with other records, and the hash that belongs to them. */
function rewritten(name: string, change: (record: TraceRecord) => object): string {
  const run = recordsOf(join(bundle, 'trace.ndjson')).filter(({ twin }) => twin === undefined);
  const lines = run.slice(0, -1).map(change);
  const hash = createHash('sha256').update(textOf(lines)).digest('hex');
  writeFileSync(at(name), textOf([...lines, { ...run.at(-1), hash }]));
  return at(name);
}

describe('export', () => {
  it('writes all formats at once, and tells a program what it wrote', async () => {
    const files = { html: at('all.html'), csv: at('all.csv'), parquet: at('all.parquet'), arrow: at('all.arrow') };
    const flags = Object.entries(files).flatMap(([format, file]) => [`--${format}`, file]);
    const { status, stderr, stdout } = driftloop(['export', bundle, ...flags, '--json']);
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({
      written: Object.entries(files).map(([format, file]) => ({ format, file, bytes: statSync(file).size })),
      notes: [],
    });
    const steps = recordsOf(join(bundle, 'trace.ndjson')).filter((r): r is StepRecord => r.type === 'step');
    const rows = parseCsv(readFileSync(files.csv), { columns: true }) as Record<string, string>[];
    const typed = await parquetReadObjects({ file: new Uint8Array(readFileSync(files.parquet)).buffer });
    expect([rows.length, typed.length]).toEqual([steps.length, steps.length]);
    steps.forEach((record, k) => {
      expect(rows[k].run).toBe(record.twin ?? 'run');
      for (const [name, value] of numbersOf(record)) {
        expect(rows[k][name]).toBe(value === null ? '' : String(value));
        expect(typed[k][name]).toBe(value);
      }
    });
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('tells a person what it wrote', () => {
    const { status, stdout } = driftloop(['export', join(bundle, 'trace.ndjson'), '--csv', at('person.csv')]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Wrote .*person\.csv, \d+\.\d KB\n$/);
  });

  it('reads a pipe', () => {
    const input = readFileSync(join(bundle, 'trace.ndjson'), 'utf8');
    expect(driftloop(['export', '-', '--csv', at('pipe.csv')], input).status).toBe(0);
    driftloop(['export', bundle, '--csv', at('file.csv')]);
    expect(readFileSync(at('pipe.csv'), 'utf8')).toBe(readFileSync(at('file.csv'), 'utf8'));
  });

  it('does not overwrite, unless it is told to', () => {
    writeFileSync(at('there.csv'), 'mine');
    const refused = driftloop(['export', bundle, '--csv', at('there.csv'), '--parquet', at('new.parquet')]);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain('--force overwrites it');
    expect(readFileSync(at('there.csv'), 'utf8')).toBe('mine');
    expect(existsSync(at('new.parquet'))).toBe(false);
    expect(driftloop(['export', bundle, '--csv', at('there.csv'), '--force']).status).toBe(0);
    expect(readFileSync(at('there.csv'), 'utf8')).toMatch(/^run,t,/);
  });

  it('takes a run that was cut off as far as it goes, and says so', () => {
    const lines = readFileSync(join(bundle, 'trace.ndjson'), 'utf8').split('\n').slice(0, 15);
    writeFileSync(at('cut.ndjson'), `${lines.join('\n')}\n`);
    const files = ['--csv', at('cut.csv'), '--html', at('cut.html')];
    const { status, stdout } = driftloop(['export', at('cut.ndjson'), ...files, '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout).notes).toEqual([expect.stringMatching(/cut off.*step \d+ is the last/)]);
    expect(parseCsv(readFileSync(at('cut.csv'))).length).toBeGreaterThan(5);
    const before = driftloop(['export', '-', '--csv', at('head.csv')], `${lines[0]}\n`);
    expect(before.stdout).toContain('cut off before its first step');
    expect(readFileSync(at('head.csv'), 'utf8')).toBe('run,t,worst\r\n');
  });

  it('refuses a broken trace with its place, and leaves no half of a file', () => {
    const text = readFileSync(join(bundle, 'trace.ndjson'), 'utf8');
    writeFileSync(at('broken.ndjson'), text.slice(0, 9000));
    const { status, stderr, stdout } = driftloop(['export', at('broken.ndjson'), '--csv', at('broken.csv')]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /broken\.ndjson:\d+:\d+: the file ends in the middle of a record\n {2}expected the whole record/,
    );
    expect(readdirSync(folder).filter((name) => name.startsWith('broken.csv'))).toEqual([]);
    writeFileSync(at('there2.csv'), 'mine');
    driftloop(['export', at('broken.ndjson'), '--csv', at('there2.csv'), '--force']);
    expect(readFileSync(at('there2.csv'), 'utf8')).toBe('mine');
    const told = driftloop(['export', at('broken.ndjson'), '--csv', at('broken.csv'), '--json']);
    expect(JSON.parse(told.stdout)).toMatchObject({ ok: false, diagnostics: [{ file: at('broken.ndjson') }] });
  });

  it.each([
    ['no format', () => ['export', bundle], /name a file with --html, --csv, --parquet or --arrow/],
    ['no trace', () => ['export', at('absent'), '--csv', at('x.csv')], /there is no file or folder/],
    ['a folder that is no bundle', () => ['export', 'docs', '--csv', at('x.csv')], /docs holds no trace\.ndjson/],
    ['a folder to write to', () => ['export', bundle, '--csv', folder], /is a folder/],
    ['a folder that is not there', () => ['export', bundle, '--csv', at('a', 'b.csv')], /there is no folder/],
    ['one file twice', () => ['export', bundle, '--csv', at('x'), '--parquet', at('x')], /cannot go into one file/],
    ['no argument', () => ['export'], /missing required argument/],
  ])('ends with 2 on %s', (_, args, message) => {
    const { status, stderr } = driftloop(args());
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe('a page', () => {
  it('of people who are rows of a data file holds none of them', () => {
    const rows = ['income,group,repaid', '50,a,1', '40,b,0', '60,a,1', '30,b,0', '55,b,1'];
    writeFileSync(at('people.csv'), `${rows.join('\n')}\n`);
    writeFileSync(
      at('rows.yaml'),
      `
name: rows
steps: 3
population:
  turnover: 0
  rows: { file: people.csv, columns: { income: income, group: group, paid: repaid }, categorical: [group] }
outcome: { field: repaid, kind: binary, value: paid }
lab: { size: all, holdout: 0 }
models: { score: { learner: logistic, features: [income, group], target: repaid, l2: 1 } }
slices: [{ name: b, where: group == "b" }]
`,
    );
    expect(driftloop(['run', at('rows.yaml'), '--out', at('rows'), '--json']).status).toBe(0);
    rmSync(at('people.csv'));
    const { status, stdout } = driftloop(['export', at('rows'), '--html', at('rows.html'), '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout).notes).toEqual([expect.stringContaining('rows of a data file')]);
    const [, text] = /id="driftloop-trace">([\s\S]*?)<\/script>/.exec(readFileSync(at('rows.html'), 'utf8')) ?? [];
    const { facts, frames } = JSON.parse(text) as { facts: RunFacts; frames: unknown[] };
    expect(frames).toEqual([]);
    expect(facts).toMatchObject({ name: 'rows', individuals: 5, fields: expect.arrayContaining(['income']) });
  });

  it('of a scenario that this version does not understand is refused', () => {
    const other = rewritten('other.ndjson', (record) =>
      record.type === 'header' ? { ...record, version: '9.0.0', scenario: { name: 'x', warp: 9 } } : record,
    );
    const { status, stderr } = driftloop(['export', other, '--html', at('other.html')]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/a run of driftloop 9\.0\.0 cannot be made by 0\.1\.0/);
    expect(driftloop(['export', other, '--csv', at('other.csv')]).status).toBe(0);
  });
});

describe('the page from disk', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  }, 60_000);
  afterAll(() => browser.close());

  it('opens without the network and without a complaint, and holds the run', async () => {
    driftloop(['export', bundle, '--html', at('page.html'), '--force']);
    const page = await browser.newPage();
    const complaints: string[] = [];
    const asked: string[] = [];
    page.on('console', (message) => {
      if (/content security policy|refused to/i.test(message.text())) complaints.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith('data:')) asked.push(request.url());
    });
    const address = pathToFileURL(at('page.html')).href;
    await page.goto(address);
    const found = await page.evaluate(() => {
      const text = document.getElementById('driftloop-trace')?.textContent ?? '';
      const data = JSON.parse(text) as { records: TraceRecord[]; frames: { t: number }[]; facts: RunFacts };
      return {
        records: data.records,
        frames: data.frames.length,
        facts: data.facts,
        images: document.images.length,
        styled: getComputedStyle(document.body).fontFamily,
        title: document.title,
      };
    });
    expect(found.records).toEqual(recordsOf(join(bundle, 'trace.ndjson')));
    expect(found.frames).toBe(20);
    expect(found.facts).toMatchObject({ name: HOSTILE, seed: 1, steps: 20, individuals: 300, file: null });
    expect(found.images).toBe(0);
    expect(found.title).not.toBe('owned');
    expect(complaints.filter((text) => !text.includes("'connect-src'") && !text.includes('api/'))).toEqual([]);
    expect(asked.filter((url) => url !== address && !url.includes('/api/'))).toEqual([]);
    await page.close();
  });

  it('runs its program as it was written, whatever stands in it', async () => {
    const web = at('web');
    mkdirSync(web);
    const program = [
      'const a = 1, script = 2;',
      'const said = ["</script>", `</SCRIPT x>`, "<!--<script>", /<\\/script>/.source, "\u2028", /<!--/u.source, a<script];',
      'document.title = JSON.stringify(said);',
    ].join('\n');
    writeFileSync(join(web, 'main.js'), program);
    writeFileSync(join(web, 'look.css'), 'body::after { content: "</style><p>"; color: rgb(1, 2, 3) }\r\n');
    writeFileSync(
      join(web, 'index.html'),
      '<!doctype html><html><head><meta charset="utf-8"><title>x</title><link rel="stylesheet" href="./look.css">' +
        '<script type="module" crossorigin src="./main.js"></script></head><body></body></html>',
    );
    const encoder = new HtmlEncoder({ page: await readPage(web), facts: () => null });
    const [header] = recordsOf(join(bundle, 'trace.ndjson'));
    const chunks: string[] = [...encoder.take(header)];
    for await (const chunk of encoder.finish()) chunks.push(chunk);
    writeFileSync(at('nasty.html'), chunks.join(''));
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(pathToFileURL(at('nasty.html')).href);
    expect(complaints).toEqual([]);
    expect(JSON.parse(await page.title())).toEqual([
      '</script>',
      '</SCRIPT x>',
      '<!--<script>',
      '<\\/script>',
      '\u2028',
      '\\x3c!--',
      true,
    ]);
    expect(await page.evaluate(() => getComputedStyle(document.body, '::after').content)).toBe('"</style><p>"');
    expect(await page.evaluate(() => document.querySelectorAll('p').length)).toBe(0);
    await page.close();
  });
});

describe('diff', () => {
  const diff = (a: string, b: string) => {
    const { status, stderr, stdout } = driftloop(['diff', a, b, '--json']);
    expect(stderr).toBe('');
    return { status, ...JSON.parse(stdout) };
  };

  it('says the same to the byte, and ends with 0', () => {
    const again = ran('again', '--twin', 'feedback');
    expect(diff(bundle, again)).toMatchObject({
      status: 0,
      same: true,
      given: [],
      scenario: [],
      overrides: [],
      first: null,
    });
    const { status, stdout } = driftloop(['diff', bundle, again]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/The same to the byte: 20 steps, trace [0-9a-f]{64}/);
    // How the same came about is told, and is no difference.
    const set = ran('set', '--twin', 'feedback', '--set', 'steps=20');
    expect(diff(bundle, set)).toMatchObject({ status: 0, same: true, overrides: [{ path: 'steps', b: 20 }] });
  });

  it('says where runs of two seeds part, and how far', () => {
    const other = ran('seed', '--seed', '2', '--set', 'respond.gaming.strength=9');
    const found = diff(bundle, other);
    expect(found).toMatchObject({
      status: 1,
      same: false,
      given: [
        { path: 'seed', a: 1, b: 2 },
        { path: 'twin', a: 'feedback', b: '' },
      ],
      scenario: [{ path: 'respond.gaming.strategic.strength', a: 2, b: 9 }],
      overrides: [{ path: 'respond.gaming.strength', b: 9 }],
      first: { run: 'run', t: 0 },
      metric: 'actual.accuracy',
      steps: { compared: 20 },
    });
    const [a, b] = [bundle, other].map((path) =>
      recordsOf(join(path, 'trace.ndjson')).filter((r): r is StepRecord => r.type === 'step' && r.twin === undefined),
    );
    const names = new Map(found.first.numbers.map((n: { name: string }) => [n.name, n]));
    expect(names.get('actual.logLoss')).toEqual({
      name: 'actual.logLoss',
      a: a[0].actual.logLoss,
      b: b[0].actual.logLoss,
    });
    const gaps = a.map((record, k) => Math.abs((record.actual.accuracy ?? 0) - (b[k].actual.accuracy ?? 0)));
    const largest = Math.max(...gaps);
    expect(found.largest).toMatchObject({ t: gaps.indexOf(largest), difference: largest });
    const { status, stdout } = driftloop(['diff', bundle, other]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/seed +1 +2\n/);
    expect(stdout).toContain('They part at step 0');
    expect(stdout).toMatch(/actual\.accuracy differs most at step \d+: by 0\.\d+/);
  });

  it('tells a difference of versions from one of numbers', () => {
    const plain = rewritten('plain.ndjson', (record) => record);
    const version = rewritten('version.ndjson', (record) =>
      record.type === 'header' ? { ...record, version: '0.2.0' } : record,
    );
    expect(diff(plain, version)).toMatchObject({
      status: 1,
      given: [{ path: 'version', a: '0.1.0', b: '0.2.0' }],
      first: null,
      steps: { compared: 20, differing: 0 },
      largest: null,
    });
    expect(driftloop(['diff', plain, version]).stdout).toContain('Every number and every event is the same.');
  });

  it('names the step, the numbers and the events that are not the same', () => {
    const plain = rewritten('plain.ndjson', (record) => record);
    const late = rewritten('late.ndjson', (record) =>
      record.type === 'step' && record.t === 7
        ? { ...record, worst: 'nobody', costs: { ...record.costs, total: 1 } }
        : record,
    );
    const { first } = diff(plain, late);
    expect(first.t).toBe(7);
    expect(first.numbers.map(({ name }: { name: string }) => name)).toEqual(['costs.total', 'worst']);
    const event = rewritten('event.ndjson', (record) =>
      record.type === 'event' && record.t === 5 ? { ...record, message: 'never begins' } : record,
    );
    expect(diff(plain, event).first).toMatchObject({
      t: 5,
      numbers: [],
      events: { b: expect.arrayContaining([expect.stringMatching(/^step 5: .*never begins$/)]) },
    });
  });

  it('says which of two goes on', () => {
    const whole = at('whole');
    cpSync(bundle, whole, { recursive: true });
    const short = at('short');
    mkdirSync(short);
    const lines = readFileSync(join(bundle, 'trace.ndjson'), 'utf8').split('\n');
    const cut = lines.findIndex((line) => line.includes('"type":"step"') && line.includes('"t":12'));
    writeFileSync(join(short, 'trace.ndjson'), `${lines.slice(0, cut).join('\n')}\n`);
    const found = diff(whole, short);
    expect(found).toMatchObject({ status: 1, first: { t: 12, ends: { a: 'goes on', b: 'is cut off' } } });
    expect(found.runs.b.hash).toBeNull();
    expect(diff(short, whole).first.ends).toEqual({ a: 'is cut off', b: 'goes on' });
  });

  it.each([
    ['a pipe', () => ['diff', '-', bundle], /can read twice/],
    ['a file that is not there', () => ['diff', bundle, at('absent')], /there is no file or folder/],
    ['one argument', () => ['diff', bundle], /missing required argument/],
  ])('ends with 2 on %s', (_, args, message) => {
    const { status, stderr } = driftloop(args());
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('ends with 2 on a broken trace', () => {
    writeFileSync(at('bad.ndjson'), 'hello\n');
    const { status, stderr } = driftloop(['diff', bundle, at('bad.ndjson')]);
    expect(status).toBe(2);
    expect(stderr).toContain('bad.ndjson:1:1: this is not JSON');
  });
});
