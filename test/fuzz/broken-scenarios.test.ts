/** 200 scenario files, broken by seeded mutation: each runs, or is refused with a diagnostic that names a line. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import seedrandom from 'seedrandom';
import { describe, expect, it } from 'vitest';
import { ScenarioError } from '../../src/scenario/diagnostic.js';
import { scenarioFiles } from '../../src/scenario/gallery.js';
import { type LoadedScenario, parseScenario } from '../../src/scenario/load.js';
import { runOf } from '../../src/scenario/simulate.js';

type Random = () => number;
type Mutation = (text: string, random: Random) => string;

const below = (n: number, random: Random): number => Math.floor(random() * n);
const pick = <T>(list: readonly T[], random: Random): T => list[below(list.length, random)];

/** Applies `change` to one of the places that match. */
function replaceOne(text: string, pattern: RegExp, random: Random, change: (found: string) => string): string {
  const places = [...text.matchAll(pattern)];
  if (places.length === 0) return `${text}\n:`;
  const { 0: found, index } = pick(places, random);
  return text.slice(0, index) + change(found) + text.slice(index + found.length);
}

const onLines = (text: string, random: Random, change: (lines: string[], at: number) => void): string => {
  const lines = text.split('\n');
  change(lines, below(lines.length, random));
  return lines.join('\n');
};

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'a line is lost': (text, random) => onLines(text, random, (lines, at) => lines.splice(at, 1)),
  'a line is there twice': (text, random) => onLines(text, random, (lines, at) => lines.splice(at, 0, lines[at])),
  'a line is indented': (text, random) =>
    onLines(text, random, (lines, at) => {
      lines[at] = `${' '.repeat(1 + below(4, random))}${lines[at]}`;
    }),
  'two letters are swapped': (text, random) => {
    const at = below(text.length - 2, random);
    return text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2);
  },
  'a character is lost': (text, random) => {
    const at = below(text.length, random);
    return text.slice(0, at) + text.slice(at + 1);
  },
  'a strange character': (text, random) => {
    const at = below(text.length, random);
    return (
      text.slice(0, at) +
      pick(['"', "'", '{', '}', '[', ']', ':', '&a ', '*a', '\t', '\0', '#', '|', '💥', '%'], random) +
      text.slice(at)
    );
  },
  'a strange number': (text, random) =>
    replaceOne(text, /\b\d+(\.\d+)?\b/g, random, () =>
      pick(
        [
          '-1',
          '1e400',
          '-1e308',
          'NaN',
          '.inf',
          '-.inf',
          '.nan',
          '0',
          '1e-320',
          '9007199254740993',
          'many',
          '""',
          '[]',
          'null',
          '1e15',
        ],
        random,
      ),
    ),
  'a key is misspelt': (text, random) => replaceOne(text, /\b[a-z]+(?=:)/g, random, (key) => `${key.slice(1)}x`),
  'a word of a formula is another': (text, random) =>
    replaceOne(text, /\b[a-z_]{3,}\b(?=[ ()])/g, random, () =>
      pick(['nothing', 'exp', 'not', 'where', 'if', '__proto__', 'constructor'], random),
    ),
  'a formula is another': (text, random) =>
    replaceOne(
      text,
      /(value|becomes|probability|where|that|only): .+/g,
      random,
      (found) =>
        `${found.slice(0, found.indexOf(':'))}: ${pick(
          [
            '"1 / 0"',
            '"0 / 0"',
            '"log(-1)"',
            '"exp(1000) - exp(1000)"',
            '"sqrt(-1) > 0"',
            '"normal(0, -1)"',
            '"bernoulli(7)"',
            `"${'('.repeat(5000)}1${')'.repeat(5000)}"`,
            `"${'-'.repeat(3000)}1"`,
            `"${'1 + '.repeat(20000)}1"`,
            '"a.b.c"',
            '"\\\\"',
            '"1 +"',
            '"f(x"',
            '""',
            '[1, 2]',
            '{ a: b }',
            '"this.constructor.constructor(1)"',
            '"poisson(1e300)"',
            '"beta(0, 0)"',
          ],
          random,
        )}`,
    ),
  'the file is cut': (text, random) => text.slice(0, below(text.length, random)),
  'a value of another type': (text, random) =>
    replaceOne(text, /(?<=: )[^\s{[][^\n]*/g, random, () =>
      pick(['[]', '{}', 'true', 'null', '~', '1', 'text', '!!binary aGk=', '2026-01-01', '[[[[]]]]'], random),
    ),
};

const names = Object.keys(MUTATIONS);
const files = (await scenarioFiles()).map((file) => ({ name: basename(file), text: readFileSync(file, 'utf8') }));
const SMALL = { steps: 4, replicates: 1 };

describe('broken scenarios', () => {
  const cases = Array.from({ length: 200 }, (_, k) => {
    const random = seedrandom.alea(`broken ${k}`);
    const { name, text } = files[k % files.length];
    const kind = names[Math.floor(k / files.length) % names.length];
    // `extends` reads a file: what is broken here stands alone.
    return { k, name, kind, text: MUTATIONS[kind](text.replace(/^extends:.*$/m, ''), random) };
  });

  it.each(cases)('$k: $name, $kind', async ({ text }) => {
    const start = performance.now();
    const loaded = await load(text);
    if (loaded !== null) {
      for (const record of runOf(loaded))
        expect(JSON.stringify(record, (_, value) => (isUnfinished(value) ? 'NOT FINITE' : value))).not.toContain(
          'NOT FINITE',
        );
    }
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

const isUnfinished = (value: unknown): boolean => typeof value === 'number' && !Number.isFinite(value);

/** The scenario with few steps and people where it can be made small; null where it is refused, as it should be. */
async function load(text: string): Promise<LoadedScenario | null> {
  try {
    const loaded = await parseScenario(text, { set: SMALL }, 'broken.yaml');
    return loaded.plan.population.nodes === null && loaded.plan.population.size > 200
      ? loaded.with({ 'population.size': 200, 'lab.size': 200 })
      : loaded;
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    expect(error.diagnostics.length).toBeGreaterThan(0);
    for (const { column, line, message } of error.diagnostics) {
      expect(line).toBeGreaterThanOrEqual(1);
      expect(column).toBeGreaterThanOrEqual(1);
      expect(line).toBeLessThanOrEqual(text.split('\n').length + 1);
      expect(message.length).toBeGreaterThan(5);
      expect(message).not.toMatch(/\n\s+at |undefined|\[object/);
    }
    return null;
  }
}
