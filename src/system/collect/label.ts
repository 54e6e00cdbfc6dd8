/**
 * Label source: who says what the label is.
 *
 * `model`: the prediction, or for 0 and 1 whether it passes the threshold. `sampled`: a draw from what the model believes,
 * N(prediction, sd^2) or 1 with probability prediction. `adopted`: the truth, but what the model flags is recorded as 1 by
 * who trusts it, y or flagged, with probability `trust`. Over quadrature nodes: the expected label.
 *
 * Source: Shumailov et al. (2024), Nature 631 (sampled); Adam, Chang, Haibe-Kains, Goldenberg (2020), "Hidden risks of
 * machine learning applied to healthcare", MLHC (adopted).
 */
import type { Formula } from '../../core/formula/index.js';
import type { Frame } from '../../core/frame.js';
import { fillNormal, fillUniform } from '../../core/random/index.js';
import type { Form } from '../../core/rewrite.js';

export interface LabelSource {
  readonly from: 'model' | 'sampled' | 'adopted';
  readonly model: string;
  readonly binary: boolean;
  readonly threshold: number;
  readonly trust: Formula;
  readonly expected: boolean;
}

export function label({ binary, expected, from, model, threshold, trust }: LabelSource): Form {
  const flagged = (p: number) => (p > threshold ? 1 : 0);
  return {
    apply(frame, { id }, target) {
      const prediction = frame.column(model);
      if (from === 'model') {
        for (let i = 0; i < frame.rows; i++) target[i] = binary ? flagged(prediction[i]) : prediction[i];
      } else if (from === 'adopted') {
        const trusts = frame.buffer('probability');
        trust.evaluate(frame.environment(`${id}.trust`), trusts);
        const draws = frame.buffer('draws');
        if (!expected) fillUniform(frame.stream(`${id}.trust`), draws, frame.rows);
        for (let i = 0; i < frame.rows; i++) {
          const share = expected ? trusts[i] : draws[i] < trusts[i] ? 1 : 0;
          target[i] = Math.max(target[i], share * flagged(prediction[i]) + (1 - share) * target[i]);
        }
      } else if (binary) sampleBinary(frame, id, prediction, target, expected);
      else sampleNumeric(frame, id, model, prediction, target, expected);
    },
  };
}

function sampleBinary(frame: Frame, id: string, p: Float64Array, target: Float64Array, expected: boolean): void {
  const draws = frame.buffer('draws');
  if (!expected) fillUniform(frame.stream(`${id}.sample`), draws, frame.rows);
  for (let i = 0; i < frame.rows; i++) target[i] = expected ? p[i] : draws[i] < p[i] ? 1 : 0;
}

function sampleNumeric(
  frame: Frame,
  id: string,
  model: string,
  prediction: Float64Array,
  target: Float64Array,
  expected: boolean,
): void {
  const sd = expected ? 0 : frame.scalar(`${model}.sd`);
  const draws = frame.buffer('draws');
  if (!expected) fillNormal(frame.stream(`${id}.sample`), draws, frame.rows);
  for (let i = 0; i < frame.rows; i++) target[i] = prediction[i] + (expected ? 0 : sd * draws[i]);
}
