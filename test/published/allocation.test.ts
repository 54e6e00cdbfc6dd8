/** P2a: the shares of many urns have the distribution of Pólya's, which an expectation can only ask for at a few points. */
import { describe, expect, it } from 'vitest';
import { run } from '../../src/loop/simulate.js';
import { scenarioFiles } from '../../src/scenario/gallery.js';
import { loadScenario } from '../../src/scenario/load.js';

const file = (await scenarioFiles()).find((name) => name.endsWith('p2a-urn.yaml')) ?? '';

/** The share of A in each city after 500 days. */
async function shares(set: Record<string, number>): Promise<Float64Array> {
  const { plan } = await loadScenario(file, { set: { steps: 501, ...set } });
  let found = new Float64Array(0);
  const look = ({ frame }: { frame: { column(name: string): Float64Array } }) => {
    found = frame.column('belief').slice();
  };
  for (const record of run(plan, { seed: 1, hash: false, look })) if (record.type === 'end') break;
  return found.sort();
}

/** Kolmogorov's distance between a sample in order and a distribution. */
const distance = (x: Float64Array, cdf: (v: number) => number): number =>
  x.reduce((most, v, i) => Math.max(most, cdf(v) - i / x.length, (i + 1) / x.length - cdf(v)), 0);

// Exceeded by one sample in 3,000: sqrt(ln(2 * 3000) / (2 n)). The urn after 500 days is a step of 1 / 502 from its limit.
const bound = (n: number) => Math.sqrt(Math.log(6000) / (2 * n)) + 1 / 502;

describe('P2a', () => {
  it('from 1 and 1 records spreads evenly over all shares', async () => {
    const x = await shares({});
    expect(x.length).toBe(2000);
    expect(distance(x, (v) => v)).toBeLessThan(bound(2000));
    expect(distance(x, (v) => v ** 2)).toBeGreaterThan(bound(2000));
  });

  it('from 5 and 1 records is Beta(5, 1)', async () => {
    const x = await shares({ 'state.start_a': 5 });
    // Near 1 the density is 5: a step is worth five.
    expect(distance(x, (v) => v ** 5)).toBeLessThan(bound(2000) + 5 / 502);
    expect(distance(x, (v) => v)).toBeGreaterThan(bound(2000));
  });
});
