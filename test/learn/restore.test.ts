import { expect, it } from 'vitest';
import { type LearnerOptions, restore } from '../../src/learn/index.js';
import { batch, normal, predict, train } from '../support/learning.js';

const N = 200;
const x = [normal('x0', N).map(Math.abs), normal('x1', N)];
const y = normal('e', N).map((e, i) => Math.exp(x[0][i] + 0.3 * e));
const label = y.map((v) => (v > 2 ? 1 : 0));
const full = { refit: 'full', stepSize: 'auto', intercept: true } as const;
const newton = { solver: 'newton', tolerance: 1e-10, lossTolerance: 1e-7 } as const;

const learners: LearnerOptions[] = [
  { learner: 'mean', ddof: 1, ...full },
  { learner: 'quantile', quantile: 0.8 },
  { learner: 'linear', l2: 0, ...full },
  { learner: 'ridge', standardise: false, strength: 'auto', ...full },
  { learner: 'lasso', standardise: true, strength: 0.1, ...full },
  { learner: 'elastic-net', standardise: true, strength: 0.1, ratio: 0.5, ...full },
  { learner: 'logistic', l2: 0.01, ...newton, ...full },
  { learner: 'polynomial', degree: 3, intercept: true },
  { learner: 'nearest-neighbours', k: 5, standardise: true },
  { learner: 'tree', maxDepth: 5, minLeaf: 3, smoothing: 1 },
  { learner: 'forest', trees: 10, featureShare: 0.5, maxDepth: 5, minLeaf: 3 },
  {
    learner: 'gradient-boosting',
    trees: 10,
    shrinkage: 0.1,
    maxDepth: 3,
    minLeaf: 5,
    subsample: 0.7,
    loss: 'huber',
    huberQuantile: 0.9,
  },
  { learner: 'kernel-ridge', strength: 0.01, width: 1, rows: 100 },
  { learner: 'count-by-group', smoothing: 1 },
  { learner: 'exponential' },
  { learner: 'power' },
  { learner: 'theil-sen' },
  { learner: 'robust-polynomial', degree: 2 },
];
const SINGLE = ['exponential', 'power', 'theil-sen', 'robust-polynomial'];

it.each(learners)('$learner comes back from its JSON with the same predictions, to the bit', (options) => {
  const features = SINGLE.includes(options.learner) ? [x[0]] : x;
  const target = options.learner === 'logistic' ? label : y;
  const { predictor } = train(options, batch(features, target));
  const back = restore(JSON.parse(JSON.stringify(predictor)));
  expect(predict(back, features)).toEqual(predict(predictor, features));
  for (const name of ['sd', 'intercept', 'coefficients', 'importances', 'strength'] as const)
    expect(back[name]).toEqual(predictor[name]);
});
