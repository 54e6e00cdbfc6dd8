import { describe, expect, it } from 'vitest';
import { costForecast } from '../../src/retrain/cost-forecast.js';
import { IncorporationLatency } from '../../src/retrain/incorporation-latency.js';
import {
  type LabelledPolicy,
  oracleSchedule,
  periodicSchedule,
  policySchedule,
  scheduleCost,
} from '../../src/retrain/schedule.js';
import { missing, vector } from '../support/shared.js';
import { type VectorCase, vectorCases } from '../support/vectors.js';

const noPolicies = missing('vectors/retrain_policy/expected.json');
const noTriggers = missing('vectors/retrain_triggers/expected.json');

describe('schedules', () => {
  it.skipIf(noPolicies).each(noPolicies ? [] : vectorCases('retrain_policy'))('$id', ({ params, result }) => {
    const pe = (params.pe as string[]).map((row) => row.split(' ').map(Number));
    const cost = { retrain: params.retrain_cost as number, lag: params.deploy_latency as number };
    const expected = result as {
      oracle_schedule: number[];
      oracle_cost: number;
      never_cost: number;
      every_step_cost: number;
      periodic: { interval: number; schedule: number[]; cost: number }[];
      policies: {
        policy: LabelledPolicy['policy'];
        tau: number;
        label_delay: number;
        schedule: number[];
        cost: number;
      }[];
      regret: { policy: string; regret: number }[];
    };
    const oracle = oracleSchedule(pe, cost);
    expect(oracle.schedule).toEqual(expected.oracle_schedule);
    expect(oracle.cost).toBeCloseTo(expected.oracle_cost, 9);
    expect(scheduleCost(pe, oracle.schedule, cost)).toBeCloseTo(oracle.cost, 9);
    expect(scheduleCost(pe, [], cost)).toBeCloseTo(expected.never_cost, 9);
    expect(scheduleCost(pe, periodicSchedule(pe.length, 1), cost)).toBeCloseTo(expected.every_step_cost, 9);
    for (const one of expected.periodic) {
      const schedule = periodicSchedule(pe.length, one.interval);
      expect(schedule).toEqual(one.schedule);
      expect(scheduleCost(pe, schedule, cost)).toBeCloseTo(one.cost, 9);
    }
    for (const one of expected.policies) {
      const { label_delay: labelDelay, policy, tau } = one;
      const schedule = policySchedule(pe, { policy, tau, labelDelay }, cost.lag);
      expect(schedule, JSON.stringify(one)).toEqual(one.schedule);
      expect(scheduleCost(pe, schedule, cost)).toBeCloseTo(one.cost, 9);
    }
    for (const { policy, regret } of expected.regret) {
      const interval = /^periodic-(\d+)$/.exec(policy)?.[1];
      const schedule = interval === undefined ? [] : periodicSchedule(pe.length, Number(interval));
      expect(scheduleCost(pe, schedule, cost) - oracle.cost).toBeCloseTo(regret, 9);
    }
  });

  it('retrains at the jump, where that pays', () => {
    // Model 0 is worthless from step 2 on; one trained then is good.
    const pe = [
      [0, 0, 1, 1, 1],
      [0, 0, 1, 1, 1],
      [0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0],
    ];
    expect(oracleSchedule(pe, { retrain: 0.5, lag: 0 })).toEqual({ schedule: [2], cost: 0.5 });
    expect(oracleSchedule(pe, { retrain: 0.5, lag: 1 })).toEqual({ schedule: [2], cost: 1.5 });
    expect(oracleSchedule(pe, { retrain: 4, lag: 0 })).toEqual({ schedule: [], cost: 3 });
  });
});

const trigger = (id: string): VectorCase => vectorCases('retrain_triggers').find((one) => one.id === id) as VectorCase;

describe('cost', () => {
  it.skipIf(noTriggers)('of waiting is the area under the regret', () => {
    const { duration, regret } = trigger('latency-auc').params as {
      duration: number[];
      regret: number[];
    };
    const latency = new IncorporationLatency();
    const found = regret.map((one, k) => latency.add(one, duration[k]));
    expect(found).toEqual((vector('retrain_triggers', 'latency-auc') as { cumulative: number[] }).cumulative);
    const points = trigger('latency-points');
    const {
      batch1,
      batch2,
      duration: each,
    } = points.params as {
      batch1: [number, number][];
      batch2: [number, number][];
      duration: number;
    };
    latency.reset();
    expect(latency.addAt(batch1, 0, each)).toBe((points.result as Record<string, number>).after1);
    expect(latency.addAt(batch2, each, each)).toBe((points.result as Record<string, number>).after2);
  });

  it.skipIf(noTriggers)('of training is forecast by ridge regression', () => {
    const one = trigger('cost-ridge');
    const { observations, query, window } = one.params as {
      observations: [number, number][];
      query: number[];
      window: number;
    };
    const forecast = costForecast(observations, { window });
    const expected = (one.result as { forecast: number[] }).forecast;
    expect(query.map((rows) => forecast(rows).toFixed(9))).toEqual(expected.map((cost) => cost.toFixed(9)));
  });

  it('of two equal batches is a triangle and a block; the forecast passes through the mean', () => {
    const latency = new IncorporationLatency();
    expect([latency.add(2, 10), latency.add(0, 10)]).toEqual([10, 30]);
    expect(
      costForecast([
        [1, 2],
        [3, 6],
      ])(2),
    ).toBe(4);
  });
});
