/** The detectors on streams that are worked out by hand, and what all of them have in common. */
import { describe, expect, it } from 'vitest';
import { twoSampleTail } from '../../../src/core/kolmogorov.js';
import { fillNormal, fillUniform, Stream } from '../../../src/core/random/index.js';
import {
  type Choose,
  createDetector,
  type Detector,
  type DetectorOptions,
  withoutReplacement,
} from '../../../src/watch/detectors/index.js';

const stream = (component: string) => new Stream({ seed: 7, replicate: 0, component, step: 0 });
const ALL: readonly DetectorOptions[] = [
  { detector: 'page-hinkley', threshold: 8 },
  { detector: 'cusum', minInstances: 30, threshold: 8 },
  { detector: 'ewma' },
  { detector: 'gma', threshold: 0.3 },
  { detector: 'shewhart' },
  { detector: 'ecdd' },
  { detector: 'ddm' },
  { detector: 'eddm' },
  { detector: 'hddm-a' },
  { detector: 'hddm-w' },
  { detector: 'adwin' },
  { detector: 'adwin', reset: 'full' },
  { detector: 'kswin', choose: withoutReplacement(stream('positions')) },
];
const ERRORS = new Set(['ecdd', 'ddm', 'eddm', 'hddm-a', 'hddm-w']);

/**
 * 500 values, then 500 with a higher mean: normal with a step of 3 sd; or an error in ten, then three in five, evenly: by chance
 * ECDD would alarm before the step now and then, and take what follows for normal.
 */
function stepped(errors: boolean): Float64Array {
  const out = new Float64Array(1000);
  fillNormal(stream('values'), out, 1000);
  return out.map((z, t) => (errors ? ((t < 500 ? t % 10 === 9 : t % 5 < 3) ? 1 : 0) : t < 500 ? z : z + 3));
}
/** The positions that KSWIN draws come from without: two runs must see the same. */
const fixed = (options: DetectorOptions): DetectorOptions =>
  options.detector === 'kswin' ? { ...options, choose: (out) => out.set(out.map((_, k) => 2 * k)) } : options;
const alarmsOf = (detector: Detector, xs: Float64Array): number[] =>
  [...xs.keys()].filter((t) => detector.update(xs[t]) === 'alarm');

describe.each(ALL.map((options) => ({ ...options, name: `${options.detector} ${'reset' in options ? 'full' : ''}` })))(
  '$name',
  (options) => {
    const xs = stepped(ERRORS.has(options.detector));

    it('finds a large step', () => {
      // The spread of distances grows with the first short ones: EDDM sees them late.
      const last = options.detector === 'eddm' ? 800 : 600;
      expect(alarmsOf(createDetector(options), xs).some((t) => t >= 500 && t < last)).toBe(true);
    });

    it('goes on from its state, through JSON, as if nothing had happened', () => {
      const one = createDetector(fixed(options));
      const other = createDetector(fixed(options));
      for (let t = 0; t < 520; t++) one.update(xs[t]);
      other.restore(JSON.parse(JSON.stringify(one.state())));
      for (let t = 520; t < 1000; t++) {
        expect(other.update(xs[t])).toBe(one.update(xs[t]));
        expect(other.statistic).toBe(one.statistic);
      }
    });

    it('takes no notice of missing values, and forgets all when reset', () => {
      const detector = createDetector(fixed(options));
      const alarms = alarmsOf(detector, xs);
      detector.reset();
      const again: number[] = [];
      for (let t = 0; t < 1000; t++) {
        expect(detector.update(Number.NaN)).toBe('none');
        if (detector.update(xs[t]) === 'alarm') again.push(t);
      }
      expect(again).toEqual(alarms);
    });
  },
);

