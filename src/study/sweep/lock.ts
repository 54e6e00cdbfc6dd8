/** One sweep at a time in a folder: a file that names the process which holds it. */
import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** A folder that cannot be had: it is in use, or holds something else. */
export class FolderError extends Error {
  override readonly name = 'FolderError';
}

interface Holder {
  readonly pid: number;
  readonly host: string;
}

/** Locks held by this process: its number alone may be that of one that was killed, as in a container. */
const own = new Set<string>();
const MOST_TRIES = 5;

/** Takes the lock, also that of a process which is gone. Returns what gives it back. Throws a `FolderError`. */
export function lockFolder(folder: string): () => void {
  const file = join(folder, 'lock');
  const part = `${file}.${process.pid}`;
  const mine: Holder = { pid: process.pid, host: hostname() };
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    if (taken(file, part, mine)) {
      own.add(file);
      return () => {
        if (own.delete(file)) rmSync(file, { force: true });
      };
    }
    const holder = holderOf(file);
    if (holder === null) continue;
    if (isAlive(holder, file))
      throw new FolderError(
        `another sweep is at work in ${folder} (process ${holder.pid} on ${holder.host}); if there is none, remove ${file}`,
      );
    takeAway(file, holder);
  }
  throw new FolderError(`the lock ${file} cannot be had`);
}

/** A link is made whole or not at all, and not where there is one. */
function taken(file: string, part: string, holder: Holder): boolean {
  writeFileSync(part, JSON.stringify(holder));
  try {
    linkSync(part, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(part);
  }
}

function holderOf(file: string): Holder | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return null;
  }
}

function isAlive({ host, pid }: Holder, file: string): boolean {
  // Of another machine nobody here can tell.
  if (host !== hostname()) return true;
  if (pid === process.pid) return own.has(file);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Of two who take it away at once, one moves it; should it be a new one by then, it is put back. */
function takeAway(file: string, dead: Holder): void {
  const aside = `${file}.${process.pid}.gone`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const moved = holderOf(aside);
  if (moved !== null && (moved.pid !== dead.pid || moved.host !== dead.host)) {
    try {
      linkSync(aside, file);
    } catch {}
  }
  rmSync(aside, { force: true });
}
