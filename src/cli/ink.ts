/** Colours, where a person looks: none in a pipe or with NO_COLOR, also where a CI server says it could show them. */
import { createColors } from 'picocolors';

/** FORCE_COLOR says yes where nobody seems to look; NO_COLOR and a dumb terminal say no to everything. */
function isColourful(stream: { readonly isTTY?: boolean }): boolean {
  const { FORCE_COLOR, NO_COLOR, TERM } = process.env;
  if (NO_COLOR || TERM === 'dumb') return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0';
  return stream.isTTY === true;
}

/** For what goes to the standard output. */
export const ink = createColors(isColourful(process.stdout));
/** For what goes to the standard error. */
export const errorInk = createColors(isColourful(process.stderr));

/** Breaks a text into lines of at most `width` characters. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.trim().split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}

export const terminalWidth = (): number => Math.max(50, Math.min(process.stdout.columns ?? 90, 110));
