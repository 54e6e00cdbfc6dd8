/** Models and decisions: learners with their features and target, their retraining policy, and what is done with them. */
import { createLearner } from '../../learn/index.js';
import { createUncertainty, type UncertaintyOptions } from '../../learn/uncertainty/index.js';
import type { Feature, ModelPlan, Plan, UncertaintyPlan } from '../../loop/plan.js';
import type { Path } from '../diagnostic.js';
import type { ModelSpec, UncertaintySpec } from '../schema.js';
import { type Context, encodedNames, GAP, hasIndicator, targetOf } from './context.js';
import { retraining } from './retrain.js';

/** Learners that have coefficients. */
export const LINEAR = new Set(['linear', 'ridge', 'lasso', 'elastic-net', 'quantile', 'logistic']);
/** Learners of one feature. */
const SINGLE = new Set(['exponential', 'power', 'theil-sen', 'robust-polynomial']);

/** Learners that take no weights. */
const UNWEIGHTED = new Set([...SINGLE, 'kernel-ridge']);
/** Learners that predict the same for everybody where there are no features. */
const CONSTANT = new Set(['mean', 'quantile']);

/** A model, with everything that it needs to learn, to predict and to be deployed. */
export function model(c: Context, name: string, spec: ModelSpec): ModelPlan {
  const path = ['models', name];
  const target = targetOf(c.scenario, spec);
  const isField = c.known(
    target,
    [...c.fields.keys()],
    [...path, spec.target === undefined ? 'learner' : 'target'],
    'a field',
  );
  if (isField && c.levelsOf(target) !== null)
    c.report([...path, 'target'], `\`${target}\` is a category: no learner predicts it`);
  const features = spec.features.flatMap((feature, k): Feature[] => {
    const own = featureOf(c, name, feature, [...path, 'features', k]);
    return hasIndicator(c.scenario, feature) ? [own, { ...own, levels: GAP, gap: true }] : [own];
  });
  if (new Set(spec.features).size < spec.features.length) c.report([...path, 'features'], 'a feature is named twice');
  if (!CONSTANT.has(spec.learner) && features.length === 0)
    c.report([...path, 'features'], `\`${spec.learner}\` needs features`);
  if (SINGLE.has(spec.learner) && features.length > 1)
    c.report([...path, 'features'], `\`${spec.learner}\` takes one feature`);
  if ('strength' in spec && 'refit' in spec) checkStep(c, spec, path);
  const weighted = c.scenario.population.nodes !== undefined || c.scenario.population.weight !== undefined;
  if (UNWEIGHTED.has(spec.learner) && weighted) c.report([...path, 'learner'], `\`${spec.learner}\` takes no weights`);
  const binaryTarget = c.fields.get(target)?.binary ?? false;
  if (isField && spec.learner === 'logistic' && !binaryTarget && !isRow(c, target)) {
    c.report([...path, 'target'], `\`${target}\` is numeric`, {
      expected: 'a binary target: `kind: binary` or `probability`',
    });
  }
  if (kindOf(c, spec) === 'binary') checkLabels(c, target, [...path, spec.target === undefined ? 'learner' : 'target']);
  return {
    name,
    features,
    columns: features.flatMap((feature) => encodedNames(feature.name, feature.levels)),
    target,
    kind: kindOf(c, spec),
    threshold: spec.threshold,
    level: spec.uncertainty?.level ?? spec.level,
    uncertainty: uncertainty(c, name, spec),
    learner: createLearner(spec),
    link: spec.learner === 'logistic' ? 'logit' : 'identity',
    start: startOf(c, spec, features, path),
    ...retraining(c, { kind: kindOf(c, spec), takesWeights: !UNWEIGHTED.has(spec.learner), spec }, path),
    interval: spec.uncertainty !== undefined || usesInterval(c, name),
    holdout: holdout(c, spec, path),
    held: new RegExp(`\\b${name}\\.(mae|r2)\\b`).test(JSON.stringify(c.scenario)),
    asymmetry: asksFor(c, ['over', 'under']),
    calibration: calibration(c, spec, path),
  };
}

