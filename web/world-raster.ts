/**
 * Dots and lines straight into pixels. Browsers without a graphics card take some microseconds for each small picture or
 * stroke on a canvas, and thousands of them move here at 60 frames a second; blending a few words costs a tenth of that.
 *
 * The ground is opaque, so a blend is one multiplication a channel. A pixel is a word (red lowest); red and blue are
 * multiplied as one, green and alpha as another.
 */

/** Small pictures of one size, premultiplied, each `cell` wide and high, row by row. */
export interface Sheet {
  readonly cell: number;
  readonly pictures: readonly Uint32Array[];
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const EVEN = 0x00ff00ff;

export class Raster {
  private readonly words: Uint32Array;
  private readonly ground: Uint32Array;
  private readonly width: number;

  /** `box`: nothing is drawn outside of it. */
  constructor(
    ground: ImageData,
    readonly image: ImageData,
    private readonly box: Box,
  ) {
    this.width = image.width;
    this.words = new Uint32Array(image.data.buffer);
    this.ground = new Uint32Array(ground.data.buffer);
  }

  clear(): void {
    this.words.set(this.ground);
  }

  /** A picture of the sheet, its upper left corner at a pixel; `strength` from 0 to 256. */
  stamp({ cell, pictures }: Sheet, picture: number, left: number, top: number, strength: number): void {
    const { box, width, words } = this;
    const source = pictures[picture];
    const fromX = Math.max(left, box.left);
    const toX = Math.min(left + cell, box.right);
    const toY = Math.min(top + cell, box.bottom);
    for (let y = Math.max(top, box.top); y < toY; y++) {
      let s = (y - top) * cell + fromX - left;
      let o = y * width + fromX;
      for (let x = fromX; x < toX; x++, s++, o++) {
        const from = source[s];
        if (from === 0) continue;
        const under = words[o];
        // One less than what is left: rounding must not carry into the next channel.
        const rest = 255 - (Math.imul(from >>> 24, strength) >>> 8);
        const even = (Math.imul(from & EVEN, strength) + Math.imul(under & EVEN, rest)) >>> 8;
        const odd = Math.imul((from >>> 8) & EVEN, strength) + Math.imul((under >>> 8) & EVEN, rest);
        words[o] = (even & EVEN) | (odd & ~EVEN);
      }
    }
  }

  /** A straight line one pixel thick between two points. `colour` is a word; `alpha` from 0 to 256. */
  hairline(x0: number, y0: number, x1: number, y1: number, colour: number, alpha: number): void {
    const { box, width, words } = this;
    const { bottom, left, right, top } = box;
    const isSteep = Math.abs(y1 - y0) > Math.abs(x1 - x0);
    // Along the longer side, one pixel a step.
    const a0 = isSteep ? y0 : x0;
    const a1 = isSteep ? y1 : x1;
    const b0 = isSteep ? x0 : y0;
    const slope = a1 === a0 ? 0 : ((isSteep ? x1 : y1) - b0) / (a1 - a0);
    const from = Math.max(isSteep ? top : left, Math.round(Math.min(a0, a1)));
    const to = Math.min(isSteep ? bottom : right, Math.round(Math.max(a0, a1)));
    const least = isSteep ? left : top;
    const most = isSteep ? right : bottom;
    const stepA = isSteep ? width : 1;
    const stepB = isSteep ? 1 : width;
    const rest = 256 - alpha;
    const even = Math.imul(colour & EVEN, alpha);
    const odd = Math.imul((colour >>> 8) & EVEN, alpha);
    let place = b0 + (from - a0) * slope + 0.5;
    for (let a = from; a < to; a++, place += slope) {
      const b = Math.floor(place);
      if (b < least || b >= most) continue;
      const o = a * stepA + b * stepB;
      const under = words[o];
      words[o] =
        (((Math.imul(under & EVEN, rest) + even) >>> 8) & EVEN) |
        ((Math.imul((under >>> 8) & EVEN, rest) + odd) & ~EVEN);
    }
  }

  /** A straight line between two points, its edges softened. `colour` is a word; `alpha` from 0 to 256. */
  line(x0: number, y0: number, x1: number, y1: number, thickness: number, colour: number, alpha: number): void {
    const { words } = this;
    const isSteep = Math.abs(y1 - y0) > Math.abs(x1 - x0);
    const { bottom, left, right, top } = this.box;
    // Along the longer side, one pixel a step.
    const a0 = isSteep ? y0 : x0;
    const a1 = isSteep ? y1 : x1;
    const b0 = isSteep ? x0 : y0;
    const slope = a1 === a0 ? 0 : ((isSteep ? x1 : y1) - b0) / (a1 - a0);
    const least = isSteep ? left : top;
    const most = (isSteep ? right : bottom) - 1;
    const half = (thickness / 2) * Math.sqrt(1 + slope * slope);
    const from = Math.max(isSteep ? top : left, Math.round(Math.min(a0, a1)));
    const to = Math.min((isSteep ? bottom : right) - 1, Math.round(Math.max(a0, a1)));
    const stepA = isSteep ? this.width : 1;
    const stepB = isSteep ? 1 : this.width;
    const evenOf = colour & EVEN;
    const oddOf = (colour >>> 8) & EVEN;
    for (let a = from; a <= to; a++) {
      const middle = b0 + (a - a0) * slope;
      const last = Math.min(most, Math.floor(middle + half + 0.5));
      for (let b = Math.max(least, Math.ceil(middle - half - 0.5)); b <= last; b++) {
        const cover = half + 0.5 - Math.abs(b - middle);
        const strength = (Math.min(1, half * 2, cover) * alpha) | 0;
        if (strength <= 0) continue;
        const o = a * stepA + b * stepB;
        const under = words[o];
        const rest = 256 - strength;
        const even = (Math.imul(under & EVEN, rest) + Math.imul(evenOf, strength)) >>> 8;
        const odd = Math.imul((under >>> 8) & EVEN, rest) + Math.imul(oddOf, strength);
        words[o] = (even & EVEN) | (odd & ~EVEN);
      }
    }
  }
}

/** An opaque colour as a word. */
export const wordOf = (red: number, green: number, blue: number): number =>
  (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0;
