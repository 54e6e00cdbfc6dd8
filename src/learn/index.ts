/** The learners. Adding one is a file and a line in the table. */
import { type ElasticNetOptions, elasticNet } from './elastic-net.js';
import { type LassoOptions, lasso } from './lasso.js';
import type { Learner } from './learner.js';
import { type LinearOptions, linear } from './linear.js';
import { type LogisticOptions, logistic } from './logistic.js';
import { type MeanOptions, mean } from './mean.js';
import { type PolynomialOptions, polynomial } from './polynomial.js';
import { type RidgeOptions, ridge } from './ridge.js';
import { type SingleKind, single } from './single.js';

export { type Batch, constant, type Fit, type Learner, LearnerError, type Predictor } from './learner.js';

/** A learner by name, with its options. */
export type LearnerOptions =
  | ({ readonly learner: 'mean' } & MeanOptions)
  | ({ readonly learner: 'linear' } & LinearOptions)
  | ({ readonly learner: 'ridge' } & RidgeOptions)
  | ({ readonly learner: 'lasso' } & LassoOptions)
  | ({ readonly learner: 'elastic-net' } & ElasticNetOptions)
  | ({ readonly learner: 'logistic' } & LogisticOptions)
  | ({ readonly learner: 'polynomial' } & PolynomialOptions)
  | { readonly learner: Exclude<SingleKind, 'robust-polynomial'> }
  | { readonly learner: 'robust-polynomial'; readonly degree: number };

export function createLearner(options: LearnerOptions): Learner {
  switch (options.learner) {
    case 'mean':
      return mean(options);
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
    case 'robust-polynomial':
      return single('robust-polynomial', options.degree);
    default:
      return single(options.learner);
  }
}
