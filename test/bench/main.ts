/** `npm run bench`: whole workloads beside what they are compared with, in one run. Prints a table. */
import { cpus, release, totalmem, type } from 'node:os';
import { cLoop } from './c-loop.js';
import { credit } from './credit.js';
import { detectors } from './detectors.js';
import { growth } from './growth.js';
import { learners } from './learners.js';
import { leastSquares } from './least-squares.js';
import { memory } from './memory.js';
import { pairing } from './pairing.js';
import type { Row } from './row.js';
import { start } from './start.js';
import { sweepRuns } from './sweep.js';
import { viewer } from './viewer.js';

const parts: Readonly<Record<string, () => Row[] | Promise<Row[]>>> = {
  start,
  'least-squares': leastSquares,
  learners,
  detectors,
  'c-loop': cLoop,
  growth,
  credit,
  memory,
  pairing,
  sweep: sweepRuns,
  viewer,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`no such part: ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}
const rows: Row[] = [];
for (const [name, measure] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stderr.write(`${name} ...\n`);
  rows.push(...(await measure()));
}
const [cpu] = cpus();
console.log(
  `\n${cpu?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${(totalmem() / 1024 ** 3).toFixed(0)} GB, ${type()} ${release()}, Node ${process.version}\n`,
);
console.log('| what | driftloop | beside it | ratio or value | to hold | holds |');
console.log('|---|---|---|---|---|---|');
for (const { holds, other, ours, target, value, what } of rows) {
  const verdict = holds === null ? '' : holds ? 'yes' : 'NO';
  console.log(
    `| ${what} | ${ours} | ${other} | ${value === null ? '' : value.toPrecision(3)} | ${target} | ${verdict} |`,
  );
}
if (rows.some(({ holds }) => holds === false)) process.exitCode = 1;
