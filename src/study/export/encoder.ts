/** A trace in another format, made record by record: whoever hands the records in sets the pace, and nothing is held back for long. */
import type { TraceRecord } from '../../loop/trace.js';

export type Chunk = string | Uint8Array;

export interface Encoder {
  /** What can be written once this record is known. */
  take(record: TraceRecord): Iterable<Chunk>;
  /** What is left when there are no more records, whether the run has ended or not. */
  finish(): Iterable<Chunk> | AsyncIterable<Chunk>;
}

/** A trace that cannot be had in the format that was asked for. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
}

/** The whole file, for whoever would rather pull than push. */
export async function* encoded(
  records: Iterable<TraceRecord> | AsyncIterable<TraceRecord>,
  encoder: Encoder,
): AsyncGenerator<Chunk, void, undefined> {
  for await (const record of records) yield* encoder.take(record);
  yield* encoder.finish();
}
