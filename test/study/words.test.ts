/** What a run came to, in words. */
import { describe, expect, it } from 'vitest';
import { withMinus } from '../../src/study/figures.js';
import { metricName, metricUnit } from '../../src/study/metric-words.js';
import {
  changeWords,
  figure,
  type Gap,
  gapFigure,
  gapUnit,
  gapWords,
  inWords,
  type Sentence,
} from '../../src/study/words.js';

const text = (sentences: readonly Sentence[]): string[] =>
  sentences.map(({ after, before, figure }) => `${before}${figure}${after}`);
const gap = (more: Partial<Gap>): string[] =>
  text(gapWords({ metric: 'accuracy', promised: 0.8, actual: 0.7, observed: 0.75, ...more }));

describe('the gap', () => {
  it('is told of shares in per cent', () => {
    expect(gap({})).toEqual([
      'In the lab 80.0 % of predictions were right.',
      'In the field 70.0 % are, 10.0 points fewer.',
      'The dashboard shows 75.0 %.',
    ]);
    expect(gap({ metric: 'coverage' })[0]).toBe('In the lab 80.0 % of truths lay inside their interval.');
    expect(gapFigure('coverage', 0.9, 0.77)).toBe('−13.0');
    expect(gapUnit('coverage', 0.9)).toBe('points');
  });

  it('is told of errors as so many times', () => {
    expect(gap({ metric: 'rmse', promised: 2, actual: 3, observed: null })).toEqual([
      'In the lab the typical error (RMSE) was 2.',
      'In the field it is 3, 1.50 times as much.',
      'The dashboard shows nothing: no label has arrived.',
    ]);
    expect(gapFigure('rmse', 2, 3)).toBe('×1.50');
    expect(gapFigure('mae', 0.02, 20)).toBe('×1,000');
    expect(gapFigure('mae', 4, 2.5e-13)).toBe('×0');
    expect(gapFigure('mae', 1e-9, 5)).toBe('×5,000,000,000');
    expect(gapFigure('rmse', 0, 3)).toBe('+3');
    expect(gapUnit('winkler', 2)).toBe('the Winkler score');
  });

  it('says that a lab without rows to test on has promised nothing', () => {
    expect(gap({ promised: null })).toEqual([
      'The lab held nothing back to test on, so it promised nothing.',
      'In the field 70.0 % of predictions were right.',
      'The dashboard shows 75.0 %.',
    ]);
    expect(gap({ metric: 'rmse', promised: null })[1]).toBe('In the field it is 0.7.');
  });

  it('holds a slice against what is said of everybody', () => {
    expect(gap({ slice: 'rare' }).slice(1)).toEqual([
      'In the field, among “rare”, 70.0 % are, 10.0 points fewer.',
      'The dashboard, over everybody, shows 75.0 %.',
    ]);
    expect(gap({ slice: 'rare', actual: null })[1]).toBe(
      'In the field, among “rare”, there is nothing to tell it by at this step.',
    );
  });

  it('names what is beside it', () => {
    const beside = [
      { name: 'plain_one', value: 0.9 },
      { name: 'other', value: null },
    ];
    expect(gap({ beside, twin: 0.78 }).slice(3)).toEqual([
      'Without feedback it would be 78.0 %.',
      'Beside it, plain one: 90.0 %;',
      'other: -.',
    ]);
  });
});

describe('a number that nobody promised', () => {
  it('is held against the first step', () => {
    expect(text(changeWords({ name: 'measure.default_rate', first: 0.1, now: 0.25, beside: [] }))).toEqual([
      'Default rate was 0.1 at the first step.',
      'Now it is 0.25, 0.15 more.',
    ]);
    expect(text(changeWords({ name: 'state.price', first: 3, since: 1, now: 2, beside: [] }))[0]).toBe(
      'Price was 3 at step 1.',
    );
    expect(text(changeWords({ name: 'state.price', first: 2, now: 2, beside: [] }))[1]).toBe('Now it is 2, the same.');
  });

  it('is held against others, where the scenario shows others', () => {
    const beside = [{ name: 'measure.with_a_margin', value: 35 }];
    expect(text(changeWords({ name: 'measure.by_the_forecast', first: 80, now: 79, beside }))).toEqual([
      'By the forecast: 79.',
      'Beside it, with a margin: 35.',
    ]);
    expect(gapFigure('measure.by_the_forecast', 35, 79)).toBe('+44');
    expect(gapFigure('measure.by_the_forecast', 35, 35)).toBe('0');
  });
});

describe('a number in a sentence', () => {
  it('has a true minus and no power of ten in letters', () => {
    const said = text(changeWords({ name: 'measure.black', first: -51.68, now: 3.68e-139, beside: [] }));
    expect(said).toEqual(['Black was −51.68 at the first step.', 'Now it is 0, 51.68 more.']);
    expect(inWords(-2.07e-5)).toBe('−0.0000207');
    expect(inWords(2.5e-13)).toBe('2.5\u00a0×\u00a010⁻¹³');
    expect(inWords(-1_234_567.8)).toBe('−1,234,568');
    expect(inWords(1e300)).toBe('1\u00a0×\u00a010³⁰⁰');
    expect(inWords(Number.NaN)).toBe('-');
    expect(['-', '-0.5'].map(withMinus)).toEqual(['-', '−0.5']);
  });

  it('is the same where the difference is nothing beside it', () => {
    expect(text(changeWords({ name: 'state.x', first: 2, now: 2 + 1e-7, beside: [] }))[1]).toBe(
      'Now it is 2, the same.',
    );
    expect(gapFigure('state.x', 2, 2 + 1e-7)).toBe('0');
    expect(gapFigure('state.x', 2e-7, 3e-7)).toBe('+1\u00a0×\u00a010⁻⁷');
  });

  it('stays as it is in a table of the terminal', () => {
    expect(figure(-51.68)).toBe('-51.68');
    expect(figure(1e-9)).toBe('1.00e-9');
  });
});

it.each([
  ['rmse', 'RMSE'],
  ['costs.total', 'cost so far'],
  ['score.coef.group.rural', 'score: coefficient of group.rural'],
  ['fit.sd', 'spread of fit'],
  ['measure.default_rate', 'default rate'],
  ['monitor.new_drivers.statistic', 'monitor new drivers'],
  ['monitor.new_drivers.p', 'monitor new drivers: p-value'],
])('%s is called %s', (name, said) => expect(metricName(name)).toBe(said));

it('has a unit for a metric that it does not know: its name', () => expect(metricUnit('new_one')).toBe('new one'));
