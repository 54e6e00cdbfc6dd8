/** The walk in the README is real: what it shows stands in the files that it names. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const readme = readFileSync('README.md', 'utf8');
const section = /\n## Add your own\n([\s\S]*?)\n## /.exec(readme)?.[1] ?? '';
const blocks = [...section.matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)].map(([, file, code]) => ({ file, code }));

it('shows one file, one line and one test', () => {
  expect(blocks.map(({ file }) => file)).toEqual([
    'src/world/respond/consensus.ts',
    'src/world/respond/rules.ts',
    'test/world/respond/consensus.test.ts',
  ]);
  expect(blocks[1].code.trim().split('\n').length).toBe(1);
});

describe.each(blocks)('$file', ({ code, file }) => {
  it('is as the README shows it', () => {
    const text = readFileSync(file, 'utf8');
    if (file.endsWith('rules.ts')) expect(text.split('\n')).toContain(code.trim());
    else expect(text).toBe(code);
  });
});

it('no other file of the engine, the schema or the compiler names the rule', () => {
  const files = ['src/scenario/schema-mechanisms.ts', 'src/scenario/compile/respond.ts', 'src/world/respond/index.ts'];
  for (const file of files) expect(readFileSync(file, 'utf8')).not.toContain('consensus');
});
