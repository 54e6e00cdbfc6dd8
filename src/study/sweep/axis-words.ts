/**
 * What a person writes for an axis: a list, or a range of numbers.
 *
 * | written                   | means                                              |
 * |---------------------------|----------------------------------------------------|
 * | `[0, 2, 6]`, `0,2,6`      | these levels; words, true, false and blocks, too   |
 * | `0..20 by 5`              | 0, 5, 10, 15, 20                                   |
 * | `0..20 5 points`          | the same: both ends, and what is between them      |
 * | `0.001..10 5 points log`  | 0.001, 0.01, 0.1, 1, 10                            |
 * | `1..9 whole`              | whole numbers: in a grid, each of them             |
 * | `0..20`, `0.001..10 log`  | any number between: not in a grid                  |
 */
import { type Problem, problem } from '../../scenario/diagnostic.js';
import { type Axis, spaced, stepped } from './axis.js';

const NUMBER = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?`;
const RANGE = new RegExp(`^\\s*(${NUMBER})\\s*\\.\\.\\s*(${NUMBER})(?:\\s+(.*))?$`, 'i');

const EXPECTED = 'a list, or a range such as `0..20 by 5`, `1..9 whole`, `0.001..10 5 points log`';

export const MOST_LEVELS = 10_000;

export const isRange = (text: string): boolean => RANGE.test(text);

/** The axis, or what is wrong with it: at `over.PATH` of the study. */
export function axisOf(path: string, written: unknown, isGrid: boolean): Axis | Problem {
  const fail = (message: string, expected: string | null = null, offset = 0): Problem =>
    problem(['over', path], message, { expected, offset });
  if (Array.isArray(written)) return ofList(path, written, fail);
  if (typeof written !== 'string') return ofList(path, [written], fail);
  const found = RANGE.exec(written);
  if (found === null) return fail(`\`${written}\` is neither a list nor a range`, EXPECTED);
  const [, first, last, rest = ''] = found;
  const range = ofWords(rest.trim(), (message) => fail(message, EXPECTED, written.length - rest.length));
  if ('message' in range) return range;
  const [from, to] = [Number(first), Number(last)];
  const { by, log, points, whole } = range;
  if (!Number.isFinite(from) || !Number.isFinite(to)) return fail('a range has two finite ends', EXPECTED);
  if (!(from < to)) return fail(`the range goes from ${from} to ${to}`, 'an end above the beginning');
  if (log && from <= 0) return fail(`a range from ${from} has no decades`, '`log` from a number above 0');
  if (whole && !(Number.isInteger(from) && Number.isInteger(to)))
    return fail(`a range from ${from} to ${to} does not end at whole numbers`, 'whole ends');
  const scale = log ? 'log' : 'linear';
  const levels = (count: number, make: () => number[]): Axis | Problem => {
    if (count > MOST_LEVELS) return fail(`these are ${count} levels`, `at most ${MOST_LEVELS}`);
    const made = whole ? make().map(Math.round) : make();
    return { kind: 'levels', path, levels: [...new Set(made)] };
  };
  if (by !== null) {
    if (!(by > 0)) return fail(`a step of ${by} leads nowhere`, 'a step above 0');
    return levels(Math.floor((to - from) / by) + 1, () => stepped(from, to, by));
  }
  if (points !== null) return levels(points, () => spaced(from, to, points, scale));
  if (isGrid && whole && !log) return levels(to - from + 1, () => stepped(from, to, 1));
  if (isGrid)
    return fail('a grid needs levels', '`by` a step, so many `points`, or another design, such as latin-hypercube');
  return { kind: 'range', path, from, to, scale, whole };
}

function ofList(
  path: string,
  levels: readonly unknown[],
  fail: (message: string, expected?: string) => Problem,
): Axis | Problem {
  if (levels.length === 0) return fail('the list is empty', 'at least one value');
  if (levels.length > MOST_LEVELS) return fail(`these are ${levels.length} levels`, `at most ${MOST_LEVELS}`);
  const texts = levels.map((level) => JSON.stringify(level));
  const twice = texts.find((text, k) => texts.indexOf(text) < k);
  if (twice !== undefined) return fail(`${twice} is in the list twice`, 'each value once');
  const range = levels.find((level) => typeof level === 'string' && isRange(level));
  if (range !== undefined) return fail(`\`${String(range)}\` is in a list`, 'a range alone, without brackets');
  return { kind: 'levels', path, levels };
}

interface RangeWords {
  readonly by: number | null;
  readonly points: number | null;
  readonly log: boolean;
  readonly whole: boolean;
}

function ofWords(text: string, fail: (message: string) => Problem): RangeWords | Problem {
  let rest = text;
  let by: number | null = null;
  let points: number | null = null;
  let log = false;
  let whole = false;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const found = pattern.exec(rest);
    if (found !== null) rest = rest.slice(found[0].length).trimStart();
    return found;
  };
  while (rest !== '') {
    const step = take(new RegExp(`^by\\s+(${NUMBER})(?=\\s|$)`, 'i'));
    if (step !== null) {
      by = Number(step[1]);
      continue;
    }
    const count = take(/^(\d+)\s+points?(?=\s|$)/i);
    if (count !== null) {
      points = Number(count[1]);
      if (points < 1) return fail('a range of no points');
      continue;
    }
    if (take(/^log(?=\s|$)/i) !== null) log = true;
    else if (take(/^whole(?=\s|$)/i) !== null) whole = true;
    else return fail(`\`${rest}\` says nothing of a range`);
  }
  if (by !== null && (points !== null || log)) return fail('`by` goes neither with `points` nor with `log`');
  return { by, points, log, whole };
}
