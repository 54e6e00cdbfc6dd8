/** Moves labels apart: each as near to where it wants to be as the others allow, in the same order, inside a span. */

export interface Wish {
  /** Centre. */
  readonly y: number;
  readonly height: number;
}

interface Cluster {
  wishes: number[];
  /** Sum over members of (wish - offset inside the cluster), whose mean is the least-squares place of its top. */
  sum: number;
  height: number;
  top: number;
}

/** The centres, in the order given. Least squares by pooling neighbours that would overlap (isotonic regression). */
export function spread(wishes: readonly Wish[], top: number, bottom: number): number[] {
  const order = wishes.map((_, k) => k).sort((a, b) => wishes[a].y - wishes[b].y || a - b);
  const place = (cluster: Cluster): void => {
    const free = cluster.sum / cluster.wishes.length;
    cluster.top = Math.max(top, Math.min(bottom - cluster.height, free));
  };
  const clusters: Cluster[] = [];
  for (const k of order) {
    const { height, y } = wishes[k];
    let own: Cluster = { wishes: [k], sum: y - height / 2, height, top: 0 };
    place(own);
    for (
      let above = clusters.at(-1);
      above !== undefined && above.top + above.height > own.top;
      above = clusters.at(-1)
    ) {
      own = {
        wishes: [...above.wishes, ...own.wishes],
        sum: above.sum + own.sum - own.wishes.length * above.height,
        height: above.height + own.height,
        top: 0,
      };
      place(own);
      clusters.pop();
    }
    clusters.push(own);
  }
  const centres = new Array<number>(wishes.length);
  for (const cluster of clusters) {
    let at = cluster.top;
    for (const k of cluster.wishes) {
      centres[k] = at + wishes[k].height / 2;
      at += wishes[k].height;
    }
  }
  return centres;
}
