/** What a table of a run says of it beside its rows. */
import type { EndRecord, HeaderRecord } from '../../loop/trace.js';

export function metadataOf(header: HeaderRecord | null, end: EndRecord | null): { key: string; value: string }[] {
  if (header === null) return [];
  return [
    { key: 'driftloop.name', value: header.name },
    { key: 'driftloop.version', value: header.version },
    { key: 'driftloop.seed', value: String(header.seed) },
    { key: 'driftloop.replicate', value: String(header.replicate) },
    // A run that has not ended has no hash.
    ...(end === null ? [] : [{ key: 'driftloop.hash', value: end.hash }]),
  ];
}
