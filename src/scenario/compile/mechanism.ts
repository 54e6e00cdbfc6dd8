/** What every mechanism of a scenario has. */
import type { Mechanism } from '../../core/rewrite.js';
import type { Place } from '../names.js';
import type { Context } from './context.js';

/** What every mechanism has. */
export function mechanism(
  c: Context,
  block: string,
  index: number,
  spec: { name: string; off: boolean; from: number; to?: number; where?: string | number; share?: number },
  place: Place,
  chosen: Mechanism['chosen'],
  own?: { field: string; slot: string },
  also?: ReadonlySet<string>,
): Mechanism {
  if (spec.to !== undefined && spec.to <= spec.from) {
    c.report([block, index, 'to'], `it ends at step ${spec.to}, before it begins at ${spec.from}`);
  }
  return {
    id: `${block}.${spec.name}`,
    off: spec.off,
    from: spec.from,
    to: spec.to ?? Number.POSITIVE_INFINITY,
    where: spec.where === undefined ? null : c.formula(spec.where, [block, index, 'where'], place, { own, also }),
    share: spec.share ?? 1,
    chosen,
  };
}

export function uniqueNames(c: Context, block: string, specs: readonly { name: string }[]): void {
  const seen = new Set<string>();
  specs.forEach(({ name }, index) => {
    if (seen.has(name)) c.report([block, index, 'name'], `two mechanisms of \`${block}\` are called "${name}"`);
    seen.add(name);
  });
}
