/** Imports go down the house only, and the engine knows no Node API. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';

/** From the top down. */
const FLOORS = ['cli', 'server', 'study', 'scenario', 'loop', 'world', 'system', 'learn', 'watch', 'retrain', 'core'];
const ENGINE = FLOORS.slice(FLOORS.indexOf('loop'));

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const imports = files.flatMap((file) =>
  [...readFileSync(join('src', file), 'utf8').matchAll(/^\s*(?:import|export)\b[^;]*?\bfrom\s+'([^']+)'/gms)].map(
    ([, from]) => ({ file, from }),
  ),
);
const floorOf = (file: string): string => file.split('/')[0];

it('sees the sources', () => {
  expect(files.length).toBeGreaterThan(50);
  expect(imports.length).toBeGreaterThan(100);
  for (const file of files.filter((name) => name.includes('/'))) expect(FLOORS).toContain(floorOf(file));
});

it('imports go down only', () => {
  const up = imports.filter(({ file, from }) => {
    if (!from.startsWith('.') || !file.includes('/')) return false;
    const target = relative('src', join('src', dirname(file), from));
    return FLOORS.indexOf(floorOf(target)) < FLOORS.indexOf(floorOf(file));
  });
  expect(up).toEqual([]);
});

it('the engine, from loop to core, uses nothing of Node', () => {
  const node = imports.filter(
    ({ file, from }) => ENGINE.includes(floorOf(file)) && /^node:|^express$|^yaml$/.test(from),
  );
  expect(node).toEqual([]);
  const globals = files.filter(
    (file) =>
      ENGINE.includes(floorOf(file)) &&
      /\b(process|Buffer|require)\b[.(]/.test(readFileSync(join('src', file), 'utf8')),
  );
  expect(globals).toEqual([]);
});
