/** `POST /api/explain` from the page: the explanation, and on the way how far it is. */
import type { ExplainLine, ExplainRequest } from '../src/server/protocol.js';
import { StudyError, studyLines } from './study-lines.js';

export type Explanation = Extract<ExplainLine, { type: 'end' }>['explanation'];

/** @throws StudyError; what `signal` was aborted with. */
export async function explained(
  request: ExplainRequest,
  signal: AbortSignal,
  progress: (done: number, total: number) => void,
): Promise<Explanation> {
  for await (const said of studyLines<ExplainLine>('explain', request, signal)) {
    if (said.type === 'end') return said.explanation;
    progress(said.done, said.total);
  }
  throw new StudyError('The connection was lost. Ask again.');
}
