/** An explanation that cannot be had as it was asked for. */
export class ExplainError extends Error {
  override readonly name = 'ExplainError';
}
