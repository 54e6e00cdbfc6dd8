/** Runs INDIVIDUALS x 10 fields x STEPS in a process of its own and prints its memory in bytes. */
import { parseScenario } from '../../src/scenario/load.js';
import { runOf } from '../../src/scenario/simulate.js';

const [size, steps] = process.argv.slice(2).map(Number);
const names = Array.from({ length: 10 }, (_, k) => `x${k}`);
const loaded = await parseScenario(`
name: memory
steps: ${steps}
population:
  size: ${size}
  fields: { ${names.map((name) => `${name}: "normal(0, 1)"`).join(', ')} }
outcome: { field: y, probability: "sigmoid(x0 - x1 + x2)" }
lab: { size: 10000 }
drift: [{ name: shift, field: x0, becomes: x0 + 0.5, from: 5 }]
models: { m: { learner: logistic, features: [${names.join(', ')}], target: y, l2: 0.001 } }
decide: { yes: m > 0.5 }
respond: [{ name: gaming, strategic: { model: m, fields: [x1], strength: 1 }, moves: shown, share: 0.5 }]
collect: [{ name: selective, only: yes, delay: 2 }]
retrain: { when: { every: 10 }, window: { last: 3 } }
`);

/** The operating system's view, after what is garbage is gone where node was started with --expose-gc. */
const now = (): number => {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().rss;
};
let at10 = 0;
let at100 = 0;
for (const record of runOf(loaded)) {
  if (record.type !== 'step') continue;
  if (record.t === 10) at10 = now();
  if (record.t === steps - 1) at100 = now();
}
console.log(JSON.stringify({ at10, at100, most: process.resourceUsage().maxRSS * 1024 }));
