import { describe, expect, it } from 'vitest';
import {
  type CompileOptions,
  compile,
  type Environment,
  FormulaError,
  type Scope,
} from '../../../src/core/formula/index.js';
import { Stream } from '../../../src/core/random/index.js';

const levels = ['urban', 'rural'];
const scope: Scope = {
  meaning: (name) =>
    name === 'group'
      ? { kind: 'column', levels }
      : ['x', 'y', 'seen.x', 'w'].includes(name)
        ? { kind: 'column', levels: null }
        : ['t', 'score.coef.x'].includes(name)
          ? { kind: 'scalar' }
          : null,
  names: () => ['group', 'x', 'y', 'w', 'seen.x', 't', 'score.coef.x'],
  table: (name) => (name === 'curve' ? { x: [0, 10, 20], y: [1, 2, 4] } : null),
};

const environment = (columns: Record<string, Float64Array>, weights: Float64Array | null = null): Environment => ({
  rows: Object.values(columns)[0].length,
  column: (name) => columns[name],
  scalar: (name) => (name === 't' ? 7 : 0.5),
  stream: (site) => new Stream({ seed: 1, replicate: 0, component: `test#${site}`, step: 0 }),
  weights,
});

const columns = {
  x: Float64Array.of(1, -2, 3, Number.NaN),
  y: Float64Array.of(4, 5, 6, 7),
  'seen.x': Float64Array.of(9, 9, 9, 9),
  group: Float64Array.of(0, 1, 0, 1),
};

function values(source: string, options: CompileOptions = {}, env = environment(columns)): number[] {
  const out = new Float64Array(4);
  compile(source, scope, options).evaluate(env, out);
  return [...out];
}
const first = (source: string) => values(source)[0];

describe('arithmetic', () => {
  it.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['2 ^ 3 ^ 2', 512],
    ['2 ** 3', 8],
    ['Phi(0)', 0.5],
    ['-2 ^ 2', -4],
    ['(-2) ^ 2', 4],
    ['2 ^ -1', 0.5],
    ['-1 % 12', 11],
    ['1 - 2 - 3', -4],
    ['not 1 > 2', 1],
    ['(not 1) > 2', 0],
    ['not 0 and 1', 1],
    ['1 or 0 and 0', 1],
    ['- - 3', 3],
    ['min(3, 1, 2)', 1],
    ['max(3, 1, 2)', 3],
    ['clamp(5, 0, 1)', 1],
    ['if(1 > 0, 10, 20)', 10],
    ['sigmoid(0)', 0.5],
    ['logit(0.5)', 0],
    ['exp(log(3))', 3],
    ['sin(pi / 2)', 1],
    ['step(t, 7) + step(t, 8)', 1],
    ['ramp(t, 5, 9)', 0.5],
    ['pulse(t, 7, 8) + pulse(t, 6, 7)', 1],
    ['season(t, 28)', 1],
    ['season(t, 28, 7)', 0],
    ['interp(curve, 15)', 3],
    ['interp(curve, -1) + interp(curve, 99)', 5],
    ['x + y * t', 29],
    ['score.coef.x', 0.5],
    ['seen.x', 9],
    ['missing(x)', 0],
    ['round(2.5) + floor(-0.5) + ceil(0.2)', 3],
  ])('%s = %f', (source, expected) => {
    expect(first(source)).toBeCloseTo(expected, 12);
  });

  it('works through columns longer than a block', () => {
    const n = 1300;
    const x = Float64Array.from({ length: n }, (_, i) => i);
    const out = new Float64Array(n);
    compile('if(x > 600, 2 * x + x, -(x + 1) * (x - 1))', scope).evaluate(environment({ x }), out);
    expect(out.every((v, i) => v === (i > 600 ? 3 * i : -(i + 1) * (i - 1)))).toBe(true);
  });

  it('compares with a missing value as false and keeps it missing in arithmetic', () => {
    expect(values('x > -10')).toEqual([1, 1, 1, 0]);
    expect(values('x != 1')).toEqual([0, 1, 1, 0]);
    expect(values('missing(x)')).toEqual([0, 0, 0, 1]);
    const gaps = { ...columns, group: Float64Array.of(0, Number.NaN, 1, 1) };
    expect(values('missing(group)', {}, environment(gaps))).toEqual([0, 1, 0, 0]);
    expect(values('x + 1')[3]).toBeNaN();
  });
});

describe('categories', () => {
  it('compares with texts, on either side', () => {
    expect(values('group == "rural"')).toEqual([0, 1, 0, 1]);
    expect(values('"rural" != group')).toEqual([1, 0, 1, 0]);
  });
  it('stores texts as codes where a category is wanted', () => {
    expect(values('if(x > 0, "rural", group)', { levels })).toEqual([1, 1, 1, 1]);
  });
});

