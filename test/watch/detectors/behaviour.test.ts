/** How often detectors alarm in a world that stands still, and how soon once it has moved: against simulated references. */
import { describe, expect, it } from 'vitest';
import { fillNormal, fillUniform, Stream } from '../../../src/core/random/index.js';
import { createDetector, type DetectorOptions } from '../../../src/watch/detectors/index.js';
import { missing } from '../../support/shared.js';
import { camel, type VectorCase, vectorCases } from '../../support/vectors.js';

const RUNS = 200;

type World = {
  dist: string;
  before: number | number[];
  after: number | number[];
  change_at: number;
  length_stationary: number;
  length_after_change: number;
};
type Behaviour = Record<string, { mean: number; se: number }>;

const first = (x: number | number[]): number => (Array.isArray(x) ? x[0] : x);
const second = (x: number | number[]): number => (Array.isArray(x) ? (x[1] ?? 1) : 1);

/** Values of a run: from `at` on of the world after the change. */
function values(world: World, length: number, at: number, run: number, component: string): Float64Array {
  const out = new Float64Array(length);
  const stream = new Stream({ seed: 11, replicate: run, component, step: 0 });
  const isNormal = world.dist === 'normal';
  (isNormal ? fillNormal : fillUniform)(stream, out, length);
  return out.map((z, t) => {
    const law = t < at ? world.before : world.after;
    return isNormal ? first(law) + second(law) * z : z < first(law) ? 1 : 0;
  });
}

const DETECTORS: Record<string, string> = {
  page_hinkley: 'page-hinkley',
  hddm_a: 'hddm-a',
  hddm_w: 'hddm-w',
};

function alarmsOf({ detector = '', params }: VectorCase, xs: Float64Array): number[] {
  const { resetOnDrift, ...options } = camel(params);
  const made = createDetector({
    ...options,
    ...(detector === 'adwin' ? { reset: resetOnDrift === true ? 'full' : 'tail' } : {}),
    detector: DETECTORS[detector] ?? detector,
  } as unknown as DetectorOptions);
  return [...xs.keys()].filter((t) => made.update(xs[t]) === 'alarm');
}

const there = !missing('vectors/behaviour/expected.json');

describe.skipIf(!there)('alarms in 1,000 steps, and after a change', () => {
  it.each(there ? vectorCases('behaviour') : [])('$id', (one) => {
    const { runs, world } = one as VectorCase & { world: World; runs: number };
    const { change_at: at, length_after_change: after, length_stationary: still } = world;
    const sums = { alarms: 0, any: 0, detected: 0, delay: 0, clean: 0 };
    for (let run = 0; run < RUNS; run++) {
      const quiet = alarmsOf(one, values(world, still, still, run, 'still'));
      sums.alarms += quiet.length;
      if (quiet.length > 0) sums.any++;
      const alarms = alarmsOf(one, values(world, at + after, at, run, 'moved'));
      const caught = alarms.find((t) => t >= at);
      if (caught === undefined) continue;
      sums.detected++;
      sums.delay += caught - at;
      if (alarms[0] >= at) sums.clean++;
    }
    const found: Record<string, number> = {
      false_alarms_per_1000: (sums.alarms / RUNS / still) * 1000,
      p_any_false_alarm_in_2000: sums.any / RUNS,
      p_detect_within_500: sums.detected / RUNS,
      mean_delay_given_detected: sums.delay / sums.detected,
      p_detect_within_500_and_no_alarm_before: sums.clean / RUNS,
    };
    for (const [name, { mean, se }] of Object.entries(one.result as Behaviour)) {
      if (typeof mean !== 'number') continue;
      const isShare = name.startsWith('p_');
      const floor = isShare ? Math.max(se, 1 / runs) : se;
      // The delay is a mean over those that were caught, here as there.
      const own = name === 'mean_delay_given_detected' ? sums.detected : RUNS;
      if (own === 0) continue;
      const limit = 4 * floor * Math.sqrt(1 + runs / own);
      expect(Math.abs(found[name] - mean), `${name}: ${found[name]} for ${mean}`).toBeLessThanOrEqual(limit);
    }
  });
});
