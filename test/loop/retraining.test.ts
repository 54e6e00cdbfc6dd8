/** Windows, gates, trials and costs in a run. */
import { describe, expect, it } from 'vitest';
import type { EventRecord, TraceRecord } from '../../src/loop/trace.js';
import { hashOf, parse, records, stepsOf } from '../support/scenario.js';

/** y = slope x + noise; the slope is 1 in the lab, and turns to -1 at step 10. */
const TURN = `
name: a turn
steps: 30
population: { size: 1000, fields: { x: "normal(0, 1)" } }
outcome: { field: y, value: "(1 - 2 * step(t, 10)) * x + normal(0, 1)" }
lab: { size: 4000 }
models: { m: { learner: linear, features: [x] } }
`;
const run = async (policy: string, of = TURN): Promise<TraceRecord[]> => records(await parse(`${of}\n${policy}`));
const slopes = (all: readonly TraceRecord[]) => stepsOf(all).map(({ models }) => models.m.coef?.x ?? Number.NaN);
const versions = (all: readonly TraceRecord[]) => stepsOf(all).map(({ models }) => models.m.version);
const told = (all: readonly TraceRecord[], kind: EventRecord['kind']) =>
  all
    .filter((r): r is EventRecord => r.type === 'event' && r.kind === kind)
    .map(({ message, t }) => `${t}: ${message}`);

describe('a window', () => {
  it('may have the lab beside the last steps', async () => {
    // 4,000 rows of the lab (three quarters of them learnt from) with slope 1, 1,000 of the last step with slope -1.
    const all = await run('retrain: { when: { at: [20] }, window: { last: 1, lab: true } }');
    expect(slopes(all)[21]).toBeCloseTo((3000 - 1000) / 4000, 1);
  });

  it('may forget by half-lives', async () => {
    const all = await run('retrain: { when: { at: [19] }, window: { halfLife: 5 } }');
    // Steps 10 to 19 weigh 1 - 2^-2 of all steps ever (a geometric sum), and the lab as much as three steps of its time.
    const [q, lab] = [2 ** (-1 / 5), 3 * 2 ** (-20 / 5)];
    const after = (1 - q ** 10) / (1 - q);
    const before = (q ** 10 - q ** 20) / (1 - q) + lab;
    expect(slopes(all)[20]).toBeCloseTo((before - after) / (before + after), 1);
  });

  it('may be a reservoir of everything', async () => {
    const all = await run('retrain: { when: { at: [29] }, window: { reservoir: 2000 } }', TURN.replace('30', '31'));
    // 13 parts of slope 1 (the lab counts three) to 20 of slope -1; the share of 2,000 drawn has a standard error of 0.011.
    const expected = (13 - 20) / 33;
    const error = 2 * Math.sqrt((13 * 20) / 33 ** 2 / 2000) + 1 / Math.sqrt(2000);
    expect(Math.abs(slopes(all)[30] - expected)).toBeLessThan(4 * error);
  });

  it('is refused where the learner takes no weights', async () => {
    const loaded = parse(`${TURN.replace('linear', 'theil-sen')}\nretrain: { window: { halfLife: 5 } }`);
    await expect(loaded).rejects.toThrow(/takes no weights/);
  });
});

