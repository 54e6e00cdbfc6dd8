import { describe, expect, it } from 'vitest';
import { Stream } from '../../src/core/random/index.js';
import { aciBound } from '../../src/learn/uncertainty/adaptive-conformal.js';
import type { StepRecord } from '../../src/loop/trace.js';
import { calibrationErrors } from '../../src/watch/metrics/index.js';
import { parse, records, stepsOf } from '../support/scenario.js';

/** A scenario at random: its seed, size, drift, learner, retraining, delay and records. */
function randomScenario(seed: number) {
  const stream = new Stream({ seed, replicate: 0, component: 'scenario', step: 0 });
  const pick = <T>(options: readonly T[]): T => options[Math.floor(stream.uniform() * options.length)];
  const gamma = pick([0.005, 0.05, 0.3, 1]);
  const level = pick([0.5, 0.8, 0.9, 0.99]);
  const delay = pick([0, 0, 0, 1, 4]);
  const steps = 20 + Math.floor(stream.uniform() * 60);
  const drift = pick([
    '0',
    '10 * step(t, 10)',
    'x * ramp(t, 0, 40)',
    '100 * t',
    'if(t % 2 == 0, 1000, 0)',
    'normal(0, 1 + t)',
    '1 / max(1e-9, x)',
  ]);
  const learner = pick([
    'learner: mean',
    'learner: linear, features: [x]',
    'learner: linear, features: [x], l2: 1',
    'learner: polynomial, features: [x], degree: 3',
    'learner: theil-sen, features: [x]',
  ]);
  const options = pick([
    '',
    ', recent: 0',
    ', recent: 30',
    ', scale: learned',
    ', scale: "1 + abs(seen.x)"',
    ', ratio: "exp(seen.x)"',
  ]);
  const text = `
name: at random
seed: ${seed}
steps: ${steps}
population: { size: ${pick([1, 5, 60])}, turnover: ${pick([0, 0.3, 1])}, fields: { x: "${pick(['normal(0, 1)', 'exponential(2)', 'poisson(1)'])}" } }
outcome: { field: y, value: "2 * x + normal(0, 1) + ${drift}" }
lab: { size: ${pick([3, 10, 200])} }
models: { m: { ${learner}, uncertainty: { kind: adaptive, gamma: ${gamma}, level: ${level}, calibrate: ${pick([0.1, 0.5, 0.9])}${options} } } }
collect: [{ name: some, delay: ${delay}, only: "${pick(['1', '1', 'x > 0', 'm > 1', 't % 3 == 0'])}" }]
retrain: { when: ${pick(['never', '{ every: 1 }', '{ every: 7 }'])}, window: { last: 5 } }
`;
  return { text, gamma, level, delay };
}

/** The miss of each update, and alpha_{t+1} after it. */
const updates = (steps: readonly StepRecord[]): { misses: number[]; alpha: number } => ({
  misses: steps.flatMap(({ observed: { coverage } }) => (coverage == null ? [] : [1 - coverage])),
  alpha: steps.at(-1)?.models.m.alpha ?? Number.NaN,
});

describe('adaptive intervals', () => {
  it('keep their promise in 200 scenarios at random, to the last digit', async () => {
    let checked = 0;
    for (let seed = 1; checked < 200; seed++) {
      const { delay, gamma, level, text } = randomScenario(seed);
      const { alpha, misses } = updates(stepsOf(records(await parse(text))));
      const T = misses.length;
      // Nothing was recorded: nothing was promised.
      if (T === 0) continue;
      checked++;
      const target = 1 - level;
      const mean = misses.reduce((sum, miss) => sum + miss, 0) / T;
      expect(Math.abs(mean - target), text).toBeLessThanOrEqual(aciBound(target, gamma, T, delay));
      expect(Math.abs(mean - (target + (target - alpha) / (gamma * T))), text).toBeLessThan(1e-12);
    }
  }, 60_000);

  const WIDE = `
name: wide
steps: 40
population: { size: 50, fields: { x: "normal(0, 1)" } }
outcome: { field: y, value: "x + normal(0, 1 + 9 * step(t, 10))" }
lab: { size: 500 }
models: { m: { learner: linear, features: [x], uncertainty: { kind: adaptive, gamma: 0.1 } } }
decide: { abstain: m.upper - m.lower > 20 }
measure: { abstaining: share(abstain), alpha: m.alpha }
slices: [abstain]
`;

  it('widen after misses, and formulas see how wide they are', async () => {
    const steps = stepsOf(records(await parse(WIDE.replace('slices: [abstain]\n', ''))));
    expect(steps[9].measure.abstaining).toBe(0);
    expect(steps[39].measure.abstaining).toBe(1);
    expect(steps[39].actual.coverage).toBeGreaterThan(0.8);
    // What formulas see at a step is what was in force; the trace has what the next step begins with.
    for (let t = 1; t < 40; t++) expect(steps[t].measure.alpha).toBe(steps[t - 1].models.m.alpha);
  });

  it('may be the whole line: its width does not exist in the trace, and formulas take it as wider than anything', async () => {
    const steps = stepsOf(
      records(await parse(WIDE.replace('gamma: 0.1', 'gamma: 1, recent: 0').replace('slices: [abstain]\n', ''))),
    );
    const whole = steps.filter(({ actual }) => actual.unbounded === 1);
    expect(whole.length).toBeGreaterThan(2);
    for (const { actual, measure } of whole) {
      expect(actual).toMatchObject({ coverage: 1, width: null, winkler: null });
      expect(measure.abstaining).toBe(1);
    }
  });
});

