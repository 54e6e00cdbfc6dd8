/** A run that has ended, as a line of a log: it carries a checksum, so that half a line is known for what it is. */
import { createHash } from 'node:crypto';

export interface FinishedRun {
  /** Its place in the study. */
  readonly n: number;
  /** What was run, as a hash. */
  readonly key: string;
  readonly diverged: boolean;
  /** A row of measures for the run, or one for each of its steps; null where a measure does not exist. */
  readonly rows: readonly (readonly (number | null)[])[];
}

const CHECK_DIGITS = 16;
const checkOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, CHECK_DIGITS);

/** Without the end of the line. */
export function lineOf(run: FinishedRun): string {
  const text = JSON.stringify(run);
  return `{"check":"${checkOf(text)}","run":${text}}`;
}

const LINE = new RegExp(`^\\{"check":"([0-9a-f]{${CHECK_DIGITS}})","run":(.*)\\}$`);

/** Null where the line is torn or was changed. */
export function readLine(line: string): FinishedRun | null {
  const found = LINE.exec(line);
  if (found === null || checkOf(found[2]) !== found[1]) return null;
  return JSON.parse(found[2]) as FinishedRun;
}