describe('a trigger', () => {
  it('on a metric acts when the labels have told, and not before', async () => {
    const policy = 'retrain: { when: { metric: rmse, above: 1.5 }, window: { last: 1 } }';
    expect(told(await run(policy), 'deploy')).toEqual(['11: version 2 is deployed']);
    const late = `${policy.replace('last: 1', 'last: 5')}\ncollect: [{ name: late, delay: 4 }]`;
    expect(told(await run(late), 'deploy')[0]).toBe('15: version 2 is deployed');
  });

  it('compares a metric with what the lab said to begin with', async () => {
    const policy = 'retrain: { when: { metric: rmse, deviation: 0.5, of: 20 }, window: { last: 1 } }';
    expect(told(await run(policy), 'deploy')).toEqual(['11: version 2 is deployed']);
  });

  it('on a metric of intervals has intervals, and on one of asymmetry has that', async () => {
    for (const when of ['{ metric: coverage, below: 0.8 }', '{ metric: over, above: 0.8 }'])
      expect(told(await run(`retrain: { when: ${when}, window: { last: 1 } }`), 'deploy')[0]).toBe(
        '11: version 2 is deployed',
      );
  });

  it('on staleness waits until it has cost as much as a training does', async () => {
    // After the turn the squared error is 5 instead of 1: 1,000 people lose 4,000 a step.
    const costs = (price: number) => `costs: { error: (y - m) ^ 2, retrain: ${price} }`;
    const when = 'retrain: { when: { staleness: cumulative, baseline: 5 }, window: { last: 1 } }';
    expect(told(await run(`${when}\n${costs(2000)}`), 'deploy')[0]).toBe('11: version 2 is deployed');
    expect(told(await run(`${when}\n${costs(10_000)}`), 'deploy')[0]).toBe('13: version 2 is deployed');
    const now = when.replace('cumulative', 'now, horizon: 10');
    expect(told(await run(`${now}\n${costs(30_000)}`), 'deploy')[0]).toBe('11: version 2 is deployed');
    expect(told(await run(`${now}\n${costs(60_000)}`), 'deploy')).toEqual([]);
  });

  it('on staleness is refused where no cost is said', async () => {
    const loaded = parse(`${TURN}\nretrain: { when: { staleness: cumulative } }`);
    await expect(loaded).rejects.toThrow(/what errors cost is not said/);
  });

  it('on a metric that the model does not have names those it has', async () => {
    const loaded = parse(`${TURN}\nretrain: { when: { metric: rmsee, above: 1 } }`);
    await expect(loaded).rejects.toMatchObject({ diagnostics: [{ nearest: 'rmse' }] });
  });
});

describe('a gate', () => {
  it('lets a challenger through that beats the champion on rows that neither has learnt from', async () => {
    const all = await run(
      'retrain: { when: { at: [5, 12] }, window: { last: 2 }, gate: { holdout: 0.3, confidence: 0.99 } }',
    );
    // At step 5 nothing has changed: the challenger, of fewer rows, is not surely better.
    expect(told(all, 'kept')).toEqual([
      expect.stringMatching(/^5: it does not beat the version in service: a squared error/),
    ]);
    expect(told(all, 'deploy')).toEqual(['13: version 2 is deployed']);
    expect(slopes(all)[13]).toBeCloseTo(-1, 1);
  });

  it('costs a training either way', async () => {
    const all = await run(
      'retrain: { when: { at: [5, 12] }, window: { last: 2 }, gate: { holdout: 0.3, confidence: 0.99 } }\ncosts: { retrain: 7, deploy: 5 }',
    );
    expect(stepsOf(all).at(-1)?.costs).toMatchObject({ retrain: 14, deploy: 5, total: 19 });
  });

  it('keeps the old version where nothing is held out to judge by', async () => {
    const all = await run(
      'retrain: { when: { at: [0] }, gate: { holdout: 0.5 } }\ncollect: [{ name: late, delay: 3 }]',
    );
    expect(told(all, 'kept')).toEqual(['0: no row is held out to judge it by: the old version is kept']);
  });
});

