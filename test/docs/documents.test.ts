/** The documents keep up with the code. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FUNCTIONS } from '../../src/core/formula/functions.js';

it('docs/formulas.md lists every function', () => {
  const text = readFileSync('docs/formulas.md', 'utf8').replaceAll('\\|', '|');
  for (const { about, usage } of Object.values(FUNCTIONS)) expect(text).toContain(`| \`${usage}\` | ${about} |`);
});

it('the README names the commands that CI runs', () => {
  expect(readFileSync('README.md', 'utf8')).toContain('npm ci && npm test');
  expect(readFileSync('.ci/run', 'utf8')).toContain('npm ci && npm test');
});
