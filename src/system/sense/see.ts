/**
 * What the pipeline sees: from what is shown, the mechanisms one after the other. Where training is served otherwise than
 * prediction, what is recorded to be learnt from (`logged.`) is made apart, by the same streams: a mechanism that acts on
 * both does the same to both.
 */
import type { Frame } from '../../core/frame.js';
import { type Rewriting, rewrite } from '../../core/rewrite.js';

export function see(
  frame: Frame,
  fields: readonly { readonly name: string }[],
  serving: readonly Rewriting[],
  logging: readonly Rewriting[] | null,
): void {
  if (logging !== null) {
    pass(frame, fields, logging);
    for (const { name } of fields) {
      const logged = frame.buffer(`logged.${name}`);
      logged.set(frame.column(`seen.${name}`));
      frame.columns.set(`logged.${name}`, logged);
    }
  }
  pass(frame, fields, serving);
}

function pass(frame: Frame, fields: readonly { readonly name: string }[], mechanisms: readonly Rewriting[]): void {
  for (const { name } of fields) frame.columns.set(`seen.${name}`, frame.column(`shown.${name}`));
  for (const mechanism of mechanisms) rewrite(frame, mechanism);
}