/** One gradient step goes down one objective, over the features as they are. */
function checkStep(
  c: Context,
  spec: ModelSpec & { strength: unknown; standardise: boolean; refit: string },
  path: Path,
) {
  if (spec.refit !== 'step') return;
  if (typeof spec.strength !== 'number')
    c.report([...path, 'strength'], '`refit: step` needs a strength', { expected: 'a number' });
  if (spec.standardise) c.report([...path, 'standardise'], '`refit: step` takes the features as they are');
}

/** How its intervals are made, and whether they can be. */
function uncertainty(c: Context, name: string, spec: ModelSpec): UncertaintyPlan {
  const given: UncertaintySpec = spec.uncertainty ?? { kind: 'residual' };
  const path = ['models', name, 'uncertainty'];
  const { kind } = given;
  const refuse = (message: string, expected: string) => c.report([...path, 'kind'], message, { expected });
  if (kind === 'bayesian' && spec.learner !== 'linear' && spec.learner !== 'mean')
    refuse(`\`bayesian\` has no posterior for \`${spec.learner}\``, 'a `linear` or `mean` learner, or `bootstrap`');
  if (kind === 'bayesian' && 'refit' in spec && spec.refit === 'step')
    refuse('one gradient step has no posterior', '`refit: full`');
  if (kind !== 'residual' && kind !== 'bayesian' && c.scenario.population.nodes !== undefined)
    refuse(`\`${kind}\` needs draws, and the population is made of nodes`, '`residual` or `bayesian`');
  if (kind === 'bootstrap' && SINGLE.has(spec.learner))
    refuse(`\`${spec.learner}\` takes no weights, which resampling needs`, 'another learner, or `conformal`');
  const method = createUncertainty(optionsOf(given), {
    kind: kindOf(c, spec),
    intercept: 'intercept' in spec ? spec.intercept : true,
    l2: 'l2' in spec ? spec.l2 : 0,
  });
  const formula = (key: 'scale' | 'ratio') => {
    const source = given.kind === 'conformal' || given.kind === 'adaptive' ? given[key] : undefined;
    if (source === undefined || (key === 'scale' && source === 'learned')) return null;
    return c.formula(source, [...path, key], 'sense', { also: new Set([name]) });
  };
  return {
    method,
    gamma: given.kind === 'adaptive' ? given.gamma : null,
    recent: given.kind === 'adaptive' ? given.recent : 0,
    scale: formula('scale'),
    ratio: formula('ratio'),
  };
}

function optionsOf(given: UncertaintySpec): UncertaintyOptions {
  if (given.kind === 'conformal' || given.kind === 'adaptive')
    return { kind: given.kind, calibrate: given.calibrate, learnsScale: given.scale === 'learned' };
  return given;
}

/** Rows are kept by draws, of which a population of nodes has none. */
function holdout(c: Context, { holdout: share = 0 }: ModelSpec, path: Path): number {
  if (share > 0 && c.scenario.population.nodes !== undefined)
    c.report([...path, 'holdout'], 'rows are kept by draws, and the population is made of nodes');
  return share;
}

/** A reliability table is of probabilities. */
function calibration(c: Context, spec: ModelSpec, path: Path): boolean {
  const asked = spec.calibration === true;
  if (asked && kindOf(c, spec) !== 'binary')
    c.report([...path, 'calibration'], 'a reliability table is of probabilities', {
      expected: 'a model of a binary target',
    });
  return asked;
}

