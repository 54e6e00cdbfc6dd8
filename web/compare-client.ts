/** `POST /api/compare` from the page: lines as they come. */

import type { CompareLine, CompareRequest, Refusal } from '../src/server/protocol.js';
import { linesOf } from './lines.js';

/** The server would not compare, or could not go on; the message is for people. */
export class CompareError extends Error {
  constructor(
    message: string,
    /** Seconds after which it may be tried again; null: trying again will not help. */
    readonly again: number | null = null,
    /** What is wrong with policies, by their names. */
    readonly policies: ReadonlyMap<string, string> = new Map(),
  ) {
    super(message);
  }
}

export type CompareFetch = (request: CompareRequest, signal: AbortSignal) => AsyncGenerator<CompareLine>;

/** Ends after the line `end`; throws a `CompareError` on a refusal, on `failed`, and where the connection is lost. */
export async function* compareLines(request: CompareRequest, signal: AbortSignal): AsyncGenerator<CompareLine> {
  let response: Response;
  try {
    response = await fetch('api/compare', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(request),
      signal,
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new CompareError('The server cannot be reached. Is it still running?');
  }
  if (!response.ok || response.body === null) throw await refusalOf(response);
  let ended = false;
  try {
    for await (const line of linesOf(response.body)) {
      const said = JSON.parse(line) as CompareLine;
      if (said.type === 'failed') throw new CompareError(`The comparison failed: ${said.error}.`);
      ended = said.type === 'end';
      yield said;
    }
    if (!ended) throw new Error('the last line is missing');
  } catch (error) {
    if (signal.aborted || error instanceof CompareError) throw error;
    throw new CompareError('The connection was lost. What came before is shown; compare again for the rest.');
  }
}

/** Asks again where the server is busy, for as long as nobody gives up. */
export async function* comparePatiently(request: CompareRequest, signal: AbortSignal): AsyncGenerator<CompareLine> {
  for (let tries = 0; ; tries++) {
    try {
      yield* compareLines(request, signal);
      return;
    } catch (error) {
      // A refusal comes before the first line: nothing is told twice.
      if (!(error instanceof CompareError) || error.again === null || tries >= 20) throw error;
      await wait(error.again * 1000, signal);
    }
  }
}

const wait = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });

async function refusalOf(response: Response): Promise<CompareError> {
  const seconds = Number(response.headers.get('Retry-After'));
  const again = response.status === 503 || response.status === 429 ? Math.max(1, seconds || 5) : null;
  let refusal: Refusal = { error: `the server answered with ${response.status}` };
  try {
    refusal = (await response.json()) as Refusal;
  } catch {
    // Not from our server: a proxy's page.
  }
  const policies = new Map<string, string>();
  const places = (refusal.diagnostics ?? []).map(({ expected, file, message }) => {
    const said = `${message}${expected === null ? '' : `; expected ${expected}`}`;
    const name = /^policy (.+)$/.exec(file)?.[1];
    if (name !== undefined) policies.set(name, policies.has(name) ? `${policies.get(name)}. ${said}` : said);
    return `${file}: ${said}`;
  });
  const why = (places.slice(0, 3).join('. ') || refusal.error).replace(/\.$/, '');
  return new CompareError(`The server refuses. ${why}.`, again, policies);
}
