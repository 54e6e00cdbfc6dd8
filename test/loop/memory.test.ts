/** Slow. The numbers of a million individuals are measured by `npm run bench -- memory`. */
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { runOf } from '../../src/scenario/simulate.js';
import { parse } from '../support/scenario.js';

it('keeps as many bytes in columns at step 100 as at step 10', async () => {
  const names = Array.from({ length: 10 }, (_, k) => `x${k}`);
  const loaded = await parse(`
name: memory
steps: 101
population: { size: 50000, fields: { ${names.map((name) => `${name}: "normal(0, 1)"`).join(', ')} } }
outcome: { field: y, probability: "sigmoid(x0 - x1)" }
lab: { size: 1000 }
models: { m: { learner: logistic, features: [${names.join(', ')}], target: y, l2: 0.001 } }
collect: [{ name: late, delay: 2 }]
retrain: { when: { every: 10 }, window: { last: 3 } }
`);
  const bytes: number[] = [];
  for (const record of runOf(loaded, { hash: false })) if (record.type === 'step') bytes.push(await arrayBuffers());
  const least = (from: number, to: number) => Math.min(...bytes.slice(from, to));
  // Columns are 0.4 MB each: a single one that is kept a step would add 36 MB.
  expect(least(90, 101) - least(10, 21)).toBeLessThan(5e6);
}, 60_000);

/** Bytes in columns that are still reachable. What the collector finds is freed by another thread, a little later. */
async function arrayBuffers(): Promise<number> {
  globalThis.gc?.();
  await setTimeout(2);
  return process.memoryUsage().arrayBuffers;
}
