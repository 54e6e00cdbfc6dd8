/** A million individuals with ten fields: memory grows with the population, not with the steps. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Row } from './row.js';

const GB = 1024 ** 3;

export function memory(): Row[] {
  const script = fileURLToPath(new URL('./memory-run.js', import.meta.url));
  const { stdout } = spawnSync(process.execPath, [script, '1000000', '100'], { encoding: 'utf8' });
  const { at10, at100, most } = JSON.parse(stdout) as { at10: number; at100: number; most: number };
  const gb = (bytes: number): string => `${(bytes / GB).toFixed(2)} GB`;
  const grown = at100 / at10;
  return [
    {
      what: 'memory at most, 1,000,000 individuals, 10 fields, 100 steps',
      ours: gb(most),
      other: '',
      value: most / GB,
      target: '<= 1.5 GB',
      holds: most <= 1.5 * GB,
    },
    {
      what: 'memory at step 100 against step 10',
      ours: gb(at100),
      other: gb(at10),
      value: grown,
      target: '<= 1.02',
      holds: grown <= 1.02,
    },
  ];
}
