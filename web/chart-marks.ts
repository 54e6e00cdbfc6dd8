/** Where the marks of events stand: in lanes, and merged where they would overlap. */

import type { Measure } from './chart-measure.js';
import type { ChartMark } from './chart-spec.js';

/** What happened above the plot; the story in a lane of its own; deployments on the axis. */
export type Lane = 'events' | 'story' | 'axis';
export const laneOf = ({ kind }: ChartMark): Lane =>
  kind === 'deploy' ? 'axis' : kind === 'story' ? 'story' : 'events';

/** Marks nearer than this are one: a finger must be able to point at it (WCAG 2.2, 2.5.8). */
export const TARGET = 24;
export const WORDS = { size: 12 } as const;
const PAD = 10;

export interface PlacedMark {
  readonly key: string;
  readonly lane: Lane;
  /** One, or those that are merged. */
  readonly marks: readonly ChartMark[];
  readonly x: number;
  /** Empty where there is no room. */
  readonly words: string;
  readonly wordsX: number;
  readonly anchor: 'start' | 'end';
}

/**
 * Merges from the left: a mark joins the one before where that began less than a target's width ago. What stands stays
 * where it is when the run grows.
 */
export function placeMarks(
  marks: readonly ChartMark[],
  x: (t: number) => number,
  left: number,
  right: number,
  measure: Measure | null,
): PlacedMark[] {
  const placed: PlacedMark[] = [];
  for (const lane of ['events', 'story', 'axis'] as const) {
    const own = marks
      .filter((mark) => laneOf(mark) === lane && x(Math.max(0, mark.t)) >= left - 0.5 && x(mark.t) <= right + 0.5)
      .sort((a, b) => a.t - b.t);
    const clusters: { x: number; marks: ChartMark[] }[] = [];
    for (const mark of own) {
      const at = x(Math.max(0, mark.t));
      const last = clusters.at(-1);
      if (last !== undefined && at - last.x < TARGET) last.marks.push(mark);
      else clusters.push({ x: at, marks: [mark] });
    }
    let taken = left - PAD;
    clusters.forEach((cluster, k) => {
      const next = clusters[k + 1]?.x ?? right + TARGET;
      const text = lane === 'events' && measure !== null ? wordsOf(cluster.marks) : '';
      const width = text === '' || measure === null ? 0 : measure(text, WORDS);
      const after = cluster.x + PAD + width + PAD <= next;
      const ahead = !after && cluster.x - PAD - width >= taken + 4;
      const words = after || ahead ? text : '';
      placed.push({
        key: `${lane}:${cluster.marks[0].t}:${cluster.marks[0].label}`,
        lane,
        marks: cluster.marks,
        x: cluster.x,
        words,
        wordsX: after ? cluster.x + PAD : cluster.x - PAD,
        anchor: after ? 'start' : 'end',
      });
      taken = cluster.x + PAD + (after ? width : 0);
    });
  }
  return placed;
}

const wordsOf = (marks: readonly ChartMark[]): string =>
  marks.length === 1 ? marks[0].label : `${marks[0].label} + ${marks.length - 1}`;

/** What a screen reader says. */
export function spokenMark({ marks }: PlacedMark): string {
  const one = (mark: ChartMark): string => `${when(mark)}: ${mark.label}. ${mark.text}`;
  return marks.length === 1 ? one(marks[0]) : `${marks.length} events. ${marks.slice(0, 12).map(one).join(' ')}`;
}

export const when = ({ t }: ChartMark): string => (t < 0 ? 'In the lab' : `Step ${t}`);
