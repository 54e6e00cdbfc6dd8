/** People on a canvas: tails from what is true to what is shown, dots, and a ring about the one that is followed. */
import { rgb } from 'd3';
import type { Palette } from './palette.js';
import { groundOf } from './world-ground.js';
import type { Kinds, Look } from './world-kinds.js';
import type { Places } from './world-motion.js';
import type { Plane } from './world-plane.js';
import { Raster, wordOf } from './world-raster.js';
import { pictureOf, type Sprites, spritesOf } from './world-sprites.js';

/** People as they stand. */
export interface Crowd {
  readonly places: Places;
  readonly kinds: Kinds;
  /** Rows by kind, in the order of drawing. */
  readonly order: Uint16Array;
  /** 1 for newcomers. In a crowd that leaves: 1 for whom they replace. */
  readonly entered: Uint8Array;
}

/** Shorter tails than this, in pixels, are no news. */
export const TAIL = 2;
export const TAIL_ALPHA = 0.5;
export const TAIL_WIDTH = 1.2;
/** Radius of the root of a tail, as a share of a person's. */
export const ROOT = 0.45;

/** Tails longer than this together, in device pixels, are drawn one pixel thick and hard: soft edges are most of their cost. */
const SOFT = 200_000;

/** Of all tails, in pixels. */
function lengthOf({ trueX, trueY, x, y }: Places): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const d = Math.max(Math.abs(x[i] - trueX[i]), Math.abs(y[i] - trueY[i]));
    if (d < Number.POSITIVE_INFINITY) sum += d;
  }
  return sum;
}

export function orderOf({ count, of }: Kinds): Uint16Array {
  const starts = new Uint32Array(count + 1);
  for (const kind of of) starts[kind + 1]++;
  for (let k = 0; k < count; k++) starts[k + 1] += starts[k];
  const order = new Uint16Array(of.length);
  for (let i = 0; i < of.length; i++) order[starts[of[i]]++] = i;
  return order;
}

export const radiusOf = (people: number, { left, right }: Plane): number => {
  const room = Math.min(1, Math.max(0.72, (right - left) / 620));
  return room * (people <= 60 ? 6.5 : people <= 400 ? 4.6 : people <= 1500 ? 3.7 : people <= 3000 ? 3 : 2.5);
};

function place(raster: Raster, sprites: Sprites, look: number, x: number, y: number, strength: number): void {
  const left = Math.floor(x);
  const top = Math.floor(y);
  raster.stamp(sprites, pictureOf(look, x - left, y - top), left - sprites.half, top - sprites.half, strength);
}

export class PeoplePainter {
  private readonly context: CanvasRenderingContext2D | null;
  private raster: Raster | null = null;
  private sprites: Sprites | null = null;
  /** Small ones, for where people truly are. */
  private roots: Sprites | null = null;
  private looks: readonly Look[] = [];
  private colours: readonly number[] = [];
  private ratio = 1;
  private dressed = '';

  constructor(private readonly canvas: HTMLCanvasElement) {
    // Pixels are put, not drawn: they had better stay where the program is.
    this.context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
  }

  /** What lies under the people, and how large the canvas is. */
  lay(plane: Plane, region: string, palette: Palette): void {
    this.ratio = Math.min(2, devicePixelRatio || 1);
    const { ratio } = this;
    const made = groundOf(plane, region, palette, ratio);
    if (made === null) return;
    const { ground, image } = made;
    if (this.canvas.width !== image.width || this.canvas.height !== image.height) {
      this.canvas.width = image.width;
      this.canvas.height = image.height;
    }
    this.raster = new Raster(ground, image, {
      left: Math.round(plane.left * ratio),
      top: Math.round(plane.top * ratio),
      right: Math.round(plane.right * ratio),
      bottom: Math.round(plane.bottom * ratio),
    });
  }

  dress(looks: readonly Look[], radius: number, palette: Palette): void {
    const key = JSON.stringify([looks, radius, this.ratio, palette.panel]);
    if (key === this.dressed) return;
    this.dressed = key;
    this.looks = looks;
    this.colours = looks.map(({ colour }) => {
      const { b, g, r } = rgb(colour);
      return wordOf(r, g, b);
    });
    this.sprites = spritesOf(looks, radius * this.ratio, palette.panel);
    const filled = looks.map((look) => ({ ...look, filled: true }));
    this.roots = spritesOf(filled, ROOT * radius * this.ratio, palette.panel);
  }

  /** `leaving`: whom a step has replaced; they fade while the newcomers come, so that the crowd does not flicker. */
  paint(crowd: Crowd, leaving: Crowd | null, progress: number): void {
    const { context, raster } = this;
    if (context === null || raster === null) return;
    raster.clear();
    this.tails(raster, crowd, progress);
    if (leaving !== null && progress < 1) this.dots(raster, leaving, 1 - progress, true);
    this.dots(raster, crowd, progress, false);
    context.putImageData(raster.image, 0, 0);
  }

  private dots(raster: Raster, { entered, kinds, order, places }: Crowd, share: number, onlyEntered: boolean): void {
    const { ratio, sprites } = this;
    if (sprites === null) return;
    const { x, y } = places;
    const strength = Math.round(256 * share);
    for (let k = 0; k < order.length; k++) {
      const i = order[k];
      const isNew = entered[i] === 1;
      if (onlyEntered && !isNew) continue;
      const px = x[i] * ratio;
      const py = y[i] * ratio;
      // Missing values have no place.
      if (!(px - px === 0 && py - py === 0)) continue;
      place(raster, sprites, kinds.of[i], px, py, isNew ? strength : 256);
    }
  }

  private tails(raster: Raster, { entered, kinds, order, places }: Crowd, share: number): void {
    const { colours, looks, ratio, roots } = this;
    const { trueX, trueY, x, y } = places;
    const isMuch = lengthOf(places) * ratio > SOFT;
    for (let k = 0; k < order.length; k++) {
      const i = order[k];
      const dx = x[i] - trueX[i];
      const dy = y[i] - trueY[i];
      // Also where one of them is missing.
      if (!(dx * dx + dy * dy > TAIL * TAIL)) continue;
      const kind = kinds.of[i];
      const alpha = Math.round(256 * TAIL_ALPHA * looks[kind].alpha * (entered[i] === 1 ? share : 1));
      // A pixel's middle lies half a pixel from its corner.
      const x0 = trueX[i] * ratio - 0.5;
      const y0 = trueY[i] * ratio - 0.5;
      const x1 = x[i] * ratio - 0.5;
      const y1 = y[i] * ratio - 0.5;
      if (roots !== null)
        place(raster, roots, kind, x0 + 0.5, y0 + 0.5, entered[i] === 1 ? Math.round(256 * share) : 256);
      if (isMuch) raster.hairline(x0, y0, x1, y1, colours[kind], alpha);
      else raster.line(x0, y0, x1, y1, Math.max(1, 0.6 * TAIL_WIDTH * ratio), colours[kind], alpha);
    }
  }

  /** The one that is followed. */
  ring(x: number, y: number, radius: number, palette: Palette): void {
    const { context, ratio } = this;
    if (context === null || Number.isNaN(x) || Number.isNaN(y)) return;
    for (const [width, colour] of [
      [5, palette.panel],
      [2, palette.ink],
    ] as const) {
      context.beginPath();
      context.lineWidth = width * ratio;
      context.strokeStyle = colour;
      context.arc(x * ratio, y * ratio, (radius + 4.5) * ratio, 0, 2 * Math.PI);
      context.stroke();
    }
  }
}
