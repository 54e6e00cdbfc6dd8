// Runs the built library in a thread of its own, as users of it would.
import { parentPort, workerData } from 'node:worker_threads';
import { parseScenario, simulate } from '../../dist/index.js';

let hash = '';
for await (const record of simulate(await parseScenario(workerData.text), { seed: workerData.seed }))
  if (record.type === 'end') hash = record.hash;
parentPort.postMessage(hash);