function startOf(c: Context, spec: ModelSpec, features: readonly Feature[], path: Path): ModelPlan['start'] {
  if (spec.start === undefined) return null;
  if (!LINEAR.has(spec.learner) && spec.learner !== 'mean')
    c.report([...path, 'start'], `\`${spec.learner}\` cannot start from given coefficients`);
  const names = features.flatMap(({ levels, name }) => encodedNames(name, levels));
  for (const name of Object.keys(spec.start.coefficients))
    c.known(name, names, [...path, 'start', 'coefficients', name], 'a feature');
  return spec.start;
}

function featureOf(c: Context, model: string, feature: string, path: Path): Feature {
  const { models } = c.scenario;
  if (Object.hasOwn(models, feature) && feature !== model) return { name: feature, column: feature, levels: null };
  const candidates = [...c.early(), ...Object.keys(models).filter((name) => name !== model)];
  if (c.late.has(feature))
    c.report(path, `\`${feature}\` is not known before the outcome`, {
      expected: 'a field that can be seen before',
    });
  else c.known(feature, candidates, path, 'a field or another model');
  return { name: feature, column: `seen.${feature}`, levels: c.levelsOf(feature) };
}

/** Does any formula read the interval of this model? */
const usesInterval = (c: Context, model: string): boolean =>
  new RegExp(`\\b${model}\\.(lower|upper)\\b`).test(JSON.stringify(c.scenario)) || asksFor(c, INTERVAL_METRICS);

const INTERVAL_METRICS = ['coverage', 'width', 'winkler', 'pinball'];

/** Does an expectation, a theory, the view, a monitor or a trigger speak of one of these metrics? */
const asksFor = (c: Context, metrics: readonly string[]): boolean =>
  metricsNamed(c).some((metric) => metrics.includes(metric)) ||
  new RegExp(`(lab|observed|actual|slices\\.\\w+)\\.(${metrics.join('|')})\\b`).test(JSON.stringify(c.scenario));

/** Metrics that stand under a key `metric`: of the view, of monitors, and of triggers. */
function metricsNamed({ scenario: { models, monitor, retrain, view } }: Context): string[] {
  const whens = [retrain, ...Object.values(models).map((model) => model.retrain)].map((policy) => policy?.when);
  return [view, ...monitor.flatMap((spec) => Object.values(spec)), ...whens].flatMap((part: unknown) =>
    typeof part === 'object' && part !== null && 'metric' in part && part.metric !== undefined
      ? [String(part.metric)]
      : [],
  );
}

/** The model that the run is about: the first that predicts the outcome. */
export function primary(c: Context): Plan['primary'] {
  const { models, outcome } = c.scenario;
  const names = c.modelOrder;
  const model = names.find((name) => targetOf(c.scenario, models[name]) === outcome.field) ?? names[0] ?? '';
  if (names.length === 0) c.report(['models'], 'there is no model', { expected: 'at least one' });
  const spec = models[model];
  return { model, metric: spec !== undefined && kindOf(c, spec) === 'binary' ? 'accuracy' : 'rmse' };
}

/** A binary target, or a learner of probabilities. */
export const kindOf = (c: Context, spec: ModelSpec): ModelPlan['kind'] =>
  c.fields.get(targetOf(c.scenario, spec))?.binary || spec.learner === 'logistic' ? 'binary' : 'numeric';

function isRow(c: Context, field: string): boolean {
  const spec = c.fields.get(field)?.spec;
  return typeof spec === 'object' && 'row' in spec;
}

/** A column of the file that a binary model predicts holds 0 and 1 only. */
function checkLabels(c: Context, target: string, path: Path): void {
  const other = c.table?.columns.get(target)?.find((label) => label !== 0 && label !== 1 && !Number.isNaN(label));
  if (other === undefined || c.levelsOf(target) !== null) return;
  const isScaled = c.scenario.population.rows?.scale !== 'none';
  c.report(path, `\`${target}\` holds ${other}, where a binary target is 0 or 1`, {
    expected: isScaled ? `0 and 1: list \`${target}\` under \`unscaled\`` : 'a column of 0 and 1',
  });
}
