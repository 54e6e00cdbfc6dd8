/** Least squares against the class of ml-regression that has the same answer. */
import { MultivariateLinearRegression } from 'ml-regression';
import { fillNormal, Stream } from '../../src/core/random/index.js';
import { createLearner } from '../../src/learn/index.js';
import { quickest, type Row, seconds } from './row.js';

const ROWS = 100_000;
const COLUMNS = 10;

export function leastSquares(): Row[] {
  const features = Array.from({ length: COLUMNS }, (_, j) => normal(`x${j}`));
  const target = normal('noise').map((e, i) => e + features.reduce((sum, x, j) => sum + (j + 1) * x[i], 0));
  const learner = createLearner({ learner: 'linear', intercept: true, l2: 0, refit: 'full', stepSize: 'auto' });
  const batch = { n: ROWS, features, target, weights: null };
  let found: Float64Array = new Float64Array(0);
  const ours = quickest(10, () => {
    found = learner.fit([batch], null).predictor.coefficients ?? found;
  });
  const rows = Array.from(target, (_, i) => features.map((x) => x[i]));
  const targets = Array.from(target, (y) => [y]);
  let theirs: number[][] = [];
  const other = quickest(3, () => {
    theirs = new MultivariateLinearRegression(rows, targets, { statistics: false }).weights;
  });
  const apart = Math.max(...found.map((c, j) => Math.abs(c - theirs[j][0])));
  if (!(apart < 1e-9)) throw new Error(`another answer than ml-regression's, by ${apart}`);
  const value = other / ours;
  const what = "least squares, 100,000 x 10, against ml-regression's class";
  return [{ what, ours: seconds(ours), other: seconds(other), value, target: '> 1 x faster', holds: value > 1 }];
}

function normal(component: string): Float64Array {
  const column = new Float64Array(ROWS);
  fillNormal(new Stream({ seed: 1, replicate: 0, component, step: 0 }), column, ROWS);
  return column;
}