describe('aggregates', () => {
  it.each([
    ['mean(y)', 5.5],
    ['mean(x)', 2 / 3],
    ['sum(y where group == "rural")', 12],
    ['share(y > 4)', 0.75],
    ['share(y > 4 where group == "urban")', 0.5],
    ['quantile(y, 0.5)', 5.5],
    ['sd(y)', Math.sqrt(1.25)],
    ['min(y) + max(y)', 11],
    ['mean(y - mean(y))', 0],
  ])('%s = %f', (source, expected) => {
    expect(first(source)).toBeCloseTo(expected, 12);
  });
  it('honours weights', () => {
    const weighted = environment(columns, Float64Array.of(3, 1, 0, 0));
    expect(values('mean(y)', {}, weighted)[0]).toBeCloseTo(4.25, 12);
    expect(values('share(y == 4)', {}, weighted)[0]).toBeCloseTo(0.75, 12);
    expect(values('quantile(y, 0.5)', {}, weighted)[0]).toBe(4);
  });
});

describe('draws', () => {
  it('come from a stream of their own for each place in the formula', () => {
    const both = values('normal(0, 1) - normal(0, 1)');
    const one = values('normal(0, 1)');
    const other = both.map((v, i) => one[i] - v);
    expect(new Set([...one, ...other]).size).toBe(8);
    expect(values('0 * uniform(0, 1) + normal(5, 2)')).not.toEqual(values('normal(5, 2)'));
    expect(values('normal(5, 2)')).toEqual(one.map((z) => 5 + 2 * z));
  });
  it('takes its choices from the values', () => {
    expect(values('choice([3, 8], [0, 1])')).toEqual([8, 8, 8, 8]);
  });
  it('is refused where a formula may not draw', () => {
    expect(() => compile('normal(0, 1)', scope, { draws: false })).toThrow(/draws at random/);
  });
});

describe('errors say where, what was expected, and the nearest word', () => {
  const error = (source: string, options?: CompileOptions): FormulaError => {
    try {
      compile(source, scope, options);
    } catch (caught) {
      if (caught instanceof FormulaError) return caught;
      throw caught;
    }
    throw new Error(`${source} was accepted`);
  };
  it.each<[string, RegExp, number, string | null]>([
    ['1 + grop', /unknown name `grop`/, 4, 'group'],
    ['sigmod(x)', /unknown function `sigmod`/, 0, 'sigmoid'],
    ['clamp(x)', /1 argument/, 0, null],
    ['group == "rurl"', /"rurl" is not a value/, 10, 'rural'],
    ['group + 1', /category/, 0, null],
    ['x == "a"', /text/, 6, null],
    ['x = 1', /not part of the language/, 2, null],
    ['x && y', /not part of the language/, 2, null],
    ['1 < x < 3', /chain/, 2, null],
    ['1 +', /Expected expression/, 3, null],
    ['(1', /Unclosed/, 2, null],
    ['x y', /more than one expression/, 0, null],
    ['', /empty/, 0, null],
    ['x where y', /inside an aggregate/, 2, null],
    ['sin', /is a function/, 0, null],
    ['x[0]', /names/, 0, null],
    ['f(,1)', /./, 3, null],
    ['interp(nope, 1)', /unknown table/, 7, null],
    ['choice([1,2],[0,0])', /weights/, 0, null],
    ['this', /./, 0, null],
    ['constructor', /unknown name/, 0, null],
    ['__proto__', /unknown name/, 0, null],
    ['toString(1)', /unknown function/, 0, null],
    ['x.constructor', /unknown name/, 0, null],
  ])('%s', (source, message, offset, near) => {
    const caught = error(source);
    expect(caught.message).toMatch(message);
    expect(caught.offset).toBe(offset);
    if (near !== null) expect(caught.nearest).toBe(near);
  });
  it('refuses a column where one number is wanted, and accepts its mean', () => {
    expect(error('x + 1', { rows: 'one' }).expected).toContain('mean(x)');
    expect(compile('mean(x) + t', scope, { rows: 'one' }).scalar).toBe(true);
  });
  it('refuses what is too long or too deep, quickly', () => {
    expect(error('1+'.repeat(3000)).message).toMatch(/longer/);
    expect(error(`${'('.repeat(200)}1${')'.repeat(200)}`).message).toMatch(/nested/);
    expect(error(`${'-'.repeat(200)}1`).message).toMatch(/nested/);
    expect(error(`${'not '.repeat(200)}1`).message).toMatch(/nested/);
  });
});

it.each(['a "b"', "it's", 'c;d', 'e && f', '"', 'g\\h'])('compares with the text %s, quoted as JSON', (level) => {
  const scope: Scope = {
    meaning: () => ({ kind: 'column', levels: [level, 'other'] }),
    names: () => ['group'],
    table: () => null,
  };
  expect(() => compile(`group == ${JSON.stringify(level)}`, scope)).not.toThrow();
});
