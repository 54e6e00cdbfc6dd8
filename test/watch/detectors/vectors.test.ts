/** Every detector against its reference vectors: alarms and warnings exactly, statistics to 1e-9. */
import { describe, expect, it } from 'vitest';
import {
  type Choose,
  createDetector,
  type Detector,
  type DetectorOptions,
  type Level,
} from '../../../src/watch/detectors/index.js';
import { missing } from '../../support/shared.js';
import { camel, type VectorCase, vectorCases, vectorColumns } from '../../support/vectors.js';

const NAMES: Record<string, DetectorOptions['detector']> = {
  page_hinkley: 'page-hinkley',
  cusum: 'cusum',
  ewma: 'ewma',
  gma: 'gma',
  shewhart: 'shewhart',
  ecdd: 'ecdd',
  ddm: 'ddm',
  eddm: 'eddm',
  hddm_a: 'hddm-a',
  hddm_w: 'hddm-w',
  adwin: 'adwin',
};

const made = (name: string, params: Readonly<Record<string, unknown>>, role: string): Detector =>
  createDetector({
    ...camel(params),
    ...(name === 'adwin' ? { reset: role === 'canonical:no-reset' ? 'tail' : 'full' } : {}),
    detector: NAMES[name],
  } as unknown as DetectorOptions);

/** Where it stood at each level; `look` sees the detector after each value. */
function run(detector: Detector, xs: Float64Array, look?: (t: number) => void): Record<Level, number[]> {
  const found: Record<Level, number[]> = { none: [], warning: [], alarm: [] };
  xs.forEach((x, t) => {
    found[detector.update(x)].push(t);
    look?.(t);
  });
  return found;
}

/** What a trace of the reference is called in our memory. */
const TRACED: Record<string, (m: Record<string, number>) => number> = {
  S_plus: (m) => m.plus,
  S_minus: (m) => m.minus,
  test_increase: (m) => m.up - m.lowest,
  test_decrease: (m) => m.highest - m.down,
  p: (m) => m.p,
  z: (m) => m.z,
  estimation: (m) => m.total / m.width,
  width: (m) => m.width,
  variance: (m) => m.variance / m.width,
  ewma_total: (m) => m.total,
};

const canonical = ({ role }: VectorCase): boolean =>
  role.startsWith('canonical') || role.startsWith('GMA') || role === 'shewhart';
const nameOf = (folder: string, { role }: VectorCase): string =>
  role.startsWith('GMA') ? 'gma' : role === 'shewhart' ? 'shewhart' : folder;

for (const folder of Object.keys(NAMES).filter((name) => name !== 'gma' && name !== 'shewhart')) {
  describe.skipIf(missing(`vectors/${folder}/expected.json`))(folder, () => {
    const there = !missing(`vectors/${folder}/expected.json`);
    const columns = there ? vectorColumns(folder) : {};
    it.each(there ? vectorCases(folder).filter(canonical) : [])('$id ($role)', (one) => {
      const detector = made(nameOf(folder, one), one.params, one.role);
      const seen = Object.fromEntries(Object.keys(one.trace ?? {}).map((name) => [name, new Map<number, number>()]));
      const alarms = new Set<number>();
      const { alarm, warning } = run(detector, columns[one.stream ?? ''], (t) => {
        for (const [name, { t: steps }] of Object.entries(one.trace ?? {})) {
          if (t % (steps[1] - steps[0]) !== 0) continue;
          seen[name].set(t, TRACED[name](detector.state().memory as Record<string, number>));
        }
        if (detector.state().spent) alarms.add(t);
      });
      expect(alarm).toEqual(one.alarms);
      if (one.warnings !== undefined) expect(warning).toEqual(one.warnings);
      for (const [name, { t: steps, v }] of Object.entries(one.trace ?? {})) {
        const tolerance = name === 'variance' ? 1e-7 : 1e-9;
        steps.forEach((t, k) => {
          // The reference has forgotten at an alarm already (-1: empty).
          if (alarms.has(t) && v[k] === -1) return;
          const value = seen[name].get(t) ?? Number.NaN;
          expect(Math.abs(value - v[k]), `${name} at ${t}: ${value} for ${v[k]}`).toBeLessThanOrEqual(
            tolerance * Math.max(1, Math.abs(v[k])),
          );
        });
      }
    });
  });
}

describe.skipIf(missing('vectors/kswin/expected.json'))('kswin', () => {
  const there = !missing('vectors/kswin/expected.json');
  it.each(there ? vectorCases('kswin') : [])('$id, with the draws of the reference', (one) => {
    const draws = new Map(one.draws?.map(([t, positions, p]) => [t, { positions, p }]));
    let now = 0;
    const choose: Choose = (out) => out.set((draws.get(now)?.positions ?? '').split(' ').map(Number));
    const { seed: _, ...params } = camel(one.params);
    const detector = createDetector({ ...params, choose, detector: 'kswin' });
    const alarms: number[] = [];
    vectorColumns('kswin')[one.stream ?? ''].forEach((x, t) => {
      now = t;
      if (detector.update(x) === 'alarm') alarms.push(t);
      const p = draws.get(t)?.p;
      if (p !== undefined) expect(Math.abs(detector.statistic / p - 1)).toBeLessThan(1e-8);
    });
    expect(alarms).toEqual(one.alarms);
  });
});

describe.skipIf(missing('vectors/published/expected.json'))('what the libraries assert in their own tests', () => {
  const there = !missing('vectors/published/expected.json');
  const columns = there ? vectorColumns('published') : {};
  it.each(
    (there ? vectorCases('published') : []).filter(
      ({ role }) => role.startsWith('canonical') || role === 'variant (GMA)',
    ),
  )('$id', ({ alarms, detector, params, role, stream }) => {
    expect(run(made(detector ?? '', params, role), columns[stream ?? '']).alarm).toEqual(alarms);
  });
});
