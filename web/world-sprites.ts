/** The looks of people as small pictures, each at a few offsets within a pixel, so that slow movement is smooth. */
import type { Look } from './world-kinds.js';
import type { Sheet } from './world-raster.js';

const PHASES = 4;

export interface Sprites extends Sheet {
  /** From the corner of a picture to its middle. */
  readonly half: number;
}

/** The picture of a look whose middle lies so far, from 0 to 1, into a pixel. */
export const pictureOf = (look: number, x: number, y: number): number =>
  (look * PHASES + ((y * PHASES) | 0)) * PHASES + ((x * PHASES) | 0);

/** `radius` in device pixels. */
export function spritesOf(looks: readonly Look[], radius: number, ground: string): Sprites {
  const largest = looks.reduce((most, { size }) => Math.max(most, size), 0);
  const half = Math.ceil(radius * largest + 0.5);
  const cell = 2 * half + 1;
  const canvas = document.createElement('canvas');
  canvas.width = cell;
  canvas.height = cell;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const pictures: Uint32Array[] = [];
  if (context !== null) {
    for (const look of looks) {
      for (let phase = 0; phase < PHASES * PHASES; phase++) {
        context.clearRect(0, 0, cell, cell);
        const offset = half + 0.5 / PHASES;
        dot(
          context,
          offset + (phase % PHASES) / PHASES,
          offset + Math.floor(phase / PHASES) / PHASES,
          radius * look.size,
          look,
          ground,
        );
        pictures.push(premultiplied(context.getImageData(0, 0, cell, cell).data));
      }
    }
  }
  return { cell, half, pictures };
}

function premultiplied(data: Uint8ClampedArray): Uint32Array {
  const out = new Uint8Array(data);
  for (let k = 0; k < out.length; k += 4)
    for (let channel = 0; channel < 3; channel++) out[k + channel] = Math.floor((out[k + channel] * out[k + 3]) / 255);
  return new Uint32Array(out.buffer);
}

/** Filled with a fine rim of the ground, so that neighbours stay apart; hollow as a ring. */
function dot(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  { alpha, colour, filled }: Look,
  ground: string,
): void {
  context.beginPath();
  const line = ringOf(radius);
  context.globalAlpha = alpha;
  context.arc(x, y, filled ? radius : radius - line / 2, 0, 2 * Math.PI);
  if (filled) {
    context.fillStyle = colour;
    context.fill();
    context.globalAlpha = alpha * 0.6;
    context.lineWidth = Math.min(0.6, radius / 3);
    context.strokeStyle = ground;
  } else {
    context.lineWidth = line;
    context.strokeStyle = colour;
  }
  context.stroke();
}

/** Thickness of a hollow dot's ring; of the smallest, all of it. */
export const ringOf = (radius: number): number => Math.min(radius, Math.max(1, radius * 0.42));
