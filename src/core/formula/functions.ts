/** The functions that a formula may call, with what they take: the table that checks calls and that the reference prints. */
import {
  CHOOSE,
  CLAMP,
  type Kernel1,
  type Kernel2,
  type Kernel3,
  MAXIMUM,
  MINIMUM,
  PULSE,
  RAMP,
  SEASON,
  STEP,
  UNARY,
} from './kernels.js';

export interface FunctionEntry {
  readonly kind: 'function' | 'draw' | 'aggregate' | 'table';
  /** Fewest and most arguments. */
  readonly arity: readonly [least: number, most: number];
  readonly usage: string;
  readonly about: string;
}

export const KERNELS1: Readonly<Record<string, Kernel1>> = UNARY;
export const KERNELS2: Readonly<Record<string, Kernel2>> = { min: MINIMUM, max: MAXIMUM, step: STEP };
export const KERNELS3: Readonly<Record<string, Kernel3>> = {
  if: CHOOSE,
  clamp: CLAMP,
  ramp: RAMP,
  pulse: PULSE,
  season: SEASON,
};

const plain = (usage: string, about: string, least: number, most = least): FunctionEntry => ({
  kind: 'function',
  arity: [least, most],
  usage,
  about,
});
const draw = (usage: string, about: string, least: number, most = least): FunctionEntry => ({
  ...plain(usage, about, least, most),
  kind: 'draw',
});
const aggregate = (usage: string, about: string, least = 1): FunctionEntry => ({
  ...plain(usage, about, least),
  kind: 'aggregate',
});

export const FUNCTIONS: Readonly<Record<string, FunctionEntry>> = {
  exp: plain('exp(x)', 'e to the power x', 1),
  log: plain('log(x)', 'natural logarithm', 1),
  sqrt: plain('sqrt(x)', 'square root', 1),
  abs: plain('abs(x)', 'absolute value', 1),
  sigmoid: plain('sigmoid(x)', '1 / (1 + exp(-x))', 1),
  logit: plain('logit(p)', 'log(p / (1 - p))', 1),
  Phi: plain('Phi(z)', 'probability that a standard normal draw is at most z', 1),
  sin: plain('sin(x)', 'sine, x in radians', 1),
  cos: plain('cos(x)', 'cosine, x in radians', 1),
  tanh: plain('tanh(x)', 'hyperbolic tangent', 1),
  floor: plain('floor(x)', 'largest whole number not above x', 1),
  ceil: plain('ceil(x)', 'smallest whole number not below x', 1),
  round: plain('round(x)', 'nearest whole number, halves upwards', 1),
  sign: plain('sign(x)', '-1, 0 or 1', 1),
  missing: plain('missing(x)', '1 where x is missing, else 0', 1),
  min: plain('min(a, b, ...)', 'smallest of its arguments; of one argument: smallest over the population', 1, 8),
  max: plain('max(a, b, ...)', 'largest of its arguments; of one argument: largest over the population', 1, 8),
  clamp: plain('clamp(x, low, high)', 'x, kept between low and high', 3),
  if: plain('if(condition, then, otherwise)', '`then` where the condition holds, else `otherwise`', 3),
  step: plain('step(t, at)', '0 before `at`, 1 from then on', 2),
  ramp: plain('ramp(t, from, to)', '0 before `from`, 1 after `to`, a straight line between', 3),
  pulse: plain('pulse(t, from, to)', '1 while from <= t < to, else 0', 3),
  season: plain('season(t, period, phase)', 'sin(2 pi (t - phase) / period); phase 0 if left out', 2, 3),
  normal: draw('normal(mean, sd)', 'a normal draw', 2),
  uniform: draw('uniform(low, high)', 'a uniform draw on [low, high)', 2),
  bernoulli: draw('bernoulli(p)', '1 with probability p, else 0', 1),
  poisson: draw('poisson(mean)', 'a Poisson count', 1),
  exponential: draw('exponential(mean)', 'an exponential draw with that mean', 1),
  gamma: draw('gamma(shape, scale)', 'a gamma draw with mean shape * scale', 2),
  beta: draw('beta(a, b)', 'a beta draw with mean a / (a + b)', 2),
  choice: draw('choice([values], [weights])', 'one of the values, with probability proportional to its weight', 1, 2),
  mean: aggregate('mean(x where condition)', 'weighted mean over the population'),
  sum: aggregate('sum(x where condition)', 'weighted sum over the population'),
  share: aggregate('share(condition where other)', 'weighted share of the population for which the condition holds'),
  sd: aggregate('sd(x where condition)', 'weighted standard deviation over the population (divisor n)'),
  quantile: aggregate(
    'quantile(x, q where condition)',
    'q-th quantile over the population, linear between order statistics (type 7); with weights other than 1, the smallest value at which the share of weight reaches q',
    2,
  ),
  interp: {
    kind: 'table',
    arity: [2, 2],
    usage: 'interp(table, x)',
    about: 'look-up, linear between the points and flat outside',
  },
};

/** Named numbers. */
export const CONSTANTS: Readonly<Record<string, number>> = { pi: Math.PI, true: 1, false: 0 };
