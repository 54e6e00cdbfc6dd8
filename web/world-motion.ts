/** Where people stand at a moment: each eases from where it was to where it is. */
import { easeCubicInOut } from 'd3';

/** Places in pixels: where people show themselves, and where they truly are. */
export interface Places {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly trueX: Float32Array;
  readonly trueY: Float32Array;
}

export const placesOf = (n: number): Places => ({
  x: new Float32Array(n),
  y: new Float32Array(n),
  trueX: new Float32Array(n),
  trueY: new Float32Array(n),
});

export const copied = ({ trueX, trueY, x, y }: Places): Places => ({
  x: x.slice(),
  y: y.slice(),
  trueX: trueX.slice(),
  trueY: trueY.slice(),
});

/** Steps that follow each other faster than this flow into each other: easing in and out of each would make them stutter. */
const FLOWING = 250;

export class Motion {
  private from = placesOf(0);
  private to = placesOf(0);
  private current = placesOf(0);
  private began = 0;
  private lasts = 0;
  /** Share of the way. */
  progress = 1;

  get places(): Places {
    return this.current;
  }

  get moving(): boolean {
    return this.progress < 1;
  }

  /** At once. */
  jump(to: Places): void {
    this.to = to;
    this.progress = 1;
    this.current = to;
  }

  /** From where they are now; newcomers from where they truly are to where they show themselves. */
  move(to: Places, entered: Uint8Array, time: number, duration: number): void {
    const { length } = to.x;
    const before = this.places;
    if (duration <= 0 || before.x.length !== length) {
      this.jump(to);
      return;
    }
    const from = placesOf(length);
    for (let i = 0; i < length; i++) {
      // Who had no place before has nowhere to come from.
      const isNew = entered[i] === 1 || !(before.x[i] - before.x[i] === 0 && before.y[i] - before.y[i] === 0);
      from.x[i] = isNew ? to.trueX[i] : before.x[i];
      from.y[i] = isNew ? to.trueY[i] : before.y[i];
      from.trueX[i] = isNew ? to.trueX[i] : before.trueX[i];
      from.trueY[i] = isNew ? to.trueY[i] : before.trueY[i];
    }
    this.from = from;
    this.to = to;
    this.current = placesOf(length);
    this.began = time;
    this.lasts = duration;
    this.progress = 0;
    this.at(time);
  }

  /** The places at a time. */
  at(time: number): Places {
    if (!this.moving) return this.places;
    const share = Math.min(1, Math.max(0, (time - this.began) / this.lasts));
    this.progress = share;
    if (share >= 1) {
      this.current = this.to;
      return this.to;
    }
    const k = this.lasts < FLOWING ? share : easeCubicInOut(share);
    const { from, to } = this;
    const { places } = this;
    between(from.x, to.x, k, places.x);
    between(from.y, to.y, k, places.y);
    between(from.trueX, to.trueX, k, places.trueX);
    between(from.trueY, to.trueY, k, places.trueY);
    return places;
  }
}

function between(from: Float32Array, to: Float32Array, k: number, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = from[i] + (to[i] - from[i]) * k;
}
