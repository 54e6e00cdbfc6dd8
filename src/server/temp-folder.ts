/** A folder of one server: gone when it closes, and also where the process ends before that. */
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { orFull } from './full.js';

export class TempFolder {
  private readonly atExit = () => rmSync(this.path, { recursive: true, force: true });

  private constructor(readonly path: string) {
    process.once('exit', this.atExit);
  }

  static async create(): Promise<TempFolder> {
    return new TempFolder(await orFull(mkdtemp(join(tmpdir(), 'driftloop-runs-'))));
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
    process.off('exit', this.atExit);
  }
}
