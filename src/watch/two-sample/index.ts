/** Tests and distances of two samples, and what they are compared with. */
export { doaneEdges, quantileEdges, sharesBetween, sharesOf, sharesWithin } from './bins.js';
export { type ChiSquare, categoryCounts, chiSquare } from './chi-square.js';
export { type Against, COMPARISONS, type Compared, type Comparison, type ComparisonName } from './comparison.js';
export { hellinger, jensenShannon, lInfinity } from './jensen-shannon.js';
export { type KsOptions, ks, type Test } from './ks.js';
export { kernelMatrix, medianSigma, mmd, mmdTest } from './mmd.js';
export { psi, psiNullQuantile, psiPValue } from './psi.js';
export { type Sample, sampleOf } from './sample.js';
export { energyDistance, standardDeviation, wasserstein } from './wasserstein.js';
