/** A frame with all that is drawn and said of it. */
import type { ViewFrame } from '../src/loop/view.js';
import type { DecodedFrame } from './world-frame.js';
import { errorScale, type Kinds, kindsOfBinary, kindsOfNumeric, sized } from './world-kinds.js';
import type { SideNames } from './world-model.js';
import { type Places, placesOf } from './world-motion.js';
import { figure } from './world-numbers.js';
import { orderOf } from './world-people.js';
import { isYesNo, type Plane } from './world-plane.js';
import { type Counts, countsOf, type WorldNames } from './world-words.js';

export interface Scene {
  readonly decoded: DecodedFrame;
  readonly names: WorldNames;
  readonly counts: Counts;
  readonly kinds: Kinds;
  readonly order: Uint16Array;
  /** The error that has the strongest colour, where the outcome is a number. */
  readonly scale: number;
}

export function sceneOf(decoded: DecodedFrame, names: WorldNames, before: Scene | null): Scene {
  const { binary } = decoded.frame;
  const isAlike = before !== null && !before.decoded.frame.binary && before.names.outcome === names.outcome;
  const scale = binary ? 1 : errorScale(decoded, isAlike ? before.scale : null);
  // An amount is neither filled nor hollow.
  const isDecided = names.decision !== null && decoded.amount === null;
  const kinds = sized(binary ? kindsOfBinary(decoded) : kindsOfNumeric(decoded, scale, isDecided), decoded.weight);
  return { decoded, names, counts: countsOf(decoded), kinds, order: orderOf(kinds), scale };
}

/** Of an axis of yes and no, people stand this far apart. */
const SPREAD = 0.36;
/** Multiples of these, whole parts left out, fill a square evenly (Roberts 2018, the R2 sequence). */
const EVENLY = { x: 0.7548776662466927, y: 0.5698402909980532 };

/**
 * Where people stand in a plane; who counts for nothing, nowhere, unless `all` are asked for. Of a yes or no each is put a little up or down, the same at
 * every step.
 */
export function placed(decoded: DecodedFrame, plane: Plane, all = false): Places {
  const { frame, n, shownX, shownY, weight, x, y } = decoded;
  const out = placesOf(n);
  const isSpread = { x: isYesNo(frame.domain.x), y: isYesNo(frame.domain.y) };
  for (let i = 0; i < n; i++) {
    const asideX = isSpread.x ? SPREAD * (((i * EVENLY.x) % 1) - 0.5) : 0;
    const asideY = isSpread.y ? SPREAD * (((i * EVENLY.y) % 1) - 0.5) : 0;
    if (weight?.[i] === 0 && !all) {
      for (const column of [out.x, out.y, out.trueX, out.trueY]) column[i] = Number.NaN;
      continue;
    }
    out.x[i] = plane.x(shownX[i] + asideX);
    out.y[i] = plane.y(shownY[i] + asideY);
    out.trueX[i] = plane.x(x[i] + asideX);
    out.trueY[i] = plane.y(y[i] + asideY);
  }
  return out;
}

/** The names of the two sides of the boundary. */
export function labelsOf({ model }: WorldNames, { model: picture }: ViewFrame): SideNames {
  if (picture?.kind !== 'boundary') return { yes: [], no: [] };
  return { yes: [`${model} > ${figure(picture.threshold)}: yes`, 'yes'], no: ['no'] };
}
