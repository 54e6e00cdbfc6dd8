/** Published results, and the lessons: every expectation holds, and each negative control makes some of it fail. Slow. */
import { basename } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { SCENARIOS, scenarioFiles } from '../../src/scenario/gallery.js';
import { loadScenario } from '../../src/scenario/load.js';
import { threads } from '../../src/study/executor/index.js';
import { TASKS, type tasks } from '../../src/study/jobs/index.js';
import { type VerifiedScenario, verify } from '../../src/study/verify/index.js';
import { missing, shared } from '../support/shared.js';

/** `driftloop verify` takes ten. */
const SEEDS = 1;

const files = await scenarioFiles();
/** Needs the real applicants. */
const CREDIT = 'performative-credit.yaml';
const isCreditMissing = missing('data/give-me-some-credit.csv.gz');
const there = files.filter((file) => basename(file) !== CREDIT || !isCreditMissing);

const verified = new Map<string, VerifiedScenario>();
beforeAll(async () => {
  const sources = await Promise.all(
    there.map(async (file) => {
      const own = basename(file) === CREDIT ? { data: shared('data') } : {};
      return { loaded: await loadScenario(file, own), ...own };
    }),
  );
  const executor = threads<typeof tasks>(TASKS);
  for (const scenario of await verify(sources, executor, { seeds: SEEDS })) verified.set(scenario.file, scenario);
  await executor.close();
}, 900_000);

describe.each(files.map((file) => [file.slice(SCENARIOS.length + 1), file]))('%s', (_, file) => {
  const scenario = () => verified.get(file);

  it.skipIf(!there.includes(file))('comes out as it expects', () => {
    expect(scenario()?.expectations.length).toBeGreaterThan(0);
    expect(scenario()?.expectations.filter(({ holds }) => !holds)).toEqual([]);
  });

  it.skipIf(!there.includes(file))('has negative controls, each with expectations that fail', () => {
    expect(scenario()?.controls.length).toBeGreaterThan(0);
    expect(scenario()?.controls.filter(({ holds }) => !holds)).toEqual([]);
  });
});
