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
      const { groupOf, keys } = groupsOf(features, n);
      const weight = new Float64Array(keys.length);
      const sum = new Float64Array(keys.length);
      for (let i = 0; i < n; i++) {
        const group = groupOf[i];
        weight[group] += weights[i];
        // About the mean, so that a large one costs no digits.
        sum[group] += weights[i] * (target[i] - mean);
      }
      const value = sum.map((own, group) => mean + own / (weight[group] + smoothing));
      let square = 0;
      let total = 0;
      for (let i = 0; i < n; i++) {
        square += weights[i] * (target[i] - value[groupOf[i]]) ** 2;
        total += weights[i];
      }
      const sd = Math.sqrt(square / (total > keys.length ? total - keys.length : total));
      const values = new Map(keys.map((key, group) => [key, value[group]]));
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
  const small = new Float64Array(SMALL).fill(mean);
  for (const [key, value] of values) if (typeof key === 'number' && isSmall(key)) small[key] = value;
  return {
    intercept: null,
    coefficients: null,
    sd,
    predict(features, out, n) {
      const only = features.length === 1 ? features[0] : null;
      for (let i = 0; i < n; i++)
        out[i] = only !== null && isSmall(only[i]) ? small[only[i]] : (values.get(keyAt(features, i)) ?? mean);
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

/** Whole numbers below this are looked up in a table: most groups are categories and counts. */
const SMALL = 64;
const isSmall = (key: number): boolean => key >= 0 && key < SMALL && Number.isInteger(key);

/** The groups in the order in which they come, and which of them each row is in. */
function groupsOf(features: readonly Float64Array[], n: number): { groupOf: Int32Array; keys: Key[] } {
  const groupOf = new Int32Array(n);
  const keys: Key[] = [];
  const known = new Map<Key, number>();
  const small = new Int32Array(SMALL).fill(-1);
  const only = features.length === 1 ? features[0] : null;
  const add = (key: Key): number => {
    known.set(key, keys.length);
    if (typeof key === 'number' && isSmall(key)) small[key] = keys.length;
    return keys.push(key) - 1;
  };
  for (let i = 0; i < n; i++) {
    if (only !== null && isSmall(only[i]) && small[only[i]] >= 0) {
      groupOf[i] = small[only[i]];
      continue;
    }
    const key = keyAt(features, i);
    groupOf[i] = known.get(key) ?? add(key);
  }
  return { groupOf, keys };
}

function keyAt(features: readonly Float64Array[], i: number): Key {
  if (features.length === 1) return features[0][i];
  let name = '';
  // -0 and 0 are one value, and both read `0`.
  for (const column of features) name += `${column[i]},`;
  return name;
}
