/**
 * What it costs to go on with an old version, as the team can estimate it: the cost of errors on the labels that have arrived
 * of this version's predictions, less what it was on the first ones.
 *
 * With `c_s` the mean cost of an individual at step s and `n` individuals, `excess_s = n (c_s - c_0)`, where `c_0` is the mean
 * over the version's first `baseline` labelled steps. cumulative: `sum over s of max(0, excess_s)`, what has been lost since the
 * version is in service. now: the latest `excess_s` times a `horizon`, what will be lost if nothing changes.
 *
 * Source: Mahadevan and Mathioudakis (2024), "Cost-aware retraining for machine learning", Knowledge-Based Systems 293
 * (threshold and cumulative threshold variants).
 */
export class Staleness {
  private baseline: number[] = [];
  cumulative = 0;
  now = 0;

  /** Another version is in service. */
  begin(): void {
    this.baseline = [];
    this.cumulative = 0;
    this.now = 0;
  }

  /** Labels of one step have arrived: the mean cost of an individual, and for how many of them it stands. */
  arrive(cost: number, individuals: number, baseline: number): void {
    if (!Number.isFinite(cost)) return;
    if (this.baseline.length < baseline) {
      this.baseline.push(cost);
      return;
    }
    const before = this.baseline.reduce((sum, x) => sum + x, 0) / this.baseline.length;
    this.now = individuals * (cost - before);
    this.cumulative += Math.max(0, this.now);
  }
}
