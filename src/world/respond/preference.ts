/**
 * Exposure and preference: taste moves toward what is shown and is drawn back to where it came from,
 * x + speed (shown - x) + anchor (x0 - x), x0 being what the individual came with.
 *
 * Shown the same for ever, it settles at (speed shown + anchor x0) / (speed + anchor).
 *
 * Source: Rossi, Polderman, Frasca (2022), "The closed loop between opinion formation and personalised recommendations",
 * IEEE Transactions on Control of Network Systems.
 */
import type { Formula } from '../../core/formula/index.js';
import type { Frame } from '../../core/frame.js';
import { formula } from '../../core/keys.js';
import { type Form, keptColumn, type Rewriting } from '../../core/rewrite.js';
import { responseRule } from './rule.js';

export const preference = responseRule({
  about: 'After the outcome: the field moves toward what was shown.',
  acts: 'after',
  numeric: true,
  keys: {
    toward: formula.describe('What the individual is shown.'),
    speed: formula.describe('Share of the way toward it, each step.'),
    anchor: formula.default(0).describe('Share of the way back to what the individual came with, each step.'),
  },
  form: (_keys, scenario) => drawn(scenario.formula('toward'), scenario.formula('speed'), scenario.formula('anchor')),
});

function drawn(toward: Formula, speed: Formula, anchor: Formula): Form {
  return {
    apply(frame, own, target) {
      const start = came(frame, own);
      const shown = frame.buffer('toward');
      toward.evaluate(frame.environment(`${own.id}.toward`), shown);
      const fast = frame.buffer('pull');
      speed.evaluate(frame.environment(`${own.id}.speed`), fast);
      const back = frame.buffer('usual');
      anchor.evaluate(frame.environment(`${own.id}.anchor`), back);
      for (let i = 0; i < frame.rows; i++)
        target[i] += fast[i] * (shown[i] - target[i]) + back[i] * (start[i] - target[i]);
    },
    rest: came,
  };
}

/** What each individual came with. */
function came(frame: Frame, { column, id }: Rewriting): Float64Array {
  const found = frame.column(column);
  return keptColumn(frame, `${id}.came`, (i) => found[i]);
}
