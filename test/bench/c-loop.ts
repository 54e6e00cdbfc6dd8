/** The default scenario against a plain C loop that makes the same draws and does the same arithmetic. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadScenario } from '../../src/scenario/load.js';
import { runOf } from '../../src/scenario/simulate.js';
import { has, quickest, ROOT, type Row, seconds, skipped } from './row.js';

const SIZE = 20000;
const WHAT = 'strategic-credit, 20,000 x 120, against a plain C loop';
const TARGET = '<= 2';

export async function cLoop(): Promise<Row[]> {
  const loaded = await loadScenario(join(ROOT, 'scenarios/feedback/strategic-credit.yaml'), {
    // The C loop draws everybody anew at each step, and its people react at once.
    set: { 'population.size': SIZE, 'population.turnover': 1, 'respond.gaming.memory': 1 },
  });
  const { steps } = loaded.plan;
  let accuracy = 0;
  const ours = quickest(5, () => {
    accuracy = 0;
    for (const record of runOf(loaded)) if (record.type === 'step') accuracy += (record.actual.accuracy ?? 0) / steps;
  });
  const each = `${seconds(ours)} (${((ours * 1e6) / (SIZE * steps)).toFixed(2)} us per individual and step)`;
  if (!has('cc', '--version')) return [{ ...skipped(WHAT, TARGET, 'no C compiler'), ours: each }];
  const folder = mkdtempSync(join(tmpdir(), 'driftloop-bench-'));
  try {
    const program = join(folder, 'loop');
    const compiled = spawnSync('cc', ['-O2', '-o', program, join(ROOT, 'test/bench/strategic-credit.c'), '-lm']);
    if (compiled.status !== 0) return [skipped(WHAT, TARGET, `cc failed: ${compiled.stderr}`)];
    let theirs = { accuracy: 0 };
    const other = quickest(5, () => {
      theirs = JSON.parse(spawnSync(program, [`${SIZE}`, `${steps}`], { encoding: 'utf8' }).stdout);
    });
    // The same world: 2.4 million draws of a share near 0.7 differ by 0.0012 at most (4 standard errors of a difference).
    if (!(Math.abs(theirs.accuracy - accuracy) < 0.0012 + 0.002))
      throw new Error(`the C loop is another world: accuracy ${theirs.accuracy}, not ${accuracy}`);
    const value = ours / other;
    return [{ what: WHAT, ours: each, other: seconds(other), value, target: TARGET, holds: value <= 2 }];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
