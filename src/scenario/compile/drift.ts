/** Drift: the world's own changes. */
import { becomes, type Rewriting } from '../../core/rewrite.js';
import type { Context } from './context.js';
import { mechanism, uniqueNames } from './mechanism.js';

/** The world's own changes, of early fields and of late ones. */
export function drift(c: Context): Rewriting[] {
  uniqueNames(c, 'drift', c.scenario.drift);
  return c.scenario.drift.map((spec, index) => {
    c.known(spec.field, [...c.fields.keys()], ['drift', index, 'field'], 'a field');
    const isLate = c.late.has(spec.field);
    const own = { field: spec.field, slot: spec.field };
    const place = isLate ? 'after' : 'drift';
    return {
      ...mechanism(c, 'drift', index, spec, place, 'trait', own),
      column: spec.field,
      form: becomes(
        c.formula(spec.becomes, ['drift', index, 'becomes'], place, {
          own,
          levels: c.levelsOf(spec.field),
        }),
      ),
      memory: 1,
    };
  });
}
