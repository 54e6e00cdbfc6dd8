/**
 * Unit change: a value arrives as scale * x + offset. Inches for centimetres is a scale, a sensor that was put back askew
 * an offset; nothing fails, no alarm rings.
 *
 * Source: Sculley et al. (2015), "Hidden Technical Debt in Machine Learning Systems", NeurIPS (unstable data dependencies).
 */
import type { Formula } from '../../core/formula/index.js';
import type { Form } from '../../core/rewrite.js';

export function unit(scale: Formula, offset: Formula): Form {
  return {
    apply(frame, { id }, target) {
      const factor = frame.buffer('scale');
      scale.evaluate(frame.environment(`${id}.scale`), factor);
      const shift = frame.buffer('offset');
      offset.evaluate(frame.environment(`${id}.offset`), shift);
      for (let i = 0; i < frame.rows; i++) target[i] = factor[i] * target[i] + shift[i];
    },
  };
}
