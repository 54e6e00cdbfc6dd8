/** What the page opens with, and what the address makes of it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type LoadedScenario, loadScenario } from '../../src/scenario/load.js';
import { openingOf } from '../../src/scenario/opening.js';
import { runOf } from '../../src/scenario/simulate.js';
import type { RunFacts } from '../../src/server/protocol.js';
import { lookedAt } from '../../web/looked.js';
import { RunData } from '../../web/run-data.js';
import { lookedSeries } from '../../web/run-series.js';

interface Run {
  readonly data: RunData;
  readonly facts: RunFacts;
}

async function runOfFile(file: string): Promise<Run> {
  const set = { 'population.size': 400, 'lab.size': 800, steps: 3 };
  const loaded: LoadedScenario = await loadScenario(`scenarios/${file}.yaml`, { set });
  const data = new RunData();
  for (const record of runOf(loaded)) data.take(record);
  return { data, facts: { opening: openingOf(loaded) } as RunFacts };
}

const nothing = { metric: '', model: '', slice: '' };
const look = ({ data, facts }: Run, asked: Partial<typeof nothing> = {}) =>
  lookedAt(data, facts, { ...nothing, ...asked });
const labels = (run: Run, asked = {}) =>
  lookedSeries(run.data, look(run, asked)).map(({ kind, label }) => [kind, label]);

describe('a scenario with two models', () => {
  let run: Run;
  beforeAll(async () => {
    run = await runOfFile('uncertainty/adaptive-intervals');
  });

  it('opens with the metric and the models that it asks for', () => {
    expect(look(run)).toEqual({ metric: 'coverage', model: 'fixed', slice: null, beside: ['adaptive'] });
    expect(labels(run)).toEqual([
      ['lab', 'lab'],
      ['observed', 'observed'],
      ['actual', 'fixed, actual'],
      ['policy', 'adaptive'],
      ['theory', 'theory: fixed'],
    ]);
  });

  it('follows the address where it can', () => {
    expect(look(run, { model: 'adaptive' })).toMatchObject({ model: 'adaptive', beside: ['fixed'] });
    expect(look(run, { metric: 'rmse' })).toMatchObject({ metric: 'rmse', model: 'fixed', beside: ['adaptive'] });
    expect(look(run, { metric: 'measure.aims_at' })).toMatchObject({ metric: 'measure.aims_at', beside: [] });
    expect(look(run, { metric: 'accuracy', model: 'nobody', slice: 'none' })).toEqual(look(run));
  });
});

describe('a scenario with a slice', () => {
  let run: Run;
  beforeAll(async () => {
    run = await runOfFile('hidden-failures/rare-group');
  });

  it('opens with it, against what lab and dashboard say of everybody', () => {
    expect(look(run)).toMatchObject({ metric: 'rmse', slice: 'kind: rare' });
    const [lab, , actual] = lookedSeries(run.data, look(run));
    const [first] = run.data.steps.run;
    expect(lab.values[0]).toBe(first.lab.rmse);
    expect(actual).toMatchObject({ kind: 'actual', label: 'kind: rare' });
    expect(actual.values[0]).toBe(first.slices['kind: rare'].rmse);
  });

  it('shows everybody, or another, where the address says so', () => {
    expect(look(run, { slice: '*' }).slice).toBeNull();
    expect(look(run, { slice: 'kind: common' }).slice).toBe('kind: common');
  });
});

it('shows what a monitor watches, by its name as a word', async () => {
  const run = await runOfFile('monitoring/silent-concept-drift');
  const asked = { metric: 'monitor.without_labels.statistic' };
  const opening = { ...run.facts.opening, ...asked };
  const looked = look({ ...run, facts: { ...run.facts, opening } });
  expect(looked).toMatchObject({ ...asked, slice: null });
  const [line] = lookedSeries(run.data, looked);
  expect(line).toMatchObject({ kind: 'actual', label: 'monitor without labels' });
  expect([...line.values]).toEqual(
    run.data.steps.run.map(({ monitors }) => monitors?.['without labels'].statistic ?? Number.NaN),
  );
});

it('shows numbers beside each other, with what theory says of either', async () => {
  const run = await runOfFile('hidden-failures/asymmetric-cost');
  expect(labels(run)).toEqual([
    ['actual', 'cost by the forecast'],
    ['policy', 'cost with a margin'],
    ['theory', 'theory: by the forecast'],
    ['theory', 'theory: with a margin'],
  ]);
});
