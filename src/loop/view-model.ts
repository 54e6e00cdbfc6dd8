/** The deployed version as a picture: its boundary over two fields, or its line over one. */
import { base64OfFloats } from '../core/base64.js';
import type { ModelInService } from './model.js';
import type { Plan } from './plan.js';
import type { ViewFrame } from './view.js';
import type { Span } from './view-span.js';
import type { World } from './world.js';

export const WIDTH = 64;
export const HEIGHT = 48;

type Picture = NonNullable<ViewFrame['model']>;
interface Domain {
  readonly x: Span;
  readonly y: Span;
}

/** Keeps the last picture: it changes only with the version and with what the axes span. */
export class ModelPicture {
  private values = '';
  private version = 0;
  private domain: Domain | null = null;

  draw({ plan, primary }: World, x: string, y: string, domain: Domain): Picture | null {
    const kind = kindOf(primary, x, y);
    if (kind === null) return null;
    if (this.version !== primary.version || !isSame(this.domain, domain)) {
      this.values = kind === 'line' ? along(primary, x, domain.x) : over(primary, x, y, domain);
      this.version = primary.version;
      this.domain = domain;
    }
    if (kind === 'line') return { kind, values: this.values };
    return { kind, threshold: thresholdOf(plan, primary), width: WIDTH, height: HEIGHT, values: this.values };
  }
}

const isSame = (a: Domain | null, b: Domain): boolean =>
  a !== null && a.x[0] === b.x[0] && a.x[1] === b.x[1] && a.y[0] === b.y[0] && a.y[1] === b.y[1];

/**
 * A line where y is what the model predicts, or its prediction. A boundary where it says yes or no, and at least one
 * axis is a feature: along an axis that it does not see, the boundary runs straight.
 */
function kindOf({ name, plan }: ModelInService, x: string, y: string): Picture['kind'] | null {
  const isFeature = (axis: string) => plan.features.some((f) => f.name === axis && f.levels === null);
  const isOutput = (axis: string) => axis === plan.target || axis === name;
  if (isFeature(x) && isOutput(y)) return 'line';
  if (plan.kind !== 'binary' || isOutput(x) || isOutput(y)) return null;
  return isFeature(x) || isFeature(y) ? 'boundary' : null;
}

function along(model: ModelInService, x: string, span: Span): string {
  const points = Float64Array.from({ length: WIDTH }, (_, k) => between(span, k / (WIDTH - 1)));
  return predictions(model, new Map([[x, points]]), WIDTH);
}

/** Each value stands for the middle of its cell. */
function over(model: ModelInService, x: string, y: string, domain: Domain): string {
  const n = WIDTH * HEIGHT;
  const xs = new Float64Array(n);
  const ys = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    xs[k] = between(domain.x, ((k % WIDTH) + 0.5) / WIDTH);
    ys[k] = between(domain.y, (Math.floor(k / WIDTH) + 0.5) / HEIGHT);
  }
  return predictions(
    model,
    new Map([
      [x, xs],
      [y, ys],
    ]),
    n,
  );
}

const between = ([low, high]: Span, share: number): number => low + share * (high - low);

function predictions(model: ModelInService, given: ReadonlyMap<string, Float64Array>, n: number): string {
  const out = new Float64Array(n);
  model.predictAt(given, out, n);
  return base64OfFloats(Float32Array.from(out));
}

/** That of the first decision where it is simply `model > number`; otherwise the model's own. */
function thresholdOf({ decisions }: Plan, { name, plan }: ModelInService): number {
  const source = decisions[0]?.source ?? '';
  const [, model, number] =
    /^\s*\(?\s*([\w.]+)\s*>=?\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*\)?\s*$/i.exec(source) ?? [];
  return model === name ? Number(number) : plan.threshold;
}
