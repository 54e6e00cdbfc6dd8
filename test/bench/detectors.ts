/** Detectors on a stream: updates a second of each, beside a plain loop that only sums the same values. */
import { fillNormal, fillUniform, Stream } from '../../src/core/random/index.js';
import { createDetector, type DetectorOptions, withoutReplacement } from '../../src/watch/detectors/index.js';
import { quickest, type Row } from './row.js';

const UPDATES = 1_000_000;
const stream = (component: string) => new Stream({ seed: 1, replicate: 0, component, step: 0 });

export function detectors(): Row[] {
  const values = new Float64Array(UPDATES);
  fillNormal(stream('values'), values, UPDATES);
  const errors = new Float64Array(UPDATES);
  fillUniform(stream('errors'), errors, UPDATES);
  for (let i = 0; i < UPDATES; i++) errors[i] = errors[i] < 0.2 ? 1 : 0;

  const plain = quickest(9, () => {
    if (Number.isNaN(total(values))) throw new Error('the plain loop was not run');
  });

  const row = (options: DetectorOptions, xs: Float64Array, least: number, name: string = options.detector): Row => {
    const taken = quickest(5, () => {
      const detector = createDetector(options);
      for (let i = 0; i < UPDATES; i++) detector.update(xs[i]);
    });
    const each = UPDATES / taken / 1e6;
    return {
      what: `${name}, million updates a second`,
      ours: `${((taken * 1e9) / UPDATES).toFixed(1)} ns an update`,
      other: `a sum, ${((plain * 1e9) / UPDATES).toFixed(2)} ns: ${(taken / plain).toFixed(0)} x`,
      value: each,
      target: `>= ${least}`,
      holds: each >= least,
    };
  };
  return [
    row({ detector: 'page-hinkley' }, values, 5),
    row({ detector: 'cusum' }, values, 5),
    row({ detector: 'ewma' }, values, 5),
    row({ detector: 'gma' }, values, 5),
    row({ detector: 'shewhart', k: 5 }, values, 5),
    row({ detector: 'ecdd' }, errors, 5),
    row({ detector: 'ddm' }, errors, 5),
    row({ detector: 'eddm' }, errors, 5),
    row({ detector: 'hddm-a' }, errors, 5),
    row({ detector: 'hddm-a', twoSided: true }, errors, 5, 'hddm-a, two-sided'),
    row({ detector: 'hddm-w' }, errors, 5),
    row({ detector: 'hddm-w', twoSided: true }, errors, 5, 'hddm-w, two-sided'),
    row({ detector: 'adwin' }, values, 0.5),
    row({ detector: 'adwin', clock: 1 }, values, 0.5, 'adwin, clock 1'),
    row({ detector: 'kswin', choose: withoutReplacement(stream('positions')) }, values, 5),
  ];
}

function total(xs: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < xs.length; i++) sum += xs[i];
  return sum;
}
