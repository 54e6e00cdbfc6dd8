/**
 * Random walk: the world wanders, and everybody with it, x + W_t with W = start at the step at which it begins, then
 * W_t = W_(t-1) + N(0, sd^2). After k steps W has mean `start` and variance k sd^2.
 *
 * One walk for the whole world. Its steps come from a stream of their own, keyed by the step of the run: pausing, going
 * back and switching other mechanisms off move none of them. Where it ends (`to`, or switched off) the walk is gone; begun
 * again, it begins at `start`. `sd`, one number for everybody, and `start` in the unit of the field; default start 0.
 * Numbers only.
 *
 * Source: Harvey (1989), "Forecasting, structural time series models and the Kalman filter", Cambridge (the local level
 * model: what is observed is a random walk and noise).
 */
import type { Formula } from '../../core/formula/index.js';
import { fillNormal } from '../../core/random/index.js';
import type { Form } from '../../core/rewrite.js';

export function randomWalk(sd: Formula, start: number): Form {
  const draw = new Float64Array(1);
  const position = (id: string) => `${id}.walk`;
  return {
    apply(frame, { id }, target) {
      const before = frame.scalars.get(position(id));
      if (before !== undefined) fillNormal(frame.stream(`${id}.step`), draw, 1);
      const now = before === undefined ? start : before + sd.number(frame.environment(`${id}.sd`)) * draw[0];
      frame.scalars.set(position(id), now);
      for (let i = 0; i < frame.rows; i++) target[i] += now;
    },
    rest(frame, { id }) {
      frame.scalars.delete(position(id));
    },
  };
}