describe('by hand', () => {
  it('Page-Hinkley: the statistic is the climb of the sum from its lowest point', () => {
    const detector = createDetector({ detector: 'page-hinkley', minInstances: 1, delta: 0, alpha: 1, threshold: 0.9 });
    // Means 0, 0, 1: deviations 0, 0, 2.
    expect([0, 0, 3].map((x) => detector.update(x))).toEqual(['none', 'none', 'alarm']);
    expect(detector.statistic).toBeCloseTo(2, 14);
  });

  it('CUSUM: k and h are in standard deviations of the first values', () => {
    const detector = createDetector({ detector: 'cusum', minInstances: 2, slack: 0.5, threshold: 3, warning: 1 });
    // Mean 0, sd sqrt 2; the second value itself is tested: (1 - 0.5 sqrt 2) / sqrt 2.
    detector.update(-1);
    expect(detector.update(1)).toBe('none');
    expect(detector.statistic).toBeCloseTo(1 / Math.SQRT2 - 0.5, 14);
    expect(detector.update(2 * Math.SQRT2)).toBe('warning');
    expect(detector.statistic).toBeCloseTo(1 / Math.SQRT2 - 0.5 + 1.5, 14);
  });

  it('DDM: an all-ones stream never alarms', () => {
    expect(alarmsOf(createDetector({ detector: 'ddm' }), new Float64Array(500).fill(1))).toEqual([]);
  });

  it('ADWIN: 1,000 zeros, then tens: the first check cuts the zeros off; the window holds their mean and variance', () => {
    const detector = createDetector({ detector: 'adwin' });
    const xs = Float64Array.from({ length: 1100 }, (_, t) => (t < 1000 ? 0 : 10));
    expect(alarmsOf(detector, xs)[0]).toBe(1023);
    const plain = createDetector({ detector: 'adwin', clock: 1e9 });
    const values = stepped(false).subarray(0, 300);
    for (const x of values) plain.update(x);
    const { total, variance, width } = plain.state().memory as Record<string, number>;
    const mean = values.reduce((sum, x) => sum + x, 0) / 300;
    expect(width).toBe(300);
    expect(total / 300).toBeCloseTo(mean, 12);
    expect(variance / values.reduce((sum, x) => sum + (x - mean) ** 2, 0)).toBeCloseTo(1, 10);
  });

  it('HDDM_A: a decrease alarms two-sided only', () => {
    const xs = Float64Array.from({ length: 400 }, (_, t) => (t < 200 ? t % 2 : 0));
    expect(alarmsOf(createDetector({ detector: 'hddm-a' }), xs)).toEqual([]);
    const [first] = alarmsOf(createDetector({ detector: 'hddm-a', twoSided: true }), xs);
    expect(first).toBeGreaterThan(200);
  });

  it.each([
    ['of values that differ', 1e9],
    ['of values some of which are equal', 20],
    ['of errors', 2],
  ])('KSWIN: compares the newest with those chosen, %s', (_, kinds) => {
    const values = new Float64Array(3000);
    fillUniform(stream('values'), values, 3000);
    const xs = values.map((u) => Math.floor(u * kinds));
    const [windowSize, statSize] = [43, 14];
    const draw = withoutReplacement(stream('positions'));
    let chosen = new Int32Array(0);
    const choose: Choose = (positions, from) => {
      draw(positions, from);
      chosen = positions.slice();
    };
    // No alarm: the window is always that of the latest values.
    const one = createDetector({ detector: 'kswin', choose, windowSize, statSize, alpha: 0 });
    xs.forEach((x, t) => {
      one.update(x);
      if (t + 1 < windowSize) return;
      const window = xs.subarray(t + 1 - windowSize, t + 1);
      const sample = [...chosen].map((k) => window[k]);
      const newest = [...window.subarray(windowSize - statSize)];
      const below = (all: readonly number[], limit: number) => all.filter((value) => value <= limit).length;
      const height = Math.max(...window.map((limit) => Math.abs(below(sample, limit) - below(newest, limit))));
      expect(one.statistic).toBe(twoSampleTail(height, statSize, statSize));
    });
  });

  it('KSWIN: draws its places without replacement, all of them and all pairs equally', () => {
    const choose = withoutReplacement(stream('places'));
    const positions = new Int32Array(3);
    const times = new Float64Array(10);
    const pairs = new Float64Array(100);
    for (let k = 0; k < 10_000; k++) {
      choose(positions, 10);
      expect(new Set(positions).size).toBe(3);
      for (const place of positions) times[place]++;
      // The first two come from one word.
      pairs[positions[0] * 10 + positions[1]]++;
    }
    // Each place 3,000 times, sd sqrt(10,000 x 0.3 x 0.7) = 46.
    for (const count of times) expect(Math.abs(count - 3000)).toBeLessThan(4 * 46);
    // Each ordered pair with chance 1/90: chi-square with 89 degrees of freedom, sd sqrt(178).
    const chiSquare = pairs.reduce((sum, n, k) => sum + (k % 11 === 0 ? n : (n - 10_000 / 90) ** 2 / (10_000 / 90)), 0);
    expect(Math.abs(chiSquare - 89)).toBeLessThan(4 * Math.sqrt(178));
  });
});
