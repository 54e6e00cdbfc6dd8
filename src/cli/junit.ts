/** JUnit XML of a verification: a suite a scenario, a test case an expectation and a negative control. */
import { basename } from 'node:path';
import { formatDiagnostic } from '../scenario/diagnostic.js';
import type { ClaimResult, ControlResult, ExpectationResult } from '../study/verify/index.js';
import { shown, type Verification, type VerifiedFile } from './verify.js';

interface Case {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'broken' | 'skipped';
  readonly message: string;
}

export function junit({ files, seconds }: Verification): string {
  const suites = files.map(suite);
  const all = suites.flatMap(({ cases }) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="driftloop verify"${counted(all)} time="${seconds.toFixed(2)}">`,
    ...suites.flatMap(({ cases, name, time }) => [
      `  <testsuite name="${escaped(name)}"${counted(cases)} time="${time.toFixed(2)}">`,
      ...cases.flatMap((one) => testCase(one, name)),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(file: VerifiedFile): { name: string; time: number; cases: Case[] } {
  const name = shown(file.file);
  const { scenario } = file;
  if (scenario === null) {
    const message = file.diagnostics.map(formatDiagnostic).join('\n');
    return {
      name,
      time: 0,
      cases: [{ name: basename(name), outcome: file.status === 'skipped' ? 'skipped' : 'broken', message }],
    };
  }
  const cases = [...scenario.expectations.map(expectationCase), ...scenario.controls.map(controlCase)];
  if (file.uncontrolled === 'failure')
    cases.push({ name: 'has a negative control', outcome: 'failed', message: 'no expectation says `control: true`' });
  return { name, time: scenario.seconds, cases };
}

function expectationCase({ because, broken, claims, holds, that, with: set }: ExpectationResult): Case {
  const name = `${that}${withText(set)}`;
  if (broken !== null) return { name, outcome: 'broken', message: broken };
  if (holds) return { name, outcome: 'passed', message: '' };
  const failed = claims.filter((claim) => !claim.holds).map(claimText);
  return { name, outcome: 'failed', message: [...failed, `expected because ${because}`].join('\n') };
}

const claimText = ({ each, expected, got, held, of, relation, that, tolerance, unit }: ClaimResult): string =>
  [
    that,
    `got ${got}, expected ${relation} ${expected}${tolerance === null ? '' : ` within ${tolerance}`}`,
    `holds in ${held} of ${of} (${unit})${each.length > 1 ? `: ${each.join(' ')}` : ''}`,
  ].join('\n');

function controlCase({ broken, failing, holds, of, with: set }: ControlResult): Case {
  const name = `control${withText(set)}: some expectation fails`;
  if (broken !== null) return { name, outcome: 'broken', message: broken };
  return { name, outcome: holds ? 'passed' : 'failed', message: holds ? '' : `${failing} of ${of} fail` };
}

const withText = (set: Readonly<Record<string, unknown>> | null): string =>
  set === null
    ? ''
    : ` with ${Object.entries(set)
        .map(([path, value]) => `${path}=${JSON.stringify(value)}`)
        .join(', ')}`;

const counted = (cases: readonly Case[]): string => {
  const count = (outcome: Case['outcome']) => cases.filter((one) => one.outcome === outcome).length;
  return ` tests="${cases.length}" failures="${count('failed')}" errors="${count('broken')}" skipped="${count('skipped')}"`;
};

function testCase({ message, name, outcome }: Case, suiteName: string): string[] {
  const open = `    <testcase classname="${escaped(suiteName)}" name="${escaped(name)}"`;
  if (outcome === 'passed') return [`${open}/>`];
  const [first] = message.split('\n');
  const tag = { failed: 'failure', broken: 'error', skipped: 'skipped' }[outcome];
  const body = outcome === 'skipped' ? '/>' : `>${escaped(message)}</${tag}>`;
  return [`${open}>`, `      <${tag} message="${escaped(first)}"${body}`, '    </testcase>'];
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
};

/** As text and as an attribute; characters that XML cannot hold are left out. */
const escaped = (text: string): string =>
  text.replace(/[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '').replace(/[&<>"'\n]/g, (c) => ESCAPES[c]);
