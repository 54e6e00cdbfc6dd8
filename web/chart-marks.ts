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
/** Between a mark and its words, and between these and the next mark. */
const PAD = 4;

export interface PlacedMark {
  readonly key: string;
  readonly lane: Lane;
  /** One, or those that are merged. */
  readonly marks: readonly ChartMark[];
  readonly x: number;
  /** In the mark: how many it stands for, or the numbers of its scenes; empty is a symbol. */
  readonly text: string;
  /** Empty where there is no room. */
  readonly words: string;
  readonly wordsX: number;
  readonly anchor: 'start' | 'end';
}

/** Half the width of a mark with a text in it, or of its symbol. */
export const halfOf = (text: string): number => (text === '' ? SYMBOL : Math.max(DISC, 4 + 3.5 * text.length));
const SYMBOL = 7;
export const DISC = 8.5;

/**
 * Merges from the left: a mark joins the one before where that began less than a target's width ago, or less than that is
 * wide. What stands stays where it is when the run grows.
 */
export function placeMarks(
  marks: readonly ChartMark[],
  x: (t: number) => number,
  left: number,
  right: number,
  measure: Measure | null,
): PlacedMark[] {
  const placed: PlacedMark[] = [];
  const story = marks.filter(({ kind }) => kind === 'story');
  const textOf = (of: readonly ChartMark[]): string => {
    if (of[0].kind !== 'story') return of.length === 1 ? '' : String(of.length);
    const [first, last] = [story.indexOf(of[0]) + 1, story.indexOf(of[of.length - 1]) + 1];
    return first === last ? String(first) : `${first}–${last}`;
  };
  for (const lane of ['events', 'story', 'axis'] as const) {
    const own = marks
      .filter((mark) => laneOf(mark) === lane && x(Math.max(0, mark.t)) >= left - 0.5 && x(mark.t) <= right + 0.5)
      .sort((a, b) => a.t - b.t);
    const clusters: { x: number; marks: ChartMark[] }[] = [];
    for (const mark of own) {
      const at = x(Math.max(0, mark.t));
      const last = clusters.at(-1);
      if (last !== undefined && at - last.x < Math.max(TARGET, spread(textOf(last.marks)))) last.marks.push(mark);
      else clusters.push({ x: at, marks: [mark] });
    }
    let taken = left - TARGET / 2;
    clusters.forEach((cluster, k) => {
      const text = textOf(cluster.marks);
      const beside = halfOf(text) + PAD;
      const next = clusters[k + 1];
      const end = next === undefined ? right + TARGET : next.x - halfOf(textOf(next.marks));
      const all = lane === 'events' && measure !== null ? wordsOf(cluster.marks) : '';
      const width = all === '' || measure === null ? 0 : measure(all, WORDS);
      const after = cluster.x + beside + width + PAD <= end;
      const ahead = !after && cluster.x - beside - width >= taken + PAD;
      const words = after || ahead ? all : '';
      placed.push({
        key: `${lane}:${cluster.marks[0].t}:${cluster.marks[0].label}`,
        lane,
        marks: cluster.marks,
        x: cluster.x,
        text,
        words,
        wordsX: after ? cluster.x + beside : cluster.x - beside,
        anchor: after ? 'start' : 'end',
      });
      taken = cluster.x + halfOf(text) + (after ? PAD + width : 0);
    });
  }
  return placed;
}

/** Between the middles of two pills that are as wide as this one; a mark alone is narrower than a finger. */
const spread = (text: string): number => (text.length < 2 ? 0 : 2 * halfOf(text) + 1);

const wordsOf = (marks: readonly ChartMark[]): string =>
  marks.length === 1 ? marks[0].label : `${marks[0].label} + ${marks.length - 1}`;

/** What a screen reader says. */
export function spokenMark({ marks }: PlacedMark): string {
  const one = (mark: ChartMark): string => `${when(mark)}: ${mark.label}. ${mark.text}`;
  return marks.length === 1 ? one(marks[0]) : `${marks.length} events. ${marks.slice(0, 12).map(one).join(' ')}`;
}

export const when = ({ t }: ChartMark): string => (t < 0 ? 'In the lab' : `Step ${t}`);
