/** `driftloop explain` as a process. `npm test` builds it first. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EVERYTHING } from '../support/scenario.js';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftloop-'));
  file = join(folder, 'everything.yaml');
  writeFileSync(file, EVERYTHING);
});
afterAll(() => rmSync(folder, { recursive: true }));

const explain = (...args: string[]) => {
  const { status, stderr, stdout } = spawnSync(process.execPath, ['dist/cli/main.js', 'explain', ...args], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { status, stdout, stderr };
};

const FEW = ['--mechanism', 'respond', '--mechanism', 'sense.gaps', '--seeds', '2'];

it('prints one object with --json, with the keys that are promised, and nothing else', () => {
  const { status, stderr, stdout } = explain(file, ...FEW, '--json');
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const told = JSON.parse(stdout);
  expect(told).toMatchObject({ scenario: 'everything', seeds: 2, metric: 'score.actual.accuracy', worse: 'lower' });
  expect(told.shares.map(({ mechanism }: { mechanism: string }) => mechanism)).toEqual(['respond', 'sense.gaps']);
  for (const share of told.shares)
    expect(share).toMatchObject({ share: expect.any(Number), low: expect.any(Number), high: expect.any(Number) });
  const sum = told.shares.reduce((a: number, { share }: { share: number }) => a + share, 0);
  expect(Math.abs(sum - told.total)).toBeLessThan(1e-9);
  expect(told.overTime.total.length).toBe(20);
  expect(told.overTime.shares.map(({ share }: { share: unknown[] }) => share.length)).toEqual([20, 20]);
});

it('gives the same with one thread and with several', () => {
  const [one, several] = ['1', '2'].map((workers) => explain(file, ...FEW, '--workers', workers, '--json').stdout);
  expect(one).not.toBe('');
  expect(several).toBe(one);
});

it('draws a table, a chart and what a share is', () => {
  const { status, stdout } = explain(file, ...FEW, '--over', 'mean', '--metric', 'costs.total');
  expect(status).toBe(0);
  expect(stdout).toContain('8 runs of 20 steps: every subset of the mechanisms; 2 seeds (1 to 2).');
  expect(stdout).toMatch(/^respond +[−\d.,]+ ± [\d.,]+/m);
  expect(stdout).toMatch(/^together /m);
  expect(stdout).toContain('step 0');
  expect(stdout).toContain('averaged over every order');
  // Nobody looks: no colour, and every line fits.
  expect(stdout).not.toContain('\u001b');
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(90);
});

it('keeps off what is switched off, and explains the rest', () => {
  const { stdout } = explain(file, '--off', 'drift', '--off', 'collect', '--off', 'sense', '--seeds', '1', '--json');
  const told = JSON.parse(stdout);
  expect(told.runs).toBe(2);
  expect(told.shares).toMatchObject([{ mechanism: 'respond.gaming', part: told.total === 0 ? null : 1 }]);
  const run = (...args: string[]) => {
    const { stdout: text } = spawnSync(process.execPath, ['dist/cli/main.js', 'run', file, '--json', ...args]);
    return JSON.parse(String(text)).final['actual.accuracy'];
  };
  const off = ['--off', 'drift', '--off', 'collect', '--off', 'sense'];
  expect(told.all).toBeCloseTo(run(...off), 12);
  expect(told.none).toBeCloseTo(run(...off, '--off', 'respond'), 12);
});

it('ends with 2 where it is called wrongly, and says why', () => {
  expect(explain(file, '--metric', 'acuracy')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('did you mean `accuracy`?'),
  });
  expect(explain(file, '--over', 'often')).toMatchObject({ status: 2, stderr: expect.stringContaining('40-59') });
  expect(explain(file, '--orders', '4', '--exact').status).toBe(2);
  expect(JSON.parse(explain(file, '--mechanism', 'respond.x', '--json').stdout)).toMatchObject({ ok: false });
});

it('has an example in its help', () => {
  const { status, stdout } = explain('--help');
  expect(status).toBe(0);
  expect(stdout).toContain('Example:\n  driftloop explain ');
});
