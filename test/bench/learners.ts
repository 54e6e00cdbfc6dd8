/** Learners on 100,000 rows: a lasso path with its cross-validation, a forest, nearest neighbours. */
import { fillNormal, Stream } from '../../src/core/random/index.js';
import { type Batch, createLearner, type LearnerOptions } from '../../src/learn/index.js';
import { quickest, type Row, seconds } from './row.js';

const ROWS = 100_000;
const PREDICTED = 5000;

export function learners(): Row[] {
  const features = Array.from({ length: 10 }, (_, j) => normal(`x${j}`));
  const target = normal('noise').map((e, i) => e + 3 * Math.sin(features[0][i]) + features[1][i] * features[2][i]);
  const all = (d: number): Batch => ({ n: ROWS, features: features.slice(0, d), target, weights: null });
  const learnt = (options: LearnerOptions, batch: Batch) => createLearner(options).fit([batch], null).predictor;

  const penalised = { intercept: true, standardise: false, refit: 'full', stepSize: 'auto' } as const;
  const lasso = quickest(3, () => void learnt({ learner: 'lasso', ...penalised, strength: 'auto' }, all(10)));
  const tree = { trees: 50, featureShare: 0.34, maxDepth: 8, minLeaf: 5 };
  const forest = quickest(2, () => void learnt({ learner: 'forest', ...tree }, all(10)));
  return [
    row('lasso, 100,000 x 10, 100 strengths in 5 folds', lasso, 1),
    row('forest, 100,000 x 10, 50 trees of depth 8', forest, 4),
    ...[2, 3, 5].flatMap((d) => {
      const options = { learner: 'nearest-neighbours', k: 10, standardise: true } as const;
      const build = quickest(2, () => void learnt(options, all(d)));
      const predictor = learnt(options, all(d));
      const out = new Float64Array(PREDICTED);
      const ask = quickest(3, () => predictor.predict(features.slice(0, d), out, PREDICTED));
      return [
        row(`10 nearest neighbours, 100,000 x ${d}, learnt`, build, 1),
        row(`10 nearest neighbours, 100,000 x ${d}, 5,000 predictions`, ask, 1),
      ];
    }),
  ];
}

const row = (what: string, taken: number, most: number): Row => ({
  what,
  ours: seconds(taken),
  other: '',
  value: taken,
  target: `<= ${most} s`,
  holds: taken <= most,
});

function normal(component: string): Float64Array {
  const column = new Float64Array(ROWS);
  fillNormal(new Stream({ seed: 1, replicate: 0, component, step: 0 }), column, ROWS);
  return column;
}