describe('a trial', () => {
  it('in the shadow serves nobody until it has shown that it is better', async () => {
    const all = await run('retrain: { when: { at: [12] }, window: { last: 1 }, deploy: { shadow: 3 } }');
    expect(told(all, 'trial')).toEqual(['13: version 2 only watches']);
    expect(told(all, 'deploy')).toEqual([
      expect.stringMatching(/^16: version 2 is deployed: a squared error of .* on 3000 labels$/),
    ]);
    expect(versions(all).slice(15, 17)).toEqual([1, 2]);
  });

  it('is lost by a version that is worse', async () => {
    const all = await run(
      'retrain: { when: { at: [5] }, window: { last: 1 }, deploy: { shadow: 3, confidence: 0.99 } }',
    );
    expect(told(all, 'kept')).toEqual([
      expect.stringMatching(/^9: version 2 does not replace version 1: a squared error/),
    ]);
    expect(told(all, 'deploy')).toEqual([]);
  });

  it('waits for labels that are late', async () => {
    const all = await run(
      'retrain: { when: { at: [16] }, window: { last: 5 }, deploy: { shadow: 3 } }\ncollect: [{ name: late, delay: 4 }]',
    );
    // It watches from step 17; the labels of steps 17, 18 and 19 are there at the end of step 23.
    expect(told(all, 'deploy')).toEqual([expect.stringMatching(/^24: version 2/)]);
  });

  it('as a canary serves a share, and what they meet is what it says', async () => {
    const policy = 'retrain: { when: { at: [12] }, window: { last: 1 }, deploy: { canary: { share: 0.2, steps: 3 } } }';
    const all = await run(`${policy}\nmeasure: { agreement: "mean(sign(m) == sign(x))" }`);
    expect(told(all, 'trial')).toEqual(['13: version 2 serves 20 %']);
    expect(told(all, 'deploy')).toEqual([expect.stringMatching(/^16: version 2 is deployed/)]);
    const agreement = stepsOf(all).map(({ measure }) => measure.agreement ?? Number.NaN);
    // The old version says what has the sign of x, the new one the opposite.
    expect(agreement[12]).toBeGreaterThan(0.95);
    for (const t of [13, 14, 15]) expect(Math.abs(agreement[t] - 0.8)).toBeLessThan(0.05 + 4 * Math.sqrt(0.16 / 1000));
    expect(agreement[16]).toBeLessThan(0.05);
  });

  it('of intervals gives those whom it serves its own', async () => {
    const policy =
      'retrain: { when: { at: [12] }, window: { last: 1 }, deploy: { canary: { share: 0.5, steps: 20 } } }';
    const all = await run(`${policy}\nmeasure: { inside: "mean(m.lower <= m and m <= m.upper)" }`);
    expect(stepsOf(all)[14].measure.inside).toBe(1);
  });

  it('goes on beside the new version, which a rollback takes out again', async () => {
    // The labels of steps 10 to 12 are wrong: what is learnt from them is worse than what was there.
    const wrong = TURN.replace('step(t, 10)', '0');
    const collect = 'collect: [{ name: a bad batch, field: y, becomes: -x, from: 10, to: 13 }]';
    const policy = 'retrain: { when: { at: [12] }, window: { last: 3 }, deploy: { rollback: 2 } }';
    const all = await run(`${policy}\n${collect}`, wrong);
    expect(told(all, 'rollback')).toEqual([expect.stringMatching(/^15: version 1 comes back: a squared error/)]);
    expect(versions(all).slice(12, 16)).toEqual([1, 2, 2, 1]);
    expect(slopes(all)[15]).toBe(slopes(all)[0]);
  });

  it('leaves a better version in place', async () => {
    const all = await run('retrain: { when: { at: [12] }, window: { last: 1 }, deploy: { rollback: 2 } }');
    expect(told(all, 'rollback')).toEqual([]);
    expect(versions(all).at(-1)).toBe(2);
  });

  it('is one thing at a time', async () => {
    const loaded = parse(`${TURN}\nretrain: { deploy: { shadow: 2, canary: { share: 0.1, steps: 3 } } }`);
    await expect(loaded).rejects.toThrow(/tried in one way/);
  });

  it('changes no draw of anything else', async () => {
    const plain = await run('retrain: { when: { at: [12] }, window: { last: 2 } }');
    const tried = await run(
      'retrain: { when: { at: [12] }, window: { last: 2 }, deploy: { canary: { share: 0.2, steps: 3 } } }',
    );
    const people = (all: readonly TraceRecord[]) => stepsOf(all).map(({ population }) => population);
    expect(people(tried)).toEqual(people(plain));
    expect(hashOf(tried)).not.toBe(hashOf(plain));
  });
});

describe('restraint', () => {
  it('is a number of trainings and a time between them', async () => {
    const all = await run('retrain: { when: { every: 1 }, cool: 4, budget: 3, window: { last: 2 } }');
    expect(versions(all).at(-1)).toBe(4);
    expect(
      stepsOf(all)
        .filter(({ models }) => models.m.gap !== null)
        .map(({ t }) => t),
    ).toEqual([0, 5, 10]);
  });
});

it('what is drawn is refused over nodes', async () => {
  const nodes = TURN.replace('size: 1000, fields: { x: "normal(0, 1)" }', 'nodes: { x: gauss-hermite 20 }');
  const policy =
    'retrain: { window: { reservoir: 10 }, gate: { holdout: 0.2 }, deploy: { canary: { share: 0.1, steps: 3 } } }';
  const sums = await parse(`${nodes.replace('normal(0, 1)', '0')}\n${policy}`).catch((error) => error.diagnostics);
  expect(sums).toHaveLength(3);
});
