/** Expectations over series that are given by hand. */
import { describe, expect, it } from 'vitest';
import { checkExpectation } from '../../src/scenario/expect.js';
import type { RunSeries } from '../../src/scenario/term.js';

const run = (series: Record<string, number[]>): RunSeries => ({
  series: new Map(Object.entries(series).map(([name, values]) => [name, Float64Array.from(values)])),
  steps: Object.values(series)[0].length,
  diverged: false,
});
const NAMES = ['t', 'actual.rmse', 'm.gap', 'lab.rmse'];
const ONE = [run({ t: [0, 1, 2, 3], 'actual.rmse': [4, 3, 2, 1], 'm.gap': [8, 4, 2, 1], 'lab.rmse': [1, 1, 9, 9] })];
const MANY = [1, 2, 3, 4, 10].map((x) => run({ 'actual.rmse': [0, x], 'm.gap': [x, x], 'lab.rmse': [1, 1] }));
const judge = (that: string, runs = ONE) => checkExpectation(that, NAMES).judge(runs);

describe('one run', () => {
  it.each([
    ['final(actual.rmse) == 1', true],
    ['first(actual.rmse) == 4', true],
    ['at(actual.rmse, 2) == 2', true],
    ['mean(actual.rmse) == 2.5', true],
    ['mean(actual.rmse, 1, 2) == 2.5', true],
    ['sum(actual.rmse) == 10', true],
    ['min(actual.rmse) == 1 and max(actual.rmse, 1, 3) == 3', true],
    ['near(sd(actual.rmse), sqrt(5 / 3), 1e-12)', true],
    ['median(actual.rmse) == 2.5', true],
    ['quantile(actual.rmse, 0) == 1', true],
    ['share(actual.rmse > 2) == 0.5', true],
    ['near(m.gap / lag(m.gap), 0.5, 1e-12)', true],
    ['near(slope(log(m.gap), t, 0, 3), -log(2), 1e-12)', true],
    ['final(actual.rmse) < lab.rmse', false],
    ['final(actual.rmse) <= lab.rmse', true],
    ['final(lab.rmse) == 9 and lab.rmse == 1', true],
    ['actual.rmse < 4', false],
    ['actual.rmse < 4 or t == 0', false], // `or` joins whole claims, not steps
    ['actual.rmse < 4 or actual.rmse <= 4', true],
    ['not (final(actual.rmse) > 1)', true],
    ['abs(final(actual.rmse) - 3) ^ 2 == 4', true],
    ['near(1, 1.1, 0.05)', false],
  ])('%s is %s', (that, holds) => {
    expect(judge(that).holds).toBe(holds);
  });

  it('does not hold where a value does not exist', () => {
    const gone = [run({ 'actual.rmse': [1, Number.NaN], 'm.gap': [0, 0], 'lab.rmse': [1, 1] })];
    for (const that of ['final(actual.rmse) < 1', 'final(actual.rmse) >= 0', 'near(final(actual.rmse), 0, 1e9)']) {
      const verdict = judge(that, gone);
      expect(verdict.holds).toBe(false);
      expect(verdict.left).toBeNull();
    }
  });
});

describe('what does not exist', () => {
  const none = Number.NaN;
  const gone = [run({ 'actual.rmse': [1, none], 'm.gap': [none, none], 'lab.rmse': [1, 1] })];
  // The first run has no value at the end, the others have.
  const some = [none, 2, 4].map((x) => run({ 'actual.rmse': [0, x], 'm.gap': [x, x], 'lab.rmse': [1, 1] }));

  it.each([
    ['not final(actual.rmse) < 5'],
    ['not (final(actual.rmse) < 5 and first(actual.rmse) == 1)'],
    ['not (final(actual.rmse) < 5 or first(actual.rmse) == 2)'],
    ['share(m.gap > 1 and actual.rmse > 0) == 1'],
    ['share(m.gap > 1 or m.gap < 1) == 1'],
    ['share(not m.gap) == 0'],
    ['sum(m.gap) == 0'],
  ])('%s does not hold', (that) => {
    expect(judge(that, gone).holds).toBe(false);
  });

  it.each([
    ['share(final(actual.rmse) > 3) == 0.5'],
    ['median(final(actual.rmse)) == 3'],
    ['mean(final(m.gap)) == 3'],
    ['max(final(m.gap)) == 4'],
  ])('%s leaves out the runs without a value', (that) => {
    expect(judge(that, some).holds).toBe(true);
  });
});

it('reads a slice called lab as a series', () => {
  const known = checkExpectation('slices.lab.rmse == 1', ['slices.lab.rmse']);
  expect(known.judge([run({ 'slices.lab.rmse': [1, 2] })]).holds).toBe(false);
});

it.each([
  'quantile(final(actual.rmse), 2) < 1',
  'at(actual.rmse, 1.5) < 1',
  'at(actual.rmse, -1) < 1',
  'mean(actual.rmse, 3, 1) < 1',
])('refuses %s', (that) => {
  expect(() => judge(that)).toThrow();
});

describe('many runs', () => {
  it.each([
    ['median(final(actual.rmse)) == 3', true],
    ['mean(final(actual.rmse)) == 4', true],
    ['quantile(final(actual.rmse), 1) == 10', true],
    ['near(sd(final(actual.rmse)) ^ 2, 12.5, 1e-12)', true],
    ['share(final(actual.rmse) > 2) == 0.6', true],
    ['median(final(actual.rmse ^ 2)) == 9', true],
    ['final(actual.rmse) < 10', false],
    ['final(actual.rmse) <= 10', true],
  ])('%s is %s', (that, holds) => {
    expect(judge(that, MANY).holds).toBe(holds);
  });
});
