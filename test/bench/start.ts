/** How long a person waits for `driftloop --help`. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { quickest, ROOT, type Row, seconds } from './row.js';

export function start(): Row[] {
  const main = join(ROOT, 'dist/cli/main.js');
  const ours = quickest(10, () => {
    spawnSync(process.execPath, [main, '--help']);
  });
  const other = quickest(10, () => {
    spawnSync(process.execPath, ['-e', '0']);
  });
  const row = { what: 'driftloop --help', ours: seconds(ours), other: `${seconds(other)} (node alone)` };
  return [{ ...row, value: ours * 1000, target: '<= 150 ms', holds: ours <= 0.15 }];
}
