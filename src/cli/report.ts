/** What a person, or a program, is told when a command cannot do its work. */
import { ScenarioError } from '../scenario/diagnostic.js';
import { EXIT } from './exit.js';
import { errorInk, ink } from './ink.js';

/** Prints the error and returns the exit code. */
export function report(error: unknown, asJson: boolean): number {
  if (error instanceof ScenarioError) {
    if (asJson) print(JSON.stringify({ ok: false, diagnostics: error.diagnostics }));
    else for (const diagnostic of error.diagnostics) process.stderr.write(`${diagnosticText(diagnostic, errorInk)}\n`);
    return EXIT.usage;
  }
  const { code, message } = error as NodeJS.ErrnoException;
  // A file or an address that cannot be had was asked for; a disk that fills up was not.
  const isSystem = typeof code === 'string' && /^E[A-Z]+$/.test(code) && !NOT_ASKED_FOR.has(code);
  if (asJson) print(JSON.stringify({ ok: false, error: message }));
  else process.stderr.write(`${errorInk.red('error')}: ${message}\n`);
  return isSystem || error instanceof UsageError ? EXIT.usage : EXIT.run;
}

const NOT_ASKED_FOR = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE']);

/** A command that was called wrongly. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** `file:line:column: message`, with what was expected and the nearest word on lines of their own. */
export function diagnosticText(
  { column, expected, file, line, message, nearest }: ScenarioError['diagnostics'][number],
  colours = ink,
): string {
  return [
    `${colours.bold(`${file}:${line}:${column}`)}: ${message}`,
    ...(expected === null ? [] : [`  expected ${expected}`]),
    ...(nearest === null ? [] : [`  did you mean ${colours.cyan(nearest)}?`]),
  ].join('\n');
}
