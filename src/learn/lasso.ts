/**
 * The lasso: least squares with a penalty on the absolute size of the coefficients, which makes many of them 0.
 *
 * (b, theta) = argmin (1 / 2W) sum w (y - b - x theta)^2 + strength |theta|_1, W the total weight: scikit-learn's
 * `Lasso(alpha: strength)`, and the elastic net of ratio 1, where the choice of the strength, defaults and rules are told.
 * With orthonormal columns, theta_j = S(x_j'y / W, strength): the least-squares answer, moved toward 0 and stopped there.
 *
 * Source: Tibshirani (1996), "Regression shrinkage and selection via the lasso", JRSS B 58(1).
 */
import { netPenalty } from './elastic-net.js';
import type { Learner } from './learner.js';
import { type PenalisedOptions, penalised } from './penalised.js';

export type LassoOptions = PenalisedOptions;

export const lasso = (options: LassoOptions): Learner => penalised(options, netPenalty(1));
