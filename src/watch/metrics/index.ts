/** Metrics over weighted columns. */
export { auc } from './auc.js';
export { calibrationErrors, type ReliabilityBin, reliability } from './calibration.js';
export { type BinaryMetrics, binaryMetrics } from './classification.js';
export { type IntervalMetrics, intervalMetrics } from './interval.js';
export { pinball, type RegressionMetrics, regressionMetrics } from './regression.js';
