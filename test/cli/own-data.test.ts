/** From a CSV file to a table of policies, as a person types it. `npm test` builds the command line first. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missing, shared } from '../support/shared.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftloop-own-'));
  writeFileSync(join(folder, 'my.csv'), DATA);
});
afterAll(() => rmSync(folder, { recursive: true }));

function driftloop(...args: string[]) {
  const { status, stderr, stdout } = spawnSync(process.execPath, ['dist/cli/main.js', ...args], {
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: '', NO_COLOR: '1' },
  });
  return { status, stdout, stderr };
}

/** Whether x lies above a limit that jumps from 50 to 20 halfway: who never learns again is wrong on 3 of 10. */
const DATA = `x,above\n${Array.from({ length: 1200 }, (_, i) => {
  const x = (i * 37) % 100;
  return `${x},${x >= (i < 600 ? 50 : 20) ? 1 : 0}`;
}).join('\n')}\n`;
const made = () => {
  const path = join(folder, 'my.yaml');
  expect(driftloop('new', '--csv', join(folder, 'my.csv'), '--label', 'above', path, '--force')).toMatchObject({
    status: 0,
    stderr: '',
  });
  return path;
};

it('new, check and run', () => {
  const path = made();
  expect(readFileSync(path, 'utf8')).toContain('file: my.csv');
  expect(driftloop('check', path).status).toBe(0);
  const { status, stdout } = driftloop('run', path);
  expect(status).toBe(0);
  expect(stdout).toContain('Of 2 monitors nobody can say what the alarms were worth');
});

it.each([
  ['no label', ['--csv', 'my.csv'], /--csv needs --label/],
  ['a label without a file', ['--label', 'x'], /--csv my\.csv/],
  ['a file that is not there', ['--csv', '/nowhere.csv', '--label', 'x'], /nowhere\.csv:1:1: the file is not there/],
])('new with %s', (_, flags, message) => {
  const { status, stderr } = driftloop('new', ...flags, join(folder, 'none.yaml'));
  expect(status).toBe(2);
  expect(stderr).toMatch(message);
});

describe('compare', () => {
  it('has no interval, since every seed gives the same, and says so', () => {
    const path = made();
    const { status, stdout } = driftloop('compare', path, '--policy', 'never', '--policy', 'every 5, last 5');
    expect(status).toBe(0);
    expect(stdout).toContain('One run of each policy');
    expect(stdout).toContain('No ±: the rows are replayed and nothing else is drawn (2 seeds gave the same');
    expect(stdout.match(/±/g)).toHaveLength(1);
    expect(stdout).toMatch(/every 5, last 5 +1 .* cheaper/);
    const { alike, policies, seeds } = JSON.parse(
      driftloop('compare', path, '--policy', 'never', '--policy', 'every 5, last 5', '--seeds', '3', '--json').stdout,
    );
    expect({ alike, seeds }).toEqual({ alike: 3, seeds: 1 });
    expect(policies[0]).toMatchObject({
      name: 'every 5, last 5',
      rank: [1, 1],
      difference: { low: null, verdict: 'lower' },
    });
    expect(policies[1]).toMatchObject({ name: 'never', rank: [2, 2] });
  });

  it('has one as soon as anything is drawn', () => {
    const { stdout } = driftloop('compare', made(), '--policy', 'never', '--policy', 'random 0.2, last 5');
    expect(stdout).toContain('20 seeds (1 to 20)');
    expect(stdout).toMatch(/random 0\.2, last 5 .* ± /);
    // A policy that never came to train in two runs may yet in others.
    const rarely = driftloop('compare', made(), '--policy', 'never', '--policy', 'random 0.000001', '--seeds', '3');
    expect(rarely.stdout).toContain('3 seeds (1 to 3)');
    // What draws nothing has none, also here.
    expect(stdout).toMatch(/^never +\d(-\d)? +[\d,]+ +baseline/m);
  });
});

describe.skipIf(missing('data/electricity.csv.gz'))('electricity', () => {
  it('gives two lines of the table that the README shows', () => {
    const path = join(folder, 'electricity.yaml');
    driftloop('new', '--csv', shared('data/electricity.csv.gz'), '--label', 'class', path);
    const set = ['population.rows.replay.per=336', 'lab.size=4032'].flatMap((value) => ['--set', value]);
    const policies = ['never', 'on an alarm'].flatMap((policy) => ['--policy', policy]);
    const { stdout } = driftloop('compare', path, ...policies, ...set);
    const readme = readFileSync('README.md', 'utf8').split('\n');
    const words = (line: string | undefined) => line?.trim().split(/ {2,}/);
    const lineOf = (policy: string, lines: readonly string[]) =>
      words(lines.find((line) => line.startsWith(`${policy}  `)));
    const printed = lineOf('on an alarm', stdout.split('\n'));
    expect(printed?.slice(2)).toEqual(['10,605', '−1,723', 'cheaper', '9,655', '950', '19', '0.7662', '●']);
    expect(lineOf('on an alarm', readme)).toEqual(printed);
    // Among more policies its rank is another.
    expect(lineOf('never', readme)?.slice(2)).toEqual(lineOf('never', stdout.split('\n'))?.slice(2));
  }, 60_000);
});
