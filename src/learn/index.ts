/** The learners. Adding one is a file and a line in the table. */
import { type CountOptions, countByGroup } from './count-by-group.js';
import { type ElasticNetOptions, elasticNet } from './elastic-net.js';
import { type ForestOptions, forest } from './forest.js';
import { type BoostingOptions, gradientBoosting } from './gradient-boosting.js';
import { type KernelRidgeOptions, kernelRidge } from './kernel-ridge.js';
import { type LassoOptions, lasso } from './lasso.js';
import type { Learner } from './learner.js';
import { type LinearOptions, linear } from './linear.js';
import { type LogisticOptions, logistic } from './logistic.js';
import { type MeanOptions, mean } from './mean.js';
import { type NearestOptions, nearestNeighbours } from './nearest-neighbours.js';
import { type PolynomialOptions, polynomial } from './polynomial.js';
import { type QuantileOptions, quantile } from './quantile.js';
import { type RidgeOptions, ridge } from './ridge.js';
import { type SingleKind, single } from './single.js';
import { type TreeOptions, tree } from './tree.js';

export { type Batch, constant, type Fit, type Learner, LearnerError, type Predictor } from './learner.js';
export { restore } from './restore.js';

/** A learner by name, with its options. */
export type LearnerOptions =
  | ({ readonly learner: 'mean' } & MeanOptions)
  | ({ readonly learner: 'quantile' } & QuantileOptions)
  | ({ readonly learner: 'linear' } & LinearOptions)
  | ({ readonly learner: 'ridge' } & RidgeOptions)
  | ({ readonly learner: 'lasso' } & LassoOptions)
  | ({ readonly learner: 'elastic-net' } & ElasticNetOptions)
  | ({ readonly learner: 'logistic' } & LogisticOptions)
  | ({ readonly learner: 'polynomial' } & PolynomialOptions)
  | ({ readonly learner: 'nearest-neighbours' } & NearestOptions)
  | ({ readonly learner: 'tree' } & TreeOptions)
  | ({ readonly learner: 'forest' } & ForestOptions)
  | ({ readonly learner: 'gradient-boosting' } & BoostingOptions)
  | ({ readonly learner: 'kernel-ridge' } & KernelRidgeOptions)
  | ({ readonly learner: 'count-by-group' } & CountOptions)
  | { readonly learner: Exclude<SingleKind, 'robust-polynomial'> }
  | { readonly learner: 'robust-polynomial'; readonly degree: number };

export function createLearner(options: LearnerOptions): Learner {
  switch (options.learner) {
    case 'mean':
      return mean(options);
    case 'quantile':
      return quantile(options);
    case 'linear':
      return linear(options);
    case 'ridge':
      return ridge(options);
    case 'lasso':
      return lasso(options);
    case 'elastic-net':
      return elasticNet(options);
    case 'logistic':
      return logistic(options);
    case 'polynomial':
      return polynomial(options);
    case 'nearest-neighbours':
      return nearestNeighbours(options);
    case 'tree':
      return tree(options);
    case 'forest':
      return forest(options);
    case 'gradient-boosting':
      return gradientBoosting(options);
    case 'kernel-ridge':
      return kernelRidge(options);
    case 'count-by-group':
      return countByGroup(options);
    case 'robust-polynomial':
      return single('robust-polynomial', options.degree);
    default:
      return single(options.learner);
  }
}
