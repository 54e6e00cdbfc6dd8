/** `driftloop verify` as a process: its table, its JUnit file, its one object, and how it ends. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { junit } from '../../src/cli/junit.js';
import type { Verification } from '../../src/cli/verify.js';
import { spokenOf } from '../../src/cli/verify-table.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftloop-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function verify(...args: string[]) {
  const { FORCE_COLOR: _force, ...environment } = process.env;
  const { status, stderr, stdout } = spawnSync(process.execPath, ['dist/cli/main.js', 'verify', ...args], {
    encoding: 'utf8',
    env: { ...environment, NO_COLOR: '1' },
  });
  return { status, stderr, stdout };
}

const SCENARIO = `name: A & B <"small">
lesson: shift
steps: 2
population: { size: 20, fields: { x: "normal(level, 1)" } }
state: { level: 5 }
outcome: { field: y, value: x }
lab: { size: 5, holdout: 0 }
models: { m: { learner: mean, start: { intercept: 0 } } }
measure: { middle: mean(x) }
`;
const HOLDS = '  - { that: "near(mean(middle), 5, 2)", because: it is about 5 }';
const FAILS = '  - { that: "mean(middle) < 4", because: "nobody < \\"anybody\\" & everybody" }';
const CONTROL = '  - { that: final(middle) < 3, because: it is 0, control: true, with: { state.level: 0 } }';
const IDLE = '  - { that: final(middle) > 3, because: it is 6, control: true, with: { state.level: 6 } }';
const scenario = (name: string, ...expectations: string[]) => {
  const file = join(folder, name);
  const block = expectations.length === 0 ? '' : `expect:\n${expectations.join('\n')}\n`;
  writeFileSync(file, `${SCENARIO}${block}`);
  return file;
};

describe('the table', () => {
  it('has a line for each claim and each control, by lesson and scenario, and ends with 0 where all is well', () => {
    const { status, stderr, stdout } = verify(scenario('good.yaml', HOLDS, CONTROL), '--seeds', '3');
    expect([status, stderr]).toEqual([0, '']);
    const lines = stdout.split('\n');
    expect(lines[1]).toMatch(/^ {4}shift +expected +got +spread +verdict$/);
    expect(lines[2]).toMatch(/^ {2}good: A & B <"small"> {2}[\d.]+ s$/);
    expect(lines[3]).toMatch(/^ {4}mean\(middle\) +5 ± 2 +[45]\.\d+ +0\.\d+ {2}holds$/);
    expect(lines[4]).toMatch(/^ {4}final\(middle\) \[level=0\] +< 3 +-?0\.\d+ +0\.\d+ {2}holds$/);
    expect(lines[5]).toMatch(/^ {4}control: level=0 +some fail +1 of 1 +fails as it must$/);
    expect(stdout).toContain('3 seeds');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
    const starts = [1, 3, 4, 5].map((k) => /(verdict|holds|fails as)/.exec(lines[k])?.index);
    expect(new Set(starts).size).toBe(1);
  });

  it('of published results has what was published beside what came', () => {
    const { status, stdout } = verify('scenarios/published/p10b-unit-change.yaml');
    expect(status).toBe(0);
    expect(stdout).toMatch(/published +published +ours +tolerance +spread +verdict/);
    expect(stdout).toMatch(/at\(downstream.actual.rmse, 9\) \^ 2 +0.546296 +0.546296 +1.00e-9 +exact {2}holds/);
    expect(stdout).toMatch(/\[kappa=1\]/);
  });

  it.each([
    [
      'an expectation that fails',
      [HOLDS, FAILS, CONTROL],
      1,
      /fails in 3 of 3\n.*\n.*by seed: [45].*\n.*nobody < "anybody"/,
    ],
    ['a control under which nothing fails', [HOLDS, IDLE], 1, /control: level=6 +some fail +0 of 1 +nothing fails/],
    ["no control in a file of one's own", [HOLDS], 0, /remark: there is no negative control/],
    ['no expectations', [], 0, /it expects nothing/],
  ])('says so: %s', (_, expectations, status, words) => {
    const told = verify(scenario('said.yaml', ...expectations), '--seeds', '3');
    expect(told.status).toBe(status);
    expect(told.stdout).toMatch(words);
  });

  it('goes on after a file that is no scenario, and ends with 2', () => {
    const bad = join(folder, 'bad.yaml');
    writeFileSync(bad, 'name: bad\n');
    const { status, stdout } = verify(bad, scenario('good.yaml', HOLDS, CONTROL), '--seeds', '2');
    expect(status).toBe(2);
    expect(stdout).toMatch(/refused .*bad\.yaml/);
    expect(stdout).toMatch(/hold +2\n/);
  });

  it.each(['0', '-1', 'many'])('refuses --seeds %s', (seeds) => {
    const { status, stdout } = verify(scenario('good.yaml', HOLDS, CONTROL), `--seeds=${seeds}`);
    expect([status, stdout]).toEqual([2, '']);
  });

  it('leaves numbers of a claim to their columns, and nothing else', () => {
    expect(spokenOf('near(final(x) ^ 2, 0.27, 1e-9)')).toBe('final(x) ^ 2');
    expect(spokenOf('mean(x, 0, 9) > 1.5')).toBe('mean(x, 0, 9)');
    expect(spokenOf('mean(x) < lab.rmse - 0.1')).toBe('mean(x) < lab.rmse - 0.1');
    expect(spokenOf('near(x, y, 0.1)')).toBe('near(x, y, 0.1)');
    expect(spokenOf('x < 1 or y < 2')).toBe('x < 1 or y < 2');
  });
});

describe('--json', () => {
  it('is one object, the same whatever the number of threads', () => {
    const file = scenario('good.yaml', HOLDS, FAILS, CONTROL);
    const told = ['1', '2'].map((workers) => verify(file, '--seeds', '4', '--json', '--workers', workers));
    expect(told.map(({ status, stderr }) => [status, stderr])).toEqual([
      [1, ''],
      [1, ''],
    ]);
    const [one, two] = told.map(({ stdout }) => JSON.parse(stdout));
    expect(one).toMatchObject({
      ok: false,
      expectations: 3,
      hold: 2,
      fail: 1,
      controls: 1,
      controlsAmiss: 0,
      seeds: 4,
    });
    expect(one.files[0].scenario.expectations[0]).toMatchObject({ holds: true, claims: [{ held: 4, of: 4 }] });
    const timeless = ({ files }: { files: { scenario: object }[] }) =>
      files.map((one) => ({ ...one, scenario: { ...one.scenario, seconds: 0 } }));
    expect(timeless(one)).toEqual(timeless(two));
  });
});

/** Tags that are open; throws where the text is not well-formed. */
function wellFormed(xml: string): string[] {
  const open: string[] = [];
  const names: string[] = [];
  let rest = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  while (rest !== '') {
    const token =
      /^(?:<\/([\w.-]+)>|<([\w.-]+)((?: [\w.-]+="[^<&"]*(?:&[#\w]+;[^<&"]*)*")*)(\/?)>|[^<&]+|&(?:amp|lt|gt|quot|apos|#10);)/.exec(
        rest,
      );
    if (token === null) throw new Error(`not well-formed at ${rest.slice(0, 60)}`);
    const [text, closing, opening, , empty] = token;
    rest = rest.slice(text.length);
    if (opening !== undefined) names.push(opening);
    if (opening !== undefined && empty === '') open.push(opening);
    if (closing !== undefined && open.pop() !== closing) throw new Error(`${closing} closes nothing`);
  }
  if (open.length > 0) throw new Error(`${open} stay open`);
  return names;
}

describe('--junit', () => {
  it('writes a suite a scenario and a case an expectation and a control, with what failed', () => {
    const file = join(folder, 'junit.xml');
    const { status } = verify(
      scenario('good.yaml', HOLDS, CONTROL),
      scenario('bad.yaml', FAILS, CONTROL),
      scenario('idle.yaml', HOLDS, IDLE),
      ...['--seeds', '2', '--junit', file],
    );
    expect(status).toBe(1);
    const xml = readFileSync(file, 'utf8');
    const names = wellFormed(xml);
    expect(names.filter((name) => name === 'testsuite')).toHaveLength(3);
    expect(names.filter((name) => name === 'testcase')).toHaveLength(9);
    expect(names.filter((name) => name === 'failure')).toHaveLength(3);
    expect(xml).toMatch(/^<testsuites name="driftloop verify" tests="9" failures="3" errors="0" skipped="0"/m);
    expect(xml).toContain('nobody &lt; &quot;anybody&quot; &amp; everybody');
    expect(xml).toContain('name="final(middle) &lt; 3 with state.level=0"');
  });

  it('tells what was refused and skipped, and leaves out what XML cannot hold', () => {
    const diagnostic = {
      file: 'x',
      line: 1,
      column: 2,
      message: 'a\u0000b\u001b ]]> é 𝛼 \ud800',
      expected: null,
      nearest: null,
    };
    const file = { diagnostics: [diagnostic], scenario: null, uncontrolled: null };
    const verification: Verification = {
      files: [
        { ...file, file: 'a.yaml', status: 'refused' },
        { ...file, file: 'b.yaml', status: 'skipped' },
      ],
      seeds: 1,
      workers: 1,
      seconds: 1,
    };
    const xml = junit(verification);
    expect(wellFormed(xml)).toEqual([
      'testsuites',
      'testsuite',
      'testcase',
      'error',
      'testsuite',
      'testcase',
      'skipped',
    ]);
    expect(xml).toContain('ab ]]&gt; é 𝛼 ');
    expect(xml).toContain('errors="1" skipped="1"');
  });
});
