/** Published results, and the lessons: every expectation holds, loop-cut controls included. Slow. */
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scenarioFiles } from '../../src/scenario/gallery.js';
import { loadScenario } from '../../src/scenario/load.js';
import { judgeAll } from '../../src/study/judge.js';
import { missing, shared } from '../support/shared.js';

/** Needs the real applicants, and has a test of its own against their reference traces. */
const OWN = 'performative-credit.yaml';

describe.each((await scenarioFiles()).filter((file) => basename(file) !== OWN))('%s', (file) => {
  it('comes out as it expects', async () => {
    const loaded = await loadScenario(file);
    expect(loaded.scenario.expect.length).toBeGreaterThan(0);
    const failed = judgeAll(loaded).filter(({ holds }) => !holds);
    expect(failed).toEqual([]);
  }, 180_000);
});

it.skipIf(missing('data/give-me-some-credit.csv.gz'))(
  'performative credit comes out as it expects',
  async () => {
    const [file] = (await scenarioFiles()).filter((name) => basename(name) === OWN);
    const failed = judgeAll(await loadScenario(file, { data: shared('data') })).filter(({ holds }) => !holds);
    expect(failed).toEqual([]);
  },
  180_000,
);
