/** Many runs, as the command line makes them: how much two threads gain over one. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { loadScenario } from '../../src/scenario/load.js';
import { ROOT, type Row, seconds } from './row.js';

/** `RUNS=2000 npm run bench -- sweep` makes as many as a study has. */
const RUNS = Number(process.env.RUNS ?? 40);
const SCENARIO = join(ROOT, 'scenarios/feedback/strategic-credit.yaml');
const PEOPLE = 20_000;

export async function sweepRuns(): Promise<Row[]> {
  const { steps } = (await loadScenario(SCENARIO)).plan;
  const flags = [
    '--set',
    `population.size=${PEOPLE}`,
    '--over',
    'respond.gaming.strength=0,16',
    '--seeds',
    `${RUNS / 2}`,
    '--json',
  ];
  const time = (workers: number): number => {
    const start = performance.now();
    execFileSync(process.execPath, [
      join(ROOT, 'dist/cli/main.js'),
      'sweep',
      SCENARIO,
      ...flags,
      '--workers',
      `${workers}`,
    ]);
    return (performance.now() - start) / 1000;
  };
  const one = time(1);
  const two = time(2);
  const [runs, people] = [RUNS, PEOPLE].map((n) => n.toLocaleString('en'));
  const rate = (PEOPLE * steps * RUNS) / two / 1e6;
  return [
    {
      what: `sweep of strategic-credit, ${runs} runs of ${people} x ${steps}, on two threads against one`,
      ours: `${seconds(two)} (${rate.toFixed(2)} million individual-steps a second)`,
      other: seconds(one),
      value: one / two,
      target: '>= 1.8 x faster',
      holds: one / two >= 1.8,
    },
  ];
}
