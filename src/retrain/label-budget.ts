/**
 * How many labels a policy buys: of the rows that are recorded at a step, so many at most, and so many in the whole run. Where
 * more are recorded than it may buy, each is as likely to be bought as any other; what is not bought has no label for anybody:
 * it is neither learnt from, nor on the dashboard, nor seen by monitors, nor paid for.
 *
 * With n rows recorded at a step, `b` labels bought before it and budgets `run` and `step`:
 * `bought = min(n, step, run - b)`, and each row's chance is `bought / n`.
 *
 * Source: Knuth (1997), "The Art of Computer Programming", volume 2, third edition, section 3.4.2, algorithm S (selection sampling).
 */
export interface LabelBudget {
  /** Labels in the whole run; null: as many as there are. */
  readonly run: number | null;
  /** Labels of each step; null: as many as there are. */
  readonly step: number | null;
}

/** How many more labels may be bought at this step. */
export const affordable = ({ run, step }: LabelBudget, bought: number): number =>
  Math.max(0, Math.min(step ?? Number.POSITIVE_INFINITY, (run ?? Number.POSITIVE_INFINITY) - bought));

/** The labels that a model has bought. */
export class Purchases {
  private bought = 0;

  /**
   * Buys labels of rows that have one and weight (null: all weigh 1). `out` gets the weights of the rows bought, 0 elsewhere;
   * `uniform` is drawn from only where some must be left out. Returns whether some were.
   */
  buy(
    budget: LabelBudget,
    label: Float64Array,
    weights: Float64Array | null,
    out: Float64Array,
    uniform: () => number,
  ): boolean {
    const has = (i: number) => Number.isFinite(label[i]) && (weights === null || weights[i] > 0);
    let left = 0;
    for (let i = 0; i < label.length; i++) if (has(i)) left++;
    let wanted = Math.min(left, affordable(budget, this.bought));
    this.bought += wanted;
    if (wanted === left) return false;
    for (let i = 0; i < label.length; i++) {
      out[i] = 0;
      if (!has(i)) continue;
      if (wanted > 0 && uniform() * left < wanted) {
        out[i] = weights === null ? 1 : weights[i];
        wanted--;
      }
      left--;
    }
    return true;
  }

  /** Whether nothing is left of the budget for the run. */
  isSpent({ run }: LabelBudget): boolean {
    return run !== null && this.bought >= run;
  }
}
