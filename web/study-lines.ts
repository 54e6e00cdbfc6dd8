/** A study of the server's, from the page: its lines as they come. */
import type { Refusal } from '../src/server/protocol.js';
import { linesOf } from './lines.js';

/** The server would not do it, or could not go on; the message is for people. */
export class StudyError extends Error {}

/** Ends with the line `end`. @throws StudyError; what `signal` was aborted with. */
export async function* studyLines<L extends { readonly type: string }>(
  path: string,
  request: object,
  signal: AbortSignal,
): AsyncGenerator<Exclude<L, { type: 'failed' }>> {
  let response: Response;
  try {
    response = await fetch(`api/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(request),
      signal,
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new StudyError('The server cannot be reached. Is it still running?');
  }
  if (!response.ok || response.body === null) throw new StudyError(await refusalOf(response));
  try {
    for await (const line of linesOf(response.body)) {
      const said = JSON.parse(line) as L | { readonly type: 'failed'; readonly error: string };
      if (isFailed(said)) throw new StudyError(`It failed: ${said.error}.`);
      yield said as Exclude<L, { type: 'failed' }>;
      if (said.type === 'end') return;
    }
  } catch (error) {
    if (signal.aborted || error instanceof StudyError) throw error;
  }
  throw new StudyError('The connection was lost. Ask again.');
}

const isFailed = (said: { readonly type: string }): said is { readonly type: 'failed'; readonly error: string } =>
  said.type === 'failed';

async function refusalOf(response: Response): Promise<string> {
  try {
    const { diagnostics = [], error } = (await response.json()) as Refusal;
    return [error, ...diagnostics.slice(0, 3).map(({ message }) => message)].join(' ');
  } catch {
    return `The server answered with ${response.status}.`;
  }
}
