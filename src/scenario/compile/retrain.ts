/** Retraining policies: when a model learns, on what, and how what it has learnt comes into service. */
import type { ModelPlan } from '../../loop/plan.js';
import type { Deployment } from '../../retrain/deployment.js';
import type { MetricRule } from '../../retrain/metric-rule.js';
import type { Trigger } from '../../retrain/trigger.js';
import type { Window } from '../../retrain/window.js';
import type { Path } from '../diagnostic.js';
import { metricNames } from '../readers.js';
import type { ModelSpec, RetrainSpec } from '../schema.js';
import type { Context } from './context.js';

/** Confidence at which any advantage counts. */
const ANY = 0.5;
/** Metrics of which low is bad. */
const HIGH_IS_GOOD = new Set(['accuracy', 'balancedAccuracy', 'auc', 'r2', 'coverage']);

type Retraining = Pick<ModelPlan, 'trigger' | 'restraint' | 'window' | 'gate' | 'labels' | 'deployment'>;

/** The retraining policy of a model. `path`: where the scenario says it. */
export function retraining(
  c: Context,
  { kind, takesWeights, spec }: { kind: ModelPlan['kind']; takesWeights: boolean; spec: ModelSpec },
  own: Path,
): Retraining {
  const policy = spec.retrain ?? c.scenario.retrain;
  const path = spec.retrain === undefined ? ['retrain'] : [...own, 'retrain'];
  const { budget, cool, gate, labels, when } = policy;
  if (typeof when === 'object') checkTrigger(c, when, kind, [...path, 'when']);
  if (typeof policy.window === 'object' && 'halfLife' in policy.window && !takesWeights)
    c.report([...path, 'window', 'halfLife'], `\`${spec.learner}\` takes no weights`);
  if (c.scenario.population.nodes !== undefined) checkDraws(c, policy, path);
  return {
    trigger: trigger(when),
    restraint: { cool: cool ?? 0, budget: budget ?? null },
    window: windowOf(policy.window),
    gate: gate === undefined ? null : { holdout: gate.holdout, confidence: gate.confidence ?? ANY },
    labels: labels === undefined ? null : { run: labels.budget ?? null, step: labels.perStep ?? null },
    deployment: deployment(c, policy.deploy, [...path, 'deploy']),
  };
}

type When = Exclude<RetrainSpec['when'], string>;

function checkTrigger(c: Context, when: When, kind: ModelPlan['kind'], path: Path): void {
  if ('alarm' in when) {
    const monitors = c.scenario.monitor.filter(({ off }) => !off).map(({ name }) => name);
    for (const name of typeof when.alarm === 'string' ? [when.alarm] : when.alarm)
      if (name !== 'any' || monitors.length === 0) c.known(name, monitors, [...path, 'alarm'], 'a monitor');
  }
  if ('metric' in when) c.known(when.metric, metricNames(kind), [...path, 'metric'], 'a metric of the model');
  if ('staleness' in when && c.scenario.costs?.error === undefined)
    c.report([...path, 'staleness'], 'what errors cost is not said', {
      expected: '`costs: { error: ..., retrain: ... }`',
    });
}

/** Over quadrature nodes nothing is drawn: neither rows nor people can be set apart at random. */
function checkDraws(c: Context, { deploy, gate, labels, window }: RetrainSpec, path: Path): void {
  const found: Path[] = [];
  if (gate !== undefined) found.push([...path, 'gate', 'holdout']);
  if (typeof window === 'object' && 'reservoir' in window) found.push([...path, 'window', 'reservoir']);
  if (labels !== undefined) found.push([...path, 'labels']);
  if (deploy.canary !== undefined) found.push([...path, 'deploy', 'canary']);
  for (const at of found) c.report(at, 'this is done by draws, and the population is made of nodes');
}

function trigger(when: RetrainSpec['when']): Trigger {
  if (when === 'never' || when === 'manual') return { kind: when };
  if ('every' in when) return { kind: 'every', steps: when.every };
  if ('at' in when) return { kind: 'at', steps: new Set(when.at) };
  if ('random' in when) return { kind: 'random', rate: when.random };
  if ('alarm' in when) {
    const names = typeof when.alarm === 'string' ? [when.alarm] : when.alarm;
    return { kind: 'alarm', monitors: names.includes('any') ? null : names, level: when.level ?? 'alarm' };
  }
  if ('metric' in when) return { kind: 'metric', metric: when.metric, rule: ruleOf(when) };
  const { baseline, horizon, over, staleness } = when;
  return { kind: 'staleness', how: staleness, horizon, over, baseline };
}

function ruleOf(when: Extract<When, { metric: string }>): MetricRule {
  if ('above' in when) return { kind: 'threshold', limit: when.above, worse: 'high' };
  if ('below' in when) return { kind: 'threshold', limit: when.below, worse: 'low' };
  const worse = when.worse ?? (HIGH_IS_GOOD.has(when.metric) ? 'low' : 'high');
  if ('quantile' in when) return { kind: 'quantile', quantile: when.quantile, window: when.of, worse };
  return { kind: 'average', deviation: when.deviation, relative: when.relative, window: when.of, worse };
}

function windowOf(window: RetrainSpec['window']): Window {
  if (window === 'all') return { kind: 'all' };
  if ('last' in window) return { kind: 'last', steps: window.last, lab: window.lab ?? false };
  if ('rows' in window) return { kind: 'newest', rows: window.rows };
  if ('since' in window) return { kind: 'since', level: window.since };
  if ('halfLife' in window) return { kind: 'weighted', halfLife: window.halfLife };
  return { kind: 'reservoir', rows: window.reservoir };
}

function deployment(c: Context, deploy: RetrainSpec['deploy'], path: Path): Deployment {
  const { canary, confidence, every, lag, rollback, shadow } = deploy;
  if (canary !== undefined && shadow !== undefined)
    c.report([...path, 'canary'], 'a new version is tried in one way', { expected: '`shadow` or `canary`' });
  const watching = shadow === undefined ? null : ({ kind: 'shadow', share: 0, steps: shadow } as const);
  return {
    every,
    lag,
    trial: canary === undefined ? watching : { kind: 'canary', ...canary },
    rollback: rollback ?? null,
    confidence: confidence ?? ANY,
  };
}
