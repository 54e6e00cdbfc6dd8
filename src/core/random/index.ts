/** Random streams and the block-wise draws from them. */
export {
  fillBernoulli,
  fillBeta,
  fillCategorical,
  fillExponential,
  fillGamma,
  fillNormal,
  fillPoisson,
  fillUniform,
} from './draws.js';
export { mixed } from './mixed.js';
export { Stream, type StreamKey } from './stream.js';
