/** What each monitor watches, with the level at which it alarms. */
import { expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load.js';
import { simulate } from '../../src/scenario/simulate.js';
import { factsOf } from '../../src/server/facts.js';
import { alarmLevels, LEVEL, monitorCharts } from '../../web/monitor-panels.js';
import { RunData } from '../../web/run-data.js';
import { dashesOf, numberPanels } from '../../web/run-panels.js';

const FILE = 'scenarios/monitoring/silent-concept-drift.yaml';

async function run(steps: number) {
  const loaded = await loadScenario(FILE, { set: { steps } });
  const data = new RunData();
  for await (const record of simulate(loaded, { seed: 1 })) data.take(record);
  return { data, facts: factsOf(loaded, 1, FILE) };
}

it('draws what the alarm is on, its level, and the band of an estimate', async () => {
  const { data, facts } = await run(50);
  const charts = new Map(monitorCharts(data, facts, null).map((chart) => [chart.name, chart]));
  expect([...charts.keys()]).toEqual(['inputs', 'reading', 'predictions', 'without labels', 'errors']);
  const inputs = charts.get('inputs');
  expect(inputs?.title).toBe('monitor inputs: p-value');
  expect(inputs?.series[0].values).toEqual(
    Float64Array.from(data.steps.run, ({ monitors }) => monitors?.inputs.p ?? Number.NaN),
  );
  const level = charts.get('reading')?.series.find(({ key }) => key.startsWith(LEVEL));
  expect([level?.label, level?.values[3]]).toEqual(['alarm > 0.2', 0.2]);
  // A detector has a rule of its own.
  expect(charts.get('errors')?.series).toHaveLength(1);
  const [band] = charts.get('without labels')?.bands ?? [];
  expect(band.low[10]).toBeLessThan(band.high[10]);
});

it('draws the level over a number that is looked at, where a monitor alarms on that', async () => {
  const { facts } = await run(2);
  const [level] = alarmLevels('monitor.reading.statistic', facts, 2);
  expect([level.label, [...level.values]]).toEqual(['alarm > 0.2', [0.2, 0.2]]);
  expect(alarmLevels('monitor.inputs.statistic', facts, 2)).toEqual([]);
  expect(alarmLevels('monitor.inputs.p', facts, 2)).toHaveLength(1);
  expect(alarmLevels('accuracy', facts, 2)).toEqual([]);
});

it('says at the cursor what a monitor says there', async () => {
  const { data, facts } = await run(50);
  const alarmed = data.steps.run.findIndex(({ monitors }) => monitors?.errors.level === 'alarm');
  const noteAt = (t: number) => monitorCharts(data, facts, t).find(({ name }) => name === 'errors')?.note;
  expect([noteAt(alarmed), noteAt(0)]).toEqual(['alarm', '']);
});

it('has its panels among the numbers, which say what their dashes are', async () => {
  const { data, facts } = await run(5);
  const panels = numberPanels(data, facts, null);
  expect(panels.map(({ key }) => key)).toContain('monitor.inputs');
  expect(dashesOf(panels)).toBe("Level dashes: where a monitor's alarm begins.");
});
