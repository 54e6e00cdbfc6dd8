/**
 * Standard normal draws by the ziggurat method with 256 layers.
 *
 * Source: Marsaglia and Tsang (2000), "The ziggurat method for generating random variables", J. Stat. Software 5(8),
 * in the form of Doornik (2005) that draws the layer and the position from separate bits.
 */

/** Where the base layer's tail begins, and the area of each of the 256 layers. */
const TAIL = 3.6541528853610088;
const AREA = 0.00492867323399;
const LAYERS = 256;

/** Right edges of the layers, and for each the share of its width that lies wholly under the density. */
const edge = new Float64Array(LAYERS + 1);
const inside = new Float64Array(LAYERS);

{
  let f = Math.exp(-0.5 * TAIL * TAIL);
  edge[0] = AREA / f;
  edge[1] = TAIL;
  for (let i = 2; i < LAYERS; i++) {
    const x = Math.sqrt(-2 * Math.log(AREA / edge[i - 1] + f));
    edge[i] = x;
    f = Math.exp(-0.5 * x * x);
  }
  edge[LAYERS] = 0;
  for (let i = 0; i < LAYERS; i++) inside[i] = edge[i + 1] / edge[i];
}

/** What a draw takes its words from: a stream, or one individual's own. */
export interface WordSource {
  word(): number;
  uniform(): number;
}

/** 2^-52: maps 53 random bits to [0, 2). */
const SIGNED_STEP = 2 ** -52;

/**
 * One standard normal draw from two words; `source` gives further ones in the 1.5% of cases in which they do not do.
 * The layer comes from the lowest 8 bits of the second word, the position from the other 53.
 */
export function normalFromWords(high: number, low: number, source: WordSource): number {
  const layer = low & 255;
  const u = ((high >>> 0) * 2097152 + (low >>> 11)) * SIGNED_STEP - 1;
  if (Math.abs(u) < inside[layer]) return u * edge[layer];
  return normalEdge(layer, u, source);
}

/** `normalFromWords` of two words each, into `out` from `start` on: no draw is handed over as a number of its own. */
export function fillNormals(out: Float64Array, start: number, count: number, words: Int32Array, source: WordSource) {
  for (let i = 0; i < count; i++) {
    const low = words[2 * i + 1];
    const layer = low & 255;
    const u = ((words[2 * i] >>> 0) * 2097152 + (low >>> 11)) * SIGNED_STEP - 1;
    if (Math.abs(u) < inside[layer]) out[start + i] = u * edge[layer];
    else out[start + i] = normalEdge(layer, u, source);
  }
}

/** The tail and the wedges: the rare cases. */
function normalEdge(layer: number, u: number, source: WordSource): number {
  if (layer === 0) {
    for (;;) {
      const x = -Math.log(1 - source.uniform()) / TAIL;
      const y = -Math.log(1 - source.uniform());
      if (y + y > x * x) return u < 0 ? -(TAIL + x) : TAIL + x;
    }
  }
  const x = u * edge[layer];
  const below = Math.exp(-0.5 * (edge[layer] * edge[layer] - x * x));
  const above = Math.exp(-0.5 * (edge[layer + 1] * edge[layer + 1] - x * x));
  if (above + source.uniform() * (below - above) < 1) return x;
  return normalFromWords(source.word(), source.word(), source);
}
