/** What is wrong with a scenario, and where. */

/** A place in the scenario: the keys that lead to it. */
export type Path = readonly (string | number)[];

export interface Problem {
  readonly path: Path;
  readonly message: string;
  readonly expected: string | null;
  readonly nearest: string | null;
  /** Characters from the start of the value at `path`, where the problem is inside a formula. */
  readonly offset: number;
  /** The problem is the key itself, not its value. */
  readonly atKey?: boolean;
}

/** A problem with its place in the file. Lines and columns count from 1. */
export interface Diagnostic {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly expected: string | null;
  readonly nearest: string | null;
}

export const problem = (path: Path, message: string, more: Partial<Problem> = {}): Problem => ({
  path,
  message,
  expected: null,
  nearest: null,
  offset: 0,
  ...more,
});

/** `file:line:column: message; expected ...; did you mean ...?` */
export function formatDiagnostic({ column, expected, file, line, message, nearest }: Diagnostic): string {
  const hope = expected === null ? '' : `; expected ${expected}`;
  const hint = nearest === null ? '' : `; did you mean \`${nearest}\`?`;
  return `${file}:${line}:${column}: ${message}${hope}${hint}`;
}

/** A scenario that cannot be run. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(formatDiagnostic).join('\n'));
  }
}
