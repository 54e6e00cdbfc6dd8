/** `POST /api/explain` from the page: the explanation, and on the way how far it is. */
import type { ExplainLine, ExplainRequest, Refusal } from '../src/server/protocol.js';
import { linesOf } from './lines.js';

export type Explanation = Extract<ExplainLine, { type: 'end' }>['explanation'];

/** The server would not explain, or could not go on; the message is for people. */
export class ExplainError extends Error {}

/** @throws ExplainError; what `signal` was aborted with. */
export async function explained(
  request: ExplainRequest,
  signal: AbortSignal,
  progress: (done: number, total: number) => void,
): Promise<Explanation> {
  let response: Response;
  try {
    response = await fetch('api/explain', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(request),
      signal,
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ExplainError('The server cannot be reached. Is it still running?');
  }
  if (!response.ok || response.body === null) throw new ExplainError(await refusalOf(response));
  try {
    for await (const line of linesOf(response.body)) {
      const said = JSON.parse(line) as ExplainLine;
      if (said.type === 'end') return said.explanation;
      if (said.type === 'failed') throw new ExplainError(`It failed: ${said.error}.`);
      progress(said.done, said.total);
    }
  } catch (error) {
    if (signal.aborted || error instanceof ExplainError) throw error;
  }
  throw new ExplainError('The connection was lost. Explain again.');
}

async function refusalOf(response: Response): Promise<string> {
  try {
    const { diagnostics = [], error } = (await response.json()) as Refusal;
    return [error, ...diagnostics.slice(0, 3).map(({ message }) => message)].join(' ');
  } catch {
    return `The server answered with ${response.status}.`;
  }
}
