/** Slow. `driftloop sweep` as a process: killed twenty times, interrupted, started twice; what it says and how it ends. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { timeLeft } from '../../src/cli/time-left.js';
import { Stream } from '../../src/core/random/index.js';
import { ADDITIVE, additiveIn, temporary } from '../support/sweep.js';

const folder = temporary();
const scenario = additiveIn(folder);
/** Some milliseconds a run. */
const slower = join(folder, 'slower.yaml');
writeFileSync(slower, ADDITIVE.replace('size: 20', 'size: 1500').replace('steps: 3', 'steps: 30'));
const { FORCE_COLOR: _force, ...environment } = process.env;
const env = { ...environment, NO_COLOR: '1' };
const sweep = (...args: string[]) =>
  spawnSync(process.execPath, ['dist/cli/main.js', 'sweep', ...args], { encoding: 'utf8', env });
const start = (...args: string[]): ChildProcess =>
  spawn(process.execPath, ['dist/cli/main.js', 'sweep', ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
const fresh = () => mkdtempSync(join(folder, 'out-'));
const results = (place: string) => readFileSync(join(place, 'results.parquet'));
const OVER = [
  '--over',
  'state.level=0..1 by 0.25',
  '--over',
  'respond.lift.share=0.25,0.5',
  '--measure',
  'm=final(middle)',
];

const sizeOf = (file: string): number => (existsSync(file) ? statSync(file).size : 0);

it('killed twenty times at random moments, it comes to the same bytes', { timeout: 600_000 }, async () => {
  const study = [slower, ...OVER, '--seeds', '40', '--workers', '2'];
  const whole = fresh();
  expect(sweep(...study, '--out', whole).status).toBe(0);
  const out = fresh();
  const log = join(out, 'runs.ndjson');
  const all = sizeOf(join(whole, 'runs.ndjson'));
  const random = new Stream({ seed: 1, replicate: 0, component: 'kills', step: 0 });
  let grew = 0;
  for (let kill = 0; kill < 20; kill++) {
    const child = start(...study, '--out', out);
    const ended = once(child, 'exit');
    const before = sizeOf(log);
    // Some in the first moments, the others after a part of the work.
    const until = kill % 4 === 0 ? 0 : before + (random.uniform() * all) / 20;
    if (until === 0) await setTimeout(600 * random.uniform());
    else while (sizeOf(log) <= until && child.exitCode === null) await setTimeout(1 + 4 * random.uniform());
    child.kill('SIGKILL');
    expect((await ended)[1]).toBe('SIGKILL');
    if (sizeOf(log) > before) grew++;
    // As a machine that loses power would leave it.
    if (kill % 3 === 1 && sizeOf(log) > 0) truncateSync(log, sizeOf(log) - Math.ceil(random.uniform() * 40));
  }
  expect(grew).toBeGreaterThan(10);
  expect(existsSync(join(out, 'results.parquet'))).toBe(false);
  const last = sweep(...study, '--out', out);
  expect(last.stderr).toMatch(/note: \d+ of 400 runs are there already/);
  expect(last.status).toBe(0);
  expect(results(out).equals(results(whole))).toBe(true);
  expect(readdirSync(out).sort()).toEqual(['manifest.json', 'results.parquet', 'runs.ndjson']);
  // No run was done twice: the log has each of them once.
  expect(readFileSync(log, 'utf8').trimEnd().split('\n')).toHaveLength(400);
});

describe('interrupted', () => {
  it('it says what is done and how to go on, and gives the folder back; two at once are refused', async () => {
    const out = fresh();
    const study = [slower, ...OVER, '--seeds', '200', '--out', out];
    const child = start(...study);
    let said = '';
    child.stderr?.on('data', (text) => {
      said += text;
    });
    const ended = once(child, 'exit');
    while (sizeOf(join(out, 'runs.ndjson')) === 0) await setTimeout(5);
    const second = sweep(...study);
    expect(second.status).toBe(2);
    expect(second.stderr).toContain(`another sweep is at work in ${out} (process ${child.pid}`);
    child.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
    expect(said).toMatch(
      new RegExp(`interrupted: \\d+ of 2000 runs are done and kept in ${out}; the same command goes on`),
    );
    expect(readdirSync(out).sort()).toEqual(['manifest.json', 'runs.ndjson']);
  });
});

describe('what it prints', () => {
  it('is a table of measures by parameter', () => {
    const { status, stderr, stdout } = sweep(scenario, ...OVER, '--seeds', '3', '--workers', '1');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('10 points of 2 parameters, 3 seeds each, 3 steps: 30 runs');
    expect(stdout).toMatch(/state\.level +respond\.lift\.share +m\n/);
    expect(stdout).toMatch(/0\.25 +0\.5 +[\d.]+ ± [\d.]+\n/);
  });

  it("has Sobol' indices where the design is made for them", () => {
    const study = [scenario, '--over', 'state.level=0..1', '--over', 'state.shift=0..1', '--design', 'saltelli'];
    const { stdout } = sweep(...study, '--points', '32', '--measure', 'm=final(middle)', '--workers', '1');
    expect(stdout).toMatch(/variance of m +alone +in all\n/);
    expect(stdout).toMatch(/state\.shift +0\.\d\d \(0\.\d\d to [01]\.\d\d\) +0\.\d\d/);
  });

  it('is one object with --json', () => {
    const { stdout } = sweep(scenario, ...OVER, '--seeds', '2', '--workers', '1', '--json');
    const { points, ...rest } = JSON.parse(stdout);
    expect(rest).toMatchObject({ study: 'additive', runs: 20, parameters: ['state.level', 'respond.lift.share'] });
    expect(points).toHaveLength(10);
    expect(points[3].parameters).toEqual({ 'state.level': 0.25, 'respond.lift.share': 0.5 });
    expect(points[3].measures.m).toMatchObject({ n: 2, mean: expect.any(Number) });
  });

  it('is the same for a study file, wherever the command runs, with flags over it', () => {
    writeFileSync(
      join(folder, 'study.yaml'),
      `study: lifted\nscenario: additive.yaml\nover:\n  state.level: 0..1 by 0.25\n  respond.lift.share: [0.25, 0.5]\nmeasures: { m: final(middle) }\nseeds: 9\n`,
    );
    const file = sweep(join(folder, 'study.yaml'), '--seeds', '2', '--workers', '1', '--json');
    const flags = sweep(scenario, ...OVER, '--seeds', '2', '--workers', '1', '--json');
    expect({ ...JSON.parse(file.stdout), study: '' }).toEqual({ ...JSON.parse(flags.stdout), study: '' });
  });
});

describe('what it refuses', () => {
  it('is told at once, before anything runs, with exit code 2', () => {
    const out = join(folder, 'never');
    const { status, stderr } = sweep(
      scenario,
      ...['--over', 'respond.lift.share=0.5,2', '--over', 'respond.lift.shrae=1', '--over', 'steps=5..1 by 1'],
      ...['--measure', 'gap=final(midle)', '--out', out],
    );
    expect(status).toBe(2);
    expect(stderr).toContain('--over respond.lift.share=0.5,2:1:1: respond.lift.share = 2: `2` is too large');
    expect(stderr).toContain('unknown key `shrae`');
    expect(stderr).toContain('did you mean share?');
    expect(stderr).toContain('the range goes from 5 to 1');
    expect(stderr).toContain('did you mean middle?');
    expect(existsSync(out)).toBe(false);
  });

  it.each([
    [[], 'nothing is varied'],
    [['--over', 'state.level'], 'expected path=values'],
    [['--over', 'state.level=1', '--measure', 'final(middle)'], 'expected name=formula'],
    [['--over', 'state.level={a'], '--over state.level={a:1:'],
  ])('%j', (args, message) => {
    const { status, stderr } = sweep(scenario, ...args);
    expect([status, stderr.includes(message)]).toEqual([2, true]);
  });
});

it('tells how long it still takes', () => {
  expect(timeLeft(0, 10, 5)).toBe('');
  expect(timeLeft(5, 10, 1)).toBe('');
  expect(timeLeft(5, 10, 20)).toBe(', 20 s left');
  expect(timeLeft(1, 11, 60)).toBe(', 10 min left');
  expect(timeLeft(1, 101, 90)).toBe(', 2.5 h left');
  expect(timeLeft(10, 10, 90)).toBe('');
});
