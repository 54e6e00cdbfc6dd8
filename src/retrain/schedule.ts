/**
 * Schedules of retraining, where the loss of every model at every step is known: their cost, the best one, and what policies do.
 *
 *   pe[i][t] = expected loss at step t of the model that was trained at step i; model 0 is there at the start
 *   a retraining that starts at step r costs kappa and serves from r + lag on
 *   cost = sum of the losses of the model that serves + kappa x retrainings
 *
 * Valid only where the world does not react to the model: under feedback the losses depend on the schedule, and there is no
 * matrix. Compare whole runs on the same seeds then, and call none of them the oracle.
 *
 * Source: Mahadevan and Mathioudakis (2024), "Cost-aware retraining for machine learning", Knowledge-Based Systems 293.
 */
export interface RetrainCost {
  /** kappa: cost of one retraining, in units of loss. */
  readonly retrain: number;
  /** Steps from its start until the new model serves. */
  readonly lag: number;
}

export type LossMatrix = readonly ArrayLike<number>[];

/** The step at which the model that serves at t was trained. */
function serving(schedule: readonly number[], t: number, lag: number): number {
  let model = 0;
  for (const r of schedule) if (r + lag <= t) model = r;
  return model;
}

/** @param schedule steps at which retraining starts, ascending, none of them 0. */
export function scheduleCost(pe: LossMatrix, schedule: readonly number[], { lag, retrain }: RetrainCost): number {
  let cost = retrain * schedule.length;
  for (let t = 0; t < pe.length; t++) cost += pe[serving(schedule, t, lag)][t];
  return cost;
}

/** At every k-th step; never at step 0. */
export const periodicSchedule = (steps: number, interval: number): number[] =>
  Array.from({ length: Math.max(0, Math.ceil(steps / interval) - 1) }, (_, k) => (k + 1) * interval);

/**
 * The schedule of least cost, knowing all losses: the yardstick.
 *
 *   F(i) = min( sum_{t >= i + lag} pe[i][t],  min_{r > i} sum_{t = i + lag}^{r + lag - 1} pe[i][t] + kappa + F(r) ), O(T^2)
 */
export function oracleSchedule(
  pe: LossMatrix,
  { lag, retrain }: RetrainCost,
): { readonly schedule: number[]; readonly cost: number } {
  const steps = pe.length;
  const best = new Float64Array(steps);
  const next = new Int32Array(steps);
  for (let i = steps - 1; i >= 0; i--) {
    // Model 0 serves from the start on.
    const from = i === 0 ? 0 : i + lag;
    let alone = 0;
    for (let t = from; t < steps; t++) alone += pe[i][t];
    best[i] = alone;
    let served = 0;
    let t = from;
    for (let r = i + 1; r < steps; r++) {
      for (; t < Math.min(r + lag, steps); t++) served += pe[i][t];
      const cost = served + retrain + best[r];
      if (cost < best[i]) {
        best[i] = cost;
        next[i] = r;
      }
    }
  }
  const schedule: number[] = [];
  for (let r = next[0]; r !== 0; r = next[r]) schedule.push(r);
  return { schedule, cost: best[0] };
}

export interface LabelledPolicy {
  readonly policy: 'loss_threshold' | 'cumulative_excess_loss';
  /** Loss above which it retrains. */
  readonly tau: number;
  /** Steps until the label of a step is there. */
  readonly labelDelay: number;
}

/**
 * What a policy that sees labelled losses does: at step t the newest is that of step t - 1 - labelDelay. Only losses of the
 * model that serves count, and nothing starts while a retraining is under way.
 *
 *   loss_threshold: the newest loss is above tau
 *   cumulative_excess_loss: the sum of max(0, loss - first loss of this model) over its labelled steps is above tau
 */
export function policySchedule(pe: LossMatrix, { labelDelay, policy, tau }: LabelledPolicy, lag: number): number[] {
  const schedule: number[] = [];
  for (let t = 1; t < pe.length; t++) {
    const last = schedule[schedule.length - 1];
    if (last !== undefined && last + lag > t) continue;
    const from = last === undefined ? 0 : last + lag;
    const newest = t - 1 - labelDelay;
    if (newest < from) continue;
    const model = serving(schedule, t, lag);
    let seen = pe[model][newest];
    if (policy === 'cumulative_excess_loss') {
      seen = 0;
      for (let s = from; s <= newest; s++) seen += Math.max(0, pe[model][s] - pe[model][from]);
    }
    if (seen > tau) schedule.push(t);
  }
  return schedule;
}
