/** docs/reference.md keeps up with the schema, the docstrings and the scenarios. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { docstringOf, markdownOf } from '../../docs/make/docstring.js';
import { rowsOf, takes } from '../../docs/make/keys.js';
import { reference } from '../../docs/make/reference.js';
import { jsonSchema } from '../../src/scenario/schema.js';
import { RESPONSES } from '../../src/world/respond/index.js';

const text = readFileSync('docs/reference.md', 'utf8');
const entries = text.split(/^### /m).slice(1);

it('is what `npm run reference` writes', async () => {
  const now = await reference(process.cwd());
  expect(text === now, 'docs/reference.md is out of date: run `npm run reference`').toBe(true);
});

it('has every response rule and every learner', () => {
  const titles = entries.map((entry) => entry.split('\n')[0]).flatMap((title) => title.split(', '));
  const { models } = jsonSchema().properties as { models: { additionalProperties: { oneOf: unknown[] } } };
  const learners = (models.additionalProperties.oneOf as { properties: { learner: { const: string } } }[]).map(
    ({ properties }) => properties.learner.const,
  );
  expect(learners.length).toBeGreaterThan(15);
  for (const name of [...Object.keys(RESPONSES), ...learners]) expect(titles).toContain(name);
});

it('tells of each building block who implements it, and where it comes from', () => {
  const general = /^becomes/;
  expect(entries.length).toBeGreaterThan(50);
  for (const entry of entries.filter((one) => !general.test(one))) {
    expect(entry).toMatch(/^Files?: \[/m);
    expect(entry.replace(/\n## [\s\S]*/, ''), 'its docstring says `Source: ...`').toMatch(/\*Sources?:\*/);
  }
});

it('links to what is there', () => {
  const files = [...text.matchAll(/\]\((?!#)([^)]+)\)/g)].map(([, file]) => file);
  expect(files.length).toBeGreaterThan(100);
  for (const file of new Set(files)) expect(existsSync(join('docs', file)), file).toBe(true);
});

describe('docstrings', () => {
  it('become paragraphs, formulas, lists, and a source of its own', () => {
    const markdown = markdownOf(
      'A: x < y_1 and a *b*.\n\n  f(x) = 1\n    + x\n\nSaid:\n\n- one\n  more\n- two. Source: B (1).',
    );
    expect(markdown).toBe(
      'A: x < y_1 and a \\*b\\*.\n\n```\nf(x) = 1\n  + x\n```\n\nSaid:\n\n- one more\n- two.\n\n*Source:* B (1).',
    );
  });
  it('are read from the top of a file, or over a function', () => {
    expect(docstringOf('src/world/respond/impact.ts')).toMatch(/^Delayed impact: .*Hardt \(2018\)/s);
    expect(docstringOf('src/system/decide/decide.ts', 'abstain')).toMatch(/^Abstaining: .*Chow/s);
    expect(docstringOf('src/system/decide/decide.ts', 'nobody')).toBe(null);
  });
});

describe('keys', () => {
  it('say what they take', () => {
    expect(takes({ type: 'number', exclusiveMinimum: 0, maximum: 1 })).toBe('number > 0, ≤ 1');
    expect(takes({ type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER })).toBe('whole number ≥ 1');
    expect(takes({ anyOf: [{ enum: ['a', 'b'] }, { const: 'b' }] })).toBe('`a`, `b`');
    expect(takes({ anyOf: [{ type: 'number' }, { const: 'auto' }] })).toBe('number, or `auto`');
    expect(takes({ type: 'array', items: { title: 'formula' } })).toBe('list of: formula');
  });
  it('have the default that their description tells', () => {
    const told = { type: 'number', description: 'Weight of the newest value. Default: 0.1.' };
    expect(rowsOf({ properties: { alpha: told } })).toEqual([
      { key: 'alpha', takes: 'number', fallback: '`0.1`', what: 'Weight of the newest value.' },
    ]);
  });
  it('stand with those inside them', () => {
    const inner = { type: 'object', properties: { low: { type: 'number', default: 0, description: 'Least.' } } };
    expect(rowsOf({ properties: { clip: inner }, required: ['clip'] })).toEqual([
      { key: 'clip', takes: '{ low }', fallback: 'required', what: '' },
      { key: 'clip.low', takes: 'number', fallback: '`0`', what: 'Least.' },
    ]);
  });
});
