/** The folder of a study: its log outlives everything, one sweep at a time is in it, and no other study. */
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FinishedRun, lineOf, readLine } from '../../../src/study/sweep/finished-run.js';
import { openFolder } from '../../../src/study/sweep/folder.js';
import { FolderError, lockFolder } from '../../../src/study/sweep/lock.js';
import { studyOf } from '../../../src/study/sweep/read-study.js';
import { openRunLog } from '../../../src/study/sweep/run-log.js';
import { given } from '../../../src/study/sweep/written.js';
import { additiveIn, temporary } from '../../support/sweep.js';

const folder = temporary();
const scenario = additiveIn(folder);
const fresh = () => mkdtempSync(join(folder, 'f-'));
const run = (n: number, value: number | null = n / 7): FinishedRun => ({
  n,
  key: `key ${n}`,
  diverged: false,
  rows: [[value, null]],
});
const keyOf = (n: number) => `key ${n}`;

describe('a line', () => {
  it('gives back the run to the bit', () => {
    for (const value of [0.1 + 0.2, 5e-324, -1e300, null])
      expect(readLine(lineOf(run(3, value)))).toEqual(run(3, value));
  });

  it('is known to be torn, or changed, wherever that is', () => {
    const line = lineOf(run(12));
    for (let length = 0; length < line.length; length++) expect(readLine(line.slice(0, length))).toBeNull();
    for (let at = 10; at < line.length; at++)
      expect(readLine(`${line.slice(0, at)}${line[at] === '7' ? '8' : '7'}${line.slice(at + 1)}`)).toBeNull();
  });
});

describe('the log', () => {
  it('is read again after every place at which it can be torn', () => {
    const file = join(fresh(), 'runs.ndjson');
    const lines = [2, 0, 1].map((n) => `${lineOf(run(n))}\n`);
    const text = lines.join('');
    for (let length = 0; length <= text.length; length++) {
      writeFileSync(file, text.slice(0, length));
      const log = openRunLog(file, 3, keyOf);
      const whole = lines.filter((_, k) => lines.slice(0, k + 1).join('').length <= length).length;
      expect([log.count, log.damaged]).toEqual([whole, 0]);
      // What is left goes in as if nothing had been.
      log.append([0, 1, 2].filter((n) => !log.has(n)).map((n) => lineOf(run(n))));
      expect([0, 1, 2].map((n) => log.read(n))).toEqual([run(0), run(1), run(2)]);
      log.close();
      expect(
        readFileSync(file, 'utf8')
          .split('\n')
          .filter((line) => readLine(line) !== null),
      ).toHaveLength(3);
    }
  });

  it('counts no line that was changed, or is of another run, or is out of place', () => {
    const file = join(fresh(), 'runs.ndjson');
    const other = lineOf({ ...run(1), key: 'of another study' });
    writeFileSync(file, `${lineOf(run(0)).replace('0', '1')}\n${other}\n${lineOf(run(9))}\n\n${lineOf(run(2))}\n`);
    const log = openRunLog(file, 3, keyOf);
    expect([log.count, log.damaged]).toEqual([1, 4]);
    expect([0, 1, 2].map((n) => log.has(n))).toEqual([false, false, true]);
    log.close();
  });

  it('takes a run that comes twice once', () => {
    const log = openRunLog(join(fresh(), 'runs.ndjson'), 3, keyOf);
    log.append([lineOf(run(1)), lineOf(run(1))]);
    log.append([lineOf(run(1))]);
    expect(log.count).toBe(1);
    log.close();
  });
});

describe('the lock', () => {
  it('is held by one, and given back', () => {
    const place = fresh();
    const unlock = lockFolder(place);
    expect(() => lockFolder(place)).toThrow(FolderError);
    unlock();
    lockFolder(place)();
    expect(readdirSync(place)).toEqual([]);
  });

  it('is taken from a process that is gone, and from nobody else', () => {
    const place = fresh();
    const hold = (pid: number, host = hostname()) => writeFileSync(join(place, 'lock'), JSON.stringify({ pid, host }));
    const gone = spawnSync(process.execPath, ['-e', '']).pid ?? 0;
    hold(gone);
    lockFolder(place)();
    // A number that this process has now, and another had before.
    hold(process.pid);
    lockFolder(place)();
    hold(process.ppid);
    expect(() => lockFolder(place)).toThrow(`process ${process.ppid}`);
    hold(gone, 'elsewhere');
    expect(() => lockFolder(place)).toThrow('elsewhere');
  });
});

describe('a folder', () => {
  const study = (more: object = {}) =>
    studyOf(given('test', { scenario, over: { 'state.level': [0, 1] }, seeds: 2, ...more }), folder);

  it('takes the same study again, and says how another one differs', async () => {
    const place = fresh();
    openFolder(place, await study(), { command: ['first'] }).close();
    const manifest = readFileSync(join(place, 'manifest.json'), 'utf8');
    openFolder(place, await study(), { command: ['second'] }).close();
    expect(readFileSync(join(place, 'manifest.json'), 'utf8')).toBe(manifest);
    const refusal = async (more: object) => {
      const other = await study(more);
      try {
        openFolder(place, other).close();
      } catch (error) {
        return error instanceof FolderError ? error.message : String(error);
      }
      return 'taken';
    };
    expect(await refusal({ seeds: 3 })).toContain('seeds: {"first":1,"count":2} there, {"first":1,"count":3} here');
    expect(await refusal({ set: { steps: 4 } })).toContain('scenario.steps: 3 there, 4 here');
    expect(await refusal({ keep: 'trace', measures: { m: 'middle' } })).toContain('keep: "final" there, "trace" here');
    expect(await refusal({ over: { 'state.level': [0, 2] } })).toContain('over.state.level: ');
    expect(await refusal({ design: 'sobol', points: 2 })).toContain('design: ');
    expect(await refusal({})).toBe('taken');
  });

  it('clears what a sweep left that was killed while it wrote', async () => {
    const place = fresh();
    openFolder(place, await study()).close();
    for (const name of ['results.parquet.123.part', 'manifest.json.45.part', 'lock.67', 'lock.8.gone', 'mine.9.part'])
      writeFileSync(join(place, name), '');
    openFolder(place, await study()).close();
    expect(readdirSync(place).sort()).toEqual(['manifest.json', 'mine.9.part', 'runs.ndjson']);
  });

  it('does away with what is there only where it is told to, and only with a study', async () => {
    const place = fresh();
    const first = openFolder(place, await study());
    appendFileSync(join(place, 'notes.txt'), 'mine');
    first.close();
    openFolder(place, await study({ seeds: 3 }), { fresh: true }).close();
    expect(existsSync(join(place, 'notes.txt'))).toBe(true);
    const other = fresh();
    writeFileSync(join(other, 'manifest.json'), '{"scenario": "a run"}');
    const own = await study();
    expect(() => openFolder(other, own, { fresh: true })).toThrow('holds something else');
    expect(readdirSync(other)).toEqual(['manifest.json']);
    truncateSync(join(other, 'manifest.json'), 5);
    expect(() => openFolder(other, own)).toThrow('holds something else');
  });
});
