/**
 * Counts by group: the mean target of the rows with the same features; of 0 and 1, their share.
 *
 * (sum w y + smoothing m) / (sum w + smoothing), m the mean of all rows: `smoothing` adds so many rows that are as all are
 * (the m-estimate; Laplace's rule is the same with m = 1/2 and two rows). A group that was not there at training gets m.
 * A feature counts by its exact value: categories, flags and counts, not measurements.
 *
 * The spread `sd` divides by the weight less the number of groups. LearnerError: no labelled rows; numbers that are not
 * finite. Source: Cestnik (1990), "Estimating probabilities: a crucial task in machine learning", ECAI.
 */
import { type Learner, LearnerError, type Predictor } from './learner.js';
import { meanOf, rowsOf } from './rows.js';

export interface CountOptions {
  readonly smoothing: number;
}

export function countByGroup({ smoothing }: CountOptions): Learner {
  return {
    given() {
      throw new LearnerError('counts by group cannot start from given coefficients');
    },
    fit(batches) {
      const { features, n, target, weights } = rowsOf(batches);
      const mean = meanOf(target, weights);
      const groups = new Map<Key, { weight: number; sum: number }>();
      for (let i = 0; i < n; i++) {
        const key = keyAt(features, i);
        let group = groups.get(key);
        if (group === undefined) {
          group = { weight: 0, sum: 0 };
          groups.set(key, group);
        }
        group.weight += weights[i];
        // About the mean, so that a large one costs no digits.
        group.sum += weights[i] * (target[i] - mean);
      }
      const values = new Map([...groups].map(([key, { sum, weight }]) => [key, mean + sum / (weight + smoothing)]));
      let square = 0;
      let total = 0;
      for (let i = 0; i < n; i++) {
        square += weights[i] * (target[i] - (values.get(keyAt(features, i)) ?? mean)) ** 2;
        total += weights[i];
      }
      const sd = Math.sqrt(square / (total > groups.size ? total - groups.size : total));
      return {
        predictor: countPredictor(values, mean, sd),
        objective: square / total,
        iterations: 1,
        gradientNorm: 0,
        note: null,
      };
    },
  };
}

export function countPredictor(values: ReadonlyMap<Key, number>, mean: number, sd: number): Predictor {
  return {
    intercept: null,
    coefficients: null,
    sd,
    predict(features, out, n) {
      for (let i = 0; i < n; i++) out[i] = values.get(keyAt(features, i)) ?? mean;
    },
    toJSON: () => ({ learner: 'count-by-group', values: namedValues(values), mean, sd }),
  };
}

const namedValues = (values: ReadonlyMap<Key, number>): Record<string, number> =>
  Object.fromEntries([...values].map(([key, value]) => [typeof key === 'number' ? `${key},` : key, value]));

/** The values by group, from their names: the features, each with a comma after it. */
export const valuesFrom = (named: Readonly<Record<string, number>>): Map<Key, number> =>
  new Map(
    Object.entries(named).map(([name, value]) => [/^[^,]+,$/.test(name) ? Number.parseFloat(name) : name, value]),
  );

/** A group: the only feature as it is, of several their names. */
type Key = number | string;

function keyAt(features: readonly Float64Array[], i: number): Key {
  if (features.length === 1) return features[0][i];
  let name = '';
  // -0 and 0 are one value, and both read `0`.
  for (const column of features) name += `${column[i]},`;
  return name;
}