describe('what a scenario says of intervals', () => {
  const PEOPLE = `
name: people
steps: 2
population: { size: 200, fields: { x: "normal(0, 1)", z: { probability: 0.5 } } }
outcome: { field: y, value: "x + normal(0, 1)" }
`;
  const wrong = (rest: string) => expect(parse(`${PEOPLE}${rest}`)).rejects;
  const model = (rest: string) => `models: { m: { learner: linear, features: [x], ${rest} } }\n`;

  it.each([
    ['uncertainty: { kind: bayesan }', /bayesan.*not known/],
    ['uncertainty: { kind: adaptive, gama: 0.1 }', /unknown key `gama`/],
    ['uncertainty: { kind: conformal, ratio: exp(seen.w) }', /unknown name `seen.w`/],
    ['uncertainty: { kind: conformal, ratio: y }', /not yet happened/],
    ['calibration: true', /a reliability table is of probabilities/],
    ['refit: step, uncertainty: { kind: bayesian }', /one gradient step has no posterior/],
  ])('is checked: %s', (rest, message) => wrong(model(rest)).toThrow(message));

  it('is checked for learners and nodes that cannot have them', async () => {
    await wrong('models: { m: { learner: theil-sen, features: [x], uncertainty: { kind: bootstrap } } }').toThrow(
      /takes no weights/,
    );
    await wrong('models: { m: { learner: polynomial, features: [x], uncertainty: { kind: bayesian } } }').toThrow(
      /no posterior/,
    );
    const nodes = 'name: n\npopulation: { nodes: { x: gauss-hermite 3 } }\noutcome: { field: y, value: x }\n';
    await expect(parse(nodes + model('uncertainty: { kind: conformal }'))).rejects.toThrow(/needs draws/);
  });

  it('has each spread as a column where it is each individual’s own, and as a number elsewhere', async () => {
    const wide = 'measure: { low: min(m.sd), high: max(m.sd) }\n';
    for (const kind of ['bayesian', 'bootstrap']) {
      const [step] = stepsOf(records(await parse(PEOPLE + model(`uncertainty: { kind: ${kind} }`) + wide)));
      expect(step.measure.high).toBeGreaterThan(step.measure.low ?? Number.NaN);
    }
    const [step] = stepsOf(
      records(await parse(`${PEOPLE}${model('level: 0.8')}measure: { sd: m.sd, level: m.level }\n`)),
    );
    expect(step.measure.sd).toBe(step.models.m.sd);
    expect(step.measure.level).toBe(0.8);
  });

  it('calibrates a version that was given on all of the lab', async () => {
    const given = 'start: { coefficients: { x: 1 } }, uncertainty: { kind: conformal, calibrate: 0.1 }';
    const [step] = stepsOf(records(await parse(`${PEOPLE}lab: { size: 4000, holdout: 0 }\n${model(given)}`)));
    // 3.29 is the width of the central 0.9 of a normal: its sd at n = 4000 is about 0.04.
    expect(Math.abs((step.actual.width ?? 0) - 3.29)).toBeLessThan(0.25);
  });

  it('is the residual normal unless it says otherwise', async () => {
    const asks = 'expect: [{ that: final(actual.coverage) > 0, because: of it }]\n';
    const plain = stepsOf(records(await parse(PEOPLE + model('level: 0.8') + asks)));
    const said = stepsOf(records(await parse(PEOPLE + model('uncertainty: { kind: residual, level: 0.8 }') + asks)));
    expect(said).toEqual(plain);
  });

  it('has the reliability table from the three vantage points', async () => {
    const binary = `
name: binary
steps: 4
population: { size: 3000, fields: { x: "normal(0, 1)" } }
outcome: { field: y, probability: "sigmoid(x + step(t, 3))" }
models: { m: { learner: logistic, features: [x], calibration: true } }
collect: [{ name: late, delay: 1 }]
expect: [{ that: final(m.reliability.actual.bin5.frequency) > final(m.reliability.observed.bin5.frequency), because: drift }]
`;
    const loaded = await parse(binary);
    const steps = stepsOf(records(loaded));
    const { actual, lab, observed } = steps[3].models.m.reliability ?? {};
    expect(Object.keys(actual ?? {})).toEqual(Array.from({ length: 10 }, (_, k) => `bin${k + 1}`));
    expect((actual?.bin5.frequency ?? 0) - (observed?.bin5.frequency ?? 1)).toBeGreaterThan(0.15);
    expect(Object.values(lab ?? {}).reduce((sum, { weight }) => sum + weight, 0)).toBeGreaterThan(200);
    expect(steps[0].models.m.reliability?.observed.bin5).toEqual({ mean: null, frequency: null, weight: 0 });
    for (const vantage of ['lab', 'observed', 'actual'] as const) {
      const { ece, mce, rmsce } = calibrationErrors(steps[3].models.m.reliability?.[vantage] ?? {});
      expect(steps[3][vantage]).toMatchObject({ mce, rmsce });
      expect(steps[3][vantage].ece).toBeCloseTo(ece ?? Number.NaN, 12);
      expect(loaded.readers.get(`m.${vantage}.mce`)?.(steps[3])).toBe(mce);
    }
    expect(steps[0].observed.mce).toBeNull();
    const [plain] = stepsOf(records(await parse(binary.replace(', calibration: true', '').replace(/^expect.*$/m, ''))));
    expect(plain.actual).not.toHaveProperty('mce');
  });
});
