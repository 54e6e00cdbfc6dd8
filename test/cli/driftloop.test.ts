/** The command line as a process: what it prints, where, and how it ends. `npm test` builds it first. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVERYTHING } from '../support/scenario.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftloop-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const driftloop = (...args: string[]) => driftloopIn({}, ...args);

/** With other values in its environment; an empty one is as good as none. */
function driftloopIn(environment: Readonly<Record<string, string>>, ...args: string[]) {
  const { FORCE_COLOR: _force, NO_COLOR: _no, ...inherited } = process.env;
  const { status, stderr, stdout } = spawnSync(process.execPath, ['dist/cli/main.js', ...args], {
    encoding: 'utf8',
    env: { ...inherited, ...environment },
  });
  return { status, stdout, stderr };
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const good = () => file('good.yaml', EVERYTHING);
const expecting = (that: string) =>
  file('expecting.yaml', `${EVERYTHING}expect: [{ that: "${that}", because: it must }]\n`);

describe('run', () => {
  it('prints one object with --json, with the keys that are promised, and nothing else', () => {
    const { status, stderr, stdout } = driftloop('run', expecting('final(actual.accuracy) > 0.1'), '--json');
    expect(status).toBe(0);
    expect(stderr).toBe('');
    const told = JSON.parse(stdout);
    expect(Object.keys(told)).toEqual(
      expect.arrayContaining(['scenario', 'seed', 'hash', 'lab', 'final', 'expectations', 'events']),
    );
    expect(told).toMatchObject({ scenario: 'everything', seed: 1, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(told.final['actual.accuracy']).toBeGreaterThan(0.1);
    expect(told.expectations).toEqual([
      expect.objectContaining({
        that: 'final(actual.accuracy) > 0.1',
        holds: true,
        left: told.final['actual.accuracy'],
        right: 0.1,
      }),
    ]);
    expect(told.events[0]).toEqual({ t: 3, kind: 'mechanism', name: 'respond.gaming', message: 'begins' });
  });

  it('tells a person about the gap first, without colours or a progress bar in a pipe', () => {
    const { stderr, stdout } = driftloop('run', good());
    expect(stderr).toBe('');
    expect(stdout).toMatch(
      /The gap at step 19\n {2}In the lab \d+\.\d % of predictions were right\.\n {2}In the field \d+/,
    );
    expect(stdout).not.toContain('\u001b[');
    expect(stdout.indexOf('The gap')).toBeLessThan(stdout.indexOf('What happened'));
  });

  it.each([
    [{ CI: 'true' }, false],
    [{ FORCE_COLOR: '1' }, true],
    [{ FORCE_COLOR: '0' }, false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false],
    [{ FORCE_COLOR: '1', TERM: 'dumb' }, false],
  ])('in a pipe with %o: colours %s', (environment, coloured) => {
    const told = driftloopIn({ TERM: 'xterm', ...environment }, 'run', good());
    expect(told.stdout.includes('\u001b[')).toBe(coloured);
    const wrong = driftloopIn({ TERM: 'xterm', ...environment }, 'run', 'absent.yaml');
    expect(wrong.stderr.includes('\u001b[')).toBe(coloured);
  });

  it('ends with 1 where an expectation fails, and says what came', () => {
    const { status, stdout } = driftloop('run', expecting('final(actual.accuracy) > 2'));
    expect(status).toBe(1);
    expect(stdout).toMatch(/✗ final\(actual\.accuracy\) > 2\s+came: 0\.\d+ > 2|came: 0\.\d+ /);
  });

  it('writes a bundle that holds the trace of the same run', () => {
    const out = join(folder, 'bundle');
    const { hash } = JSON.parse(
      driftloop('run', good(), '--json', '--out', out, '--set', 'respond.gaming.strength=3').stdout,
    );
    const plain = JSON.parse(driftloop('run', good(), '--json', '--set', 'respond.gaming.strength=3').stdout);
    expect(hash).toBe(plain.hash);
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({ hash, seed: 1, overrides: { 'respond.gaming.strength': 3 } });
    const lines = readFileSync(join(out, 'trace.ndjson'), 'utf8').trimEnd().split('\n');
    const digest = createHash('sha256')
      .update(
        lines
          .slice(0, -1)
          .map((line) => `${line}\n`)
          .join(''),
      )
      .digest('hex');
    expect(digest).toBe(hash);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ type: 'end', hash });
  });

  it('takes seeds, switches, and a twin', () => {
    const hash = (...args: string[]) => JSON.parse(driftloop('run', good(), '--json', ...args).stdout).hash;
    const plain = hash();
    expect(hash('--seed', '2')).not.toBe(plain);
    expect(hash('--off', 'respond.gaming')).not.toBe(plain);
    expect(hash('--twin', 'feedback')).toBe(plain);
    expect(driftloop('run', good(), '--twin', 'feedback').stdout).toContain('twin');
  });

  it.each([
    ['an unknown option', ['run', 'x.yaml', '--colour']],
    ['a verb that is not there', ['walk']],
    ['a file that is not there', ['run', 'nothing.yaml']],
    ['a folder', ['run', '.']],
    ['a seed that is none', ['run', 'x.yaml', '--seed', 'one']],
    ['an empty seed', ['run', 'scenarios/shift/recession.yaml', '--seed', '']],
    ['an override without a value', ['run', 'scenarios/feedback/strategic-credit.yaml', '--set', 'steps']],
    ['an override of nothing', ['run', 'scenarios/feedback/strategic-credit.yaml', '--set', 'stepz=3']],
    ['a mechanism that is not there', ['run', 'scenarios/feedback/strategic-credit.yaml', '--off', 'respond.nothing']],
    ['data that are not there', ['run', 'scenarios/published/performative-credit.yaml', '--data', '/nowhere']],
  ])('ends with 2 on %s, and says so in words', (_, args) => {
    const { status, stderr, stdout } = driftloop(...args);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.length).toBeGreaterThan(10);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe('check', () => {
  it('tells everything that is wrong at once, with its place and the nearest word', () => {
    const text = EVERYTHING.replace('turnover: 0.5', 'turnovr: 0.5').replace('* (income - 50)', '* (incme - 50)');
    const { status, stdout } = driftloop('check', file('bad.yaml', text), '--json');
    expect(status).toBe(2);
    const { diagnostics, ok } = JSON.parse(stdout);
    expect(ok).toBe(false);
    expect(Object.keys(diagnostics[0])).toEqual(
      expect.arrayContaining(['file', 'line', 'column', 'message', 'expected', 'nearest']),
    );
    expect(diagnostics[0]).toMatchObject({ line: 6, column: 3, nearest: 'turnover' });
  });

  it('ends with 0 where nothing is wrong', () => {
    expect(driftloop('check', good()).status).toBe(0);
    expect(JSON.parse(driftloop('check', good(), '--json').stdout)).toEqual({ ok: true, diagnostics: [] });
  });
});

describe('new', () => {
  it('writes a scenario that checks and runs, and does not overwrite one', () => {
    const path = join(folder, 'my-first.yaml');
    expect(driftloop('new', path).status).toBe(0);
    expect(driftloop('check', path).status).toBe(0);
    expect(driftloop('run', path).status).toBe(0);
    expect(driftloop('new', path).status).toBe(2);
    expect(driftloop('new', path, '--force').status).toBe(0);
  });
});

describe('list, schema and verify', () => {
  it('lists what comes with driftloop', () => {
    const { scenarios } = JSON.parse(driftloop('list', '--json').stdout);
    expect(scenarios.map(({ name }: { name: string }) => name)).toContain('Strategic credit applicants');
    expect(driftloop('list').stdout).toContain('scenarios/shift/recession.yaml');
  });

  it('prints the schema that lies in the project', () => {
    expect(driftloop('schema').stdout).toBe(readFileSync('scenario.schema.json', 'utf8'));
  });

  it('judges many files, and ends with 1 where one fails', () => {
    const both = [expecting('final(actual.accuracy) > 2'), 'scenarios/published/p10b-unit-change.yaml'];
    const { status, stdout } = driftloop('verify', ...both);
    expect(status).toBe(1);
    expect(stdout).toMatch(/hold\s+4\nfail\s+1/);
    expect(driftloop('verify', both[1]).status).toBe(0);
    // Data that nobody gave are skipped; a path that leads nowhere is a mistake.
    const mistaken = driftloop('verify', both[1], '--data', '/nowhere/data.csv');
    expect(mistaken.status).toBe(2);
    expect(mistaken.stderr).toContain('/nowhere/data.csv');
  });
});

describe('a command that cannot do its work', () => {
  it.each([
    [['frobnicate', '--json'], 2],
    [['run', '--json'], 2],
    [['run', 'nowhere.yaml', '--json'], 2],
    [['run', 'nowhere.yaml', '--seed', 'x', '--json'], 2],
    [['check', 'nowhere.yaml', '--json'], 2],
    [['list', '--frobnicate', '--json'], 2],
    [['new', '/nowhere/new.yaml', '--json'], 2],
    [['serve', '--port', '99999', '--json'], 2],
    [['serve', 'nowhere.yaml', '--json'], 2],
    [['schema', 'nowhere', '--json'], 2],
    [['verify', 'nowhere', '--json'], 2],
    [['export', 'nowhere', '--csv', 'x', '--json'], 2],
    [['diff', 'nowhere', 'nowhere', '--json'], 2],
  ])('prints one object, and nothing else: %j', (args, code) => {
    const { status, stderr, stdout } = driftloop(...args);
    expect([status, stderr]).toEqual([code, '']);
    const said = JSON.parse(stdout);
    expect(said).toMatchObject({ ok: false });
    expect(said.error ?? said.diagnostics[0].message).toMatch(/\w/);
  });

  it('says to a person what is wrong, once', () => {
    const { status, stderr, stdout } = driftloop('serve', '--port', '99999');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Expected a whole number, from 0 to 65535.');
  });

  it.skipIf(!existsSync('/dev/full'))('ends with 3 where nothing can be written any more', () => {
    const { status, stderr } = shell('list > /dev/full');
    expect([status, stderr]).toEqual([3, expect.stringContaining('no space left')]);
    const out = join(folder, 'full');
    mkdirSync(out);
    symlinkSync('/dev/full', join(out, 'trace.ndjson'));
    const run = driftloop('run', good(), '--out', out);
    expect([run.status, run.stderr]).toEqual([3, expect.stringMatching(/^error: .*no space left[^\n]*\n$/)]);
  });

  const shell = (command: string) =>
    spawnSync('bash', ['-c', `set -o pipefail; "${process.execPath}" dist/cli/main.js ${command}`], {
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
    });
  it('is no failure where the reader goes away', () => {
    for (const command of ['list', 'schema', `run ${good()}`, `run ${good()} --json`, `check ${good()}`, '--help'])
      expect(shell(`${command} | head -c 1`)).toMatchObject({
        status: 0,
        stderr: '',
        stdout: expect.stringMatching(/^.$/s),
      });
  });

  it('that is interrupted says what it leaves, and leaves no manifest of another run', async () => {
    const out = join(folder, 'interrupted');
    mkdirSync(out);
    writeFileSync(join(out, 'manifest.json'), '{}');
    const long = file('long.yaml', EVERYTHING.replace('steps: 20', 'steps: 100000'));
    const child = spawn(process.execPath, ['dist/cli/main.js', 'run', long, '--out', out]);
    let told = '';
    child.stderr.on('data', (text) => {
      told += text;
    });
    await expect
      .poll(() => statSync(join(out, 'trace.ndjson'), { throwIfNoEntry: false })?.size, { timeout: 20_000 })
      .toBeGreaterThan(0);
    const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    expect(await exit).toBe(130);
    expect(told).toContain('has part of a trace, and no manifest');
    expect(existsSync(join(out, 'manifest.json'))).toBe(false);

    const table = join(folder, 'interrupted.csv');
    const exporting = spawn(process.execPath, ['dist/cli/main.js', 'export', '-', '--csv', table]);
    exporting.stdin.write(readFileSync(join(out, 'trace.ndjson')).subarray(0, 1000));
    const parts = () => readdirSync(folder).filter((name) => name.startsWith('interrupted.csv'));
    await expect.poll(parts, { timeout: 20_000 }).toHaveLength(1);
    const over = new Promise<number | null>((resolve) => exporting.once('exit', resolve));
    exporting.kill('SIGINT');
    expect(await over).toBe(130);
    expect(parts()).toEqual([]);
  });
});

describe('serve', () => {
  it('tells a program where it is', async () => {
    const child = spawn(process.execPath, ['dist/cli/main.js', 'serve', '--port', '0', '--json']);
    const [line] = await once(child.stdout, 'data');
    const { address, scenario } = JSON.parse(String(line));
    expect([(await fetch(address)).status, scenario]).toEqual([200, null]);
    child.kill('SIGTERM');
    await once(child, 'exit');
  });
});

describe('help', () => {
  it('has an example for every verb', () => {
    for (const verb of ['run', 'check', 'list', 'new', 'serve', 'schema', 'verify', 'export', 'diff'])
      expect(driftloop(verb, '--help').stdout).toContain(`driftloop ${verb}`);
    expect(driftloop('--help').status).toBe(0);
  });
});
