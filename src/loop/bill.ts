/** What a run has cost, by kind: at this step, and so far. */
import { finite, type StepRecord } from './trace.js';

const KINDS = ['error', 'label', 'retrain', 'deploy', 'alarm'] as const;
export type CostKind = (typeof KINDS)[number];

/** Kinds that are in the trace only where the scenario prices them. */
export type Priced = Readonly<Record<'deploy' | 'alarm', number>>;

type Sums = Record<CostKind, number>;
const nothing = (): Sums => ({ error: 0, label: 0, retrain: 0, deploy: 0, alarm: 0 });

export class Bill {
  private now = nothing();
  private readonly soFar = nothing();

  add(kind: CostKind, amount: number): void {
    this.now[kind] += amount;
    this.soFar[kind] += amount;
  }

  /**
   * The costs for the record of a step, after which the next one begins. What is trained at the end of a step is on the bill
   * of the next.
   */
  close(prices: Priced): Required<Pick<StepRecord, 'costs' | 'cost'>> {
    const record = { costs: told(this.soFar, prices), cost: told(this.now, prices) };
    this.now = nothing();
    return record;
  }
}

const told = (sums: Sums, prices: Priced): StepRecord['costs'] =>
  Object.fromEntries([
    ...KINDS.filter((kind) => (kind !== 'deploy' && kind !== 'alarm') || prices[kind] !== 0).map((kind) => [
      kind,
      finite(sums[kind]),
    ]),
    ['total', finite(KINDS.reduce((sum, kind) => sum + sums[kind], 0))],
  ]);
