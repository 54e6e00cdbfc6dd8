/** A predictor from its JSON: the same predictions, to the bit. */
import { countPredictor, valuesFrom } from './count-by-group.js';
import { forestPredictor } from './forest.js';
import { boostingPredictor } from './gradient-boosting.js';
import { kernelPredictor } from './kernel-ridge.js';
import { constant, linearPredictor, type Predictor } from './learner.js';
import { logisticPredictor } from './logistic.js';
import { Neighbourhood, nearestPredictor } from './nearest-neighbours.js';
import { polynomialPredictor, type Scaling } from './polynomial.js';
import { curvePredictor, isSingle, restoredCurve } from './single.js';
import { nodesFrom, type plainNodes, treePredictor } from './tree.js';

const floats = (values: readonly number[]): Float64Array => Float64Array.from(values);

/** What `toJSON` gives, and what `JSON.parse` gives of its text. */
// biome-ignore lint/suspicious/noExplicitAny: each learner's own shape, that its `toJSON` has written
export function restore(json: any): Predictor {
  switch (json.learner) {
    case 'mean':
      return constant(json.value, json.sd);
    case 'linear':
      return linearPredictor(json.intercept, floats(json.coefficients), json.sd, json.strength);
    case 'logistic':
      return logisticPredictor(json.intercept, floats(json.coefficients), json.sd);
    case 'polynomial':
      return polynomialPredictor(restore(json.scaled), json.scalings as Scaling[], json.degree);
    case 'tree':
      return treePredictor(nodesFrom(json.nodes), floats(json.importances), json.sd);
    case 'forest': {
      const trees = (json.trees as ReturnType<typeof plainNodes>[]).map(nodesFrom);
      return forestPredictor(trees, floats(json.importances), json.sd);
    }
    case 'gradient-boosting': {
      const trees = (json.trees as ReturnType<typeof plainNodes>[]).map(nodesFrom);
      return boostingPredictor(json.start, trees, floats(json.importances), json.sd);
    }
    case 'nearest-neighbours': {
      const columns = (json.columns as number[][]).map(floats);
      const points = { columns, weight: floats(json.weight), sum: floats(json.sum) };
      return nearestPredictor(new Neighbourhood(points, floats(json.scale), json.k), json.sd);
    }
    case 'count-by-group':
      return countPredictor(valuesFrom(json.values as Record<string, number>), json.mean, json.sd);
    case 'kernel-ridge':
      return kernelPredictor({ ...json, points: floats(json.points), alpha: floats(json.alpha) }, json.sd);
    default:
      if (isSingle(json.learner)) return curvePredictor(json.learner, restoredCurve(json.learner, json.curve), json.sd);
      throw new Error(`no learner of the name ${json.learner}`);
  }
}
