/** A study as it is written: what each axis means, and everything that is wrong, with its place, before anything runs. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatDiagnostic, ScenarioError } from '../../../src/scenario/diagnostic.js';
import { axisOf } from '../../../src/study/sweep/axis-words.js';
import { studyOf } from '../../../src/study/sweep/read-study.js';
import { runAt, runKey, setOf } from '../../../src/study/sweep/study.js';
import { readStudy } from '../../../src/study/sweep/written.js';
import { additiveIn, temporary } from '../../support/sweep.js';

const levels = (written: unknown, isGrid = true) => {
  const axis = axisOf('p', written, isGrid);
  if ('message' in axis) throw new Error(axis.message);
  return axis.kind === 'levels' ? axis.levels : axis;
};
const wrong = (written: unknown, isGrid = true) => {
  const axis = axisOf('p', written, isGrid);
  return 'message' in axis ? axis.message : null;
};

describe('an axis', () => {
  it.each([
    ['0..20 by 5', [0, 5, 10, 15, 20]],
    ['0..20 5 points', [0, 5, 10, 15, 20]],
    ['0.001..10 5 points log', [0.001, 0.01, 0.1, 1, 10]],
    ['-1..1 by .5', [-1, -0.5, 0, 0.5, 1]],
    ['1e-3..1e-1 3 points log', [0.001, 0.01, 0.1]],
    ['1..4 whole', [1, 2, 3, 4]],
    ['1..10 4 points log whole', [1, 2, 5, 10]],
    [
      ['never', { every: 5 }, null],
      ['never', { every: 5 }, null],
    ],
    [7, [7]],
  ])('%j', (written, expected) => expect(levels(written)).toEqual(expected));

  it('is a range where the design takes any number', () => {
    expect(levels('0..20', false)).toMatchObject({ kind: 'range', from: 0, to: 20, scale: 'linear', whole: false });
    expect(levels('1..9 whole log', false)).toMatchObject({ scale: 'log', whole: true });
    expect(levels('0..20 by 10', false)).toEqual([0, 10, 20]);
  });

  it.each([
    ['0..20', 'a grid needs levels'],
    ['20..0 by 5', 'the range goes from 20 to 0'],
    ['0..20 by 0', 'a step of 0 leads nowhere'],
    ['0..20 by much', '`by much` says nothing of a range'],
    ['0..20 by 5 log', '`by` goes neither with `points` nor with `log`'],
    ['0..20 0 points', 'a range of no points'],
    ['0..1 3 points log', 'a range from 0 has no decades'],
    ['0.5..3 whole', 'a range from 0.5 to 3 does not end at whole numbers'],
    ['0..1 by 0.000001', 'these are 1000001 levels'],
    ['many', '`many` is neither a list nor a range'],
    [[], 'the list is empty'],
    [[1, 2, 1], '1 is in the list twice'],
    [['0..2 by 1', 5], '`0..2 by 1` is in a list'],
  ])('%j is refused', (written, message) => expect(wrong(written)).toBe(message));
});

const folder = temporary();
additiveIn(folder);
async function study(text: string) {
  const file = join(folder, 'study.yaml');
  writeFileSync(file, text);
  return studyOf(await readStudy(file), folder);
}
async function errors(text: string): Promise<string[]> {
  try {
    await study(text);
  } catch (error) {
    if (error instanceof ScenarioError)
      return error.diagnostics.map((found) => formatDiagnostic(found).replace(`${folder}/`, ''));
    throw error;
  }
  return [];
}
const HEAD = 'study: a study\nscenario: additive.yaml\n';

describe('a study file', () => {
  it('says what is run: points in the order of the design, each with all its seeds', async () => {
    const found = await study(`${HEAD}over:\n  state.level: 0..1 by 1\n  state.shift: [2, 4]\nseeds: 3\nseed: 5\n`);
    expect(found).toMatchObject({ name: 'a study', points: 4, seeds: 3, runs: 12, keep: 'final' });
    expect(runAt(found, 7)).toEqual({ point: 2, seed: 6 });
    expect(setOf(found, 2)).toEqual({ 'state.level': 1, 'state.shift': 2 });
    expect(found.measures.map(({ name }) => name)).toContain('measure.middle');
  });

  it('knows a run by its scenario, values, seed and measures, wherever it stands in a study', async () => {
    const over = (text: string) => study(`${HEAD}over: { state.level: ${text} }\nmeasures: { m: final(middle) }\n`);
    const [a, b] = [await over('[0, 1]'), await over('[1, 0]')];
    expect(runKey(a, 0)).toBe(runKey(b, a.seeds));
    expect(new Set(Array.from({ length: a.runs }, (_, n) => runKey(a, n))).size).toBe(a.runs);
    const other = await study(
      `${HEAD}over: { state.level: [0, 1] }\nset: { steps: 4 }\nmeasures: { m: final(middle) }\n`,
    );
    expect(runKey(other, 0)).not.toBe(runKey(a, 0));
  });

  it('tells everything that is wrong at once, each with its place', async () => {
    const text = `${HEAD}over:
  state.levle: [1, 2]
  respond.lift.share: [0.5, 2]
  respond.lfit.share: [0.5]
  steps: 3..1 by 1
  seed: [1, 2]
measures:
  a: final(midle)
  b: middle
  c: mean(final(middle))
  point: final(middle)
`;
    const found = await errors(text);
    expect(found.map((line) => line.replace(/;.*$/, ''))).toEqual([
      'study.yaml:7:10: the range goes from 3 to 1',
      'study.yaml:8:3: `seed` is no parameter of the world',
      'study.yaml:10:12: unknown name `midle`',
      'study.yaml:11:6: this is a number of each step',
      'study.yaml:12:6: this is one number of all runs',
      'study.yaml:13:3: `point` is the name of another column',
      expect.stringMatching(/^study.yaml:5:23: respond.lift.share = 2: `2` is too large/),
      expect.stringMatching(/^study.yaml:6:3: there is no `lfit` in this list/),
    ]);
    expect(found[2]).toContain('did you mean `middle`?');
    expect(found[7]).toContain('did you mean `lift`?');
  });

  it('tells what is wrong with its shape, and with its axes beside it', async () => {
    const found = await errors(`${HEAD}desing: sobol\nover: { state.level: 0..1 }\nseeds: 0\n`);
    expect(found).toEqual([
      expect.stringMatching(/^study.yaml:5:8: `0` is too small/),
      expect.stringMatching(/^study.yaml:3:1: unknown key `desing`.*did you mean `design`\?$/),
      expect.stringMatching(/^study.yaml:4:22: a grid needs levels/),
    ]);
  });

  it('refuses what a design does not have, or cannot do without', async () => {
    const of = (more: string) => errors(`${HEAD}over: { state.level: [0, 1] }\n${more}`);
    expect(await of('points: 5')).toEqual([expect.stringContaining('a grid has the points')]);
    expect(await of('design: sobol')).toEqual([expect.stringContaining('how many points?')]);
    expect(await of('design: latin-hypercube\npoints: 5\nscramble: owen')).toEqual([
      expect.stringContaining('a latin-hypercube is not scrambled'),
    ]);
    expect(await of('seeds: 100000\ndesign: sobol\npoints: 1000')).toEqual([
      expect.stringContaining('these are 100000000 runs'),
    ]);
  });

  it('finds values that can each be taken, and not together', async () => {
    const text = `${HEAD}over:\n  respond.lift.from: [0, 5]\n  respond.lift.to: [3, 9]\n`;
    const found = await errors(text);
    expect(found).toEqual([expect.stringMatching(/^study.yaml:3:1: respond.lift.from = 5, respond.lift.to = 3: /)]);
  });

  it('tells what is wrong with the scenario, too', async () => {
    expect(await errors('scenario: nowhere.yaml\nover: { a: [1] }\nseeds: 2\ndesign: sobol\n')).toEqual([
      expect.stringContaining('how many points?'),
      expect.stringContaining('nowhere.yaml:1:1: there is no such file'),
    ]);
  });
});
