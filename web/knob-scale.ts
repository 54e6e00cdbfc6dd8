/** How the places of a slider stand for the values of a knob. */

export interface Knob {
  readonly path: string;
  readonly min: number;
  readonly max: number;
  readonly step: number | null;
  readonly value: number | null;
}

export interface KnobScale {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** The value at a place, and the place of a value. */
  value(place: number): number;
  place(value: number): number;
}

/** Places of a slider that goes by factors: a hundred between its ends. */
const PLACES = 100;

/** By factors where the largest is at least a thousand times the smallest: there equal steps would never meet the small ones. */
export function scaleOf(knob: Knob): KnobScale {
  const { max, min, step } = knob;
  if (step === null && min > 0 && max / min >= 1000) {
    const rate = Math.log(max / min) / PLACES;
    return {
      min: 0,
      max: PLACES,
      step: 1,
      value: (place) =>
        place >= PLACES ? max : place <= 0 ? min : Number((min * Math.exp(rate * place)).toPrecision(2)),
      place: (value) => Math.log(Math.min(max, Math.max(min, value)) / min) / rate,
    };
  }
  return { min, max, step: step ?? fitting(knob), value: (place) => place, place: (value) => value };
}

/** Whole steps where the knob counts things, else round ones: about a hundred of them. */
function fitting({ max, min, path, value }: Knob): number {
  const counts = /\.(every|last|delay|lag|from|to|at|degree)$/.test(path);
  const isWhole = [min, max, value ?? 0].every(Number.isInteger);
  if (counts || (isWhole && max - min >= 50)) return 1;
  const rough = (max - min) / 100;
  const unit = 10 ** Math.floor(Math.log10(rough) + 1e-9);
  const times = [1, 2, 5, 10].find((one) => one * unit >= rough * (1 - 1e-9)) ?? 10;
  return Number((times * unit).toPrecision(3));
}
