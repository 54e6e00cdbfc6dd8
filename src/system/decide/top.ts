/**
 * Top k: chosen are the k people, or the share of people, with the highest scores; also within each group, which gives each
 * the same rate. Ties are broken at random. With weights, people are taken as long as their weight fits into the share.
 *
 * Source: Kleinberg, Mullainathan, Raghavan (2017), "Inherent trade-offs in the fair determination of risk scores", ITCS
 * (equal rates: statistical parity).
 */
import type { Formula } from '../../core/formula/index.js';
import type { Frame } from '../../core/frame.js';
import { fillUniform } from '../../core/random/index.js';
import type { Rule } from './decide.js';

export function top(
  score: Formula,
  most: { readonly share: Formula } | { readonly count: Formula },
  by: string | null,
): Rule {
  return (frame, id, out, chance) => {
    const scores = frame.buffer('scores');
    score.evaluate(frame.environment(`${id}.score`), scores);
    const ties = frame.buffer('draws');
    fillUniform(frame.stream(`${id}.ties`), ties, frame.rows);
    const limit = 'share' in most ? most.share : most.count;
    const size = limit.number(frame.environment(`${id}.top`));
    out.fill(0);
    for (const rows of groupsOf(frame, by)) {
      rows.sort((a, b) => scores[b] - scores[a] || ties[a] - ties[b]);
      const total = rows.reduce((sum, i) => sum + weightOf(frame, i), 0);
      let room = ('share' in most ? size * total : size) * (1 + 1e-12);
      for (const i of rows) {
        room -= weightOf(frame, i);
        if (room < 0 || Number.isNaN(scores[i])) break;
        out[i] = 1;
      }
    }
    chance.set(out);
  };
}

const weightOf = ({ weights }: Frame, i: number): number => (weights === null ? 1 : weights[i]);

/** Rows that can be chosen, by group; who has no score comes last of all. */
function groupsOf(frame: Frame, by: string | null): number[][] {
  const groups = new Map<number, number[]>();
  const column = by === null ? null : frame.column(by);
  for (let i = 0; i < frame.rows; i++) {
    if (weightOf(frame, i) === 0) continue;
    const key = column === null ? 0 : column[i];
    const rows = groups.get(key);
    if (rows === undefined) groups.set(key, [i]);
    else rows.push(i);
  }
  return [...groups.values()];
}
