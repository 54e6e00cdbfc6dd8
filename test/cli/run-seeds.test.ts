/** `driftloop run --seeds` as a process. `npm test` builds it first. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EVERYTHING } from '../support/scenario.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftloop-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) => {
  const { status, stderr, stdout } = spawnSync(process.execPath, ['dist/cli/main.js', 'run', ...args], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { status, stdout, stderr };
};

const expecting = (that: string) => {
  const path = join(folder, 'expecting.yaml');
  writeFileSync(path, `${EVERYTHING}expect: [{ that: "${that}", because: it must }]\n`);
  return path;
};

it('shows medians, intervals, and with how many seeds each expectation holds', () => {
  const { status, stdout } = run(expecting('final(actual.accuracy) > 0'), '--seeds', '3', '--twin', 'feedback');
  expect(status).toBe(0);
  expect(stdout).toContain('The gap at step 19, median of 3 seeds');
  expect(stdout).toMatch(/^accuracy +[\d.]+ ± [\d.]+ +[\d.]+ ± [\d.]+ +[\d.]+ ± [\d.]+/m);
  expect(stdout).toContain('░ where 8 runs of 10 are');
  expect(stdout).toContain('Without feedback it would be ');
  expect(stdout).toContain('✓ 3/3  final(actual.accuracy) > 0');
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(90);
});

it('prints one object with --json, the same with one thread and with several, and ends with 1 where an expectation fails', () => {
  const file = expecting('final(actual.accuracy) > 2');
  const [one, several] = ['1', '2'].map((workers) => run(file, '--seeds', '3', '--workers', workers, '--json'));
  expect(one.status).toBe(1);
  expect(several.stdout).toBe(one.stdout);
  const told = JSON.parse(one.stdout);
  expect(told).toMatchObject({ scenario: 'everything', seeds: 3, firstSeed: 1, drawn: true });
  expect(told.expectations).toMatchObject([{ held: 0, of: 3 }]);
  expect(told.bands['score.actual.accuracy'].median.length).toBe(20);
  expect(told.final['actual.accuracy']).toMatchObject({ n: 3, mean: expect.any(Number), low: expect.any(Number) });
  // Of one of the runs, `run` says the same.
  const alone = JSON.parse(run(file, '--seed', '2', '--json').stdout);
  expect(told.runs[1]).toMatchObject({ seed: 2, hash: alone.hash });
});

it('writes all runs as one table, and what they were', async () => {
  const out = join(folder, 'out');
  const { status } = run(expecting('final(actual.accuracy) > 0'), '--seeds', '2', '--out', out, '--off', 'drift');
  expect(status).toBe(0);
  const bytes = readFileSync(join(out, 'seeds.parquet'));
  const rows = await parquetReadObjects({
    file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
  });
  expect(rows.length).toBe(40);
  const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
  expect(manifest).toMatchObject({ seeds: 2, firstSeed: 1, off: ['drift'] });
  expect(manifest.runs.length).toBe(2);
});
