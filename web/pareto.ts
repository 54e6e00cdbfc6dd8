/** Cost against error: each policy a point, and the front of those that no other beats in both. */
import { axisBottom, axisLeft, scaleLinear, select } from 'd3';
import type { Interval } from '../src/study/statistics.js';
import { figure } from './compare-figures.js';

/**
 * Which points are on the front when less is better on both axes: those for which no other is as good in both and better
 * in one. Points that are alike are on it together.
 *
 * Source: Pareto (1906), "Manuale di economia politica"; the definition of Deb (2001), "Multi-Objective Optimization
 * using Evolutionary Algorithms", section 2.4.
 */
export function paretoFront(points: readonly { readonly x: number; readonly y: number }[]): boolean[] {
  return points.map((point) => !points.some((other) => dominates(other, point)));
}

const dominates = (a: { x: number; y: number }, b: { x: number; y: number }): boolean =>
  a.x <= b.x && a.y <= b.y && (a.x < b.x || a.y < b.y);

export interface ParetoPoint {
  readonly name: string;
  /** Its place in the scale of colours. */
  readonly index: number;
  readonly x: Interval;
  readonly y: Interval;
}

export interface ParetoSpec {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly points: readonly ParetoPoint[];
}

const MARGIN = { top: 14, right: 18, bottom: 46, left: 64 };
const RADIUS = 6.5;
const LINE_HEIGHT = 16;
/** Of a letter of a label, on average: labels are placed before they are drawn. */
const LETTER = 7;

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export class ParetoChart {
  private readonly svg: SVGSVGElement;
  private readonly watcher: ResizeObserver;
  private spec: ParetoSpec | null = null;

  constructor(host: HTMLElement) {
    this.svg = select(host).append('svg').attr('class', 'pareto').attr('role', 'img').node() as SVGSVGElement;
    this.watcher = new ResizeObserver(() => this.render());
    this.watcher.observe(this.svg);
  }

  destroy(): void {
    this.watcher.disconnect();
    this.svg.remove();
  }

  draw(spec: ParetoSpec): void {
    this.spec = spec;
    this.render();
  }

  private render(): void {
    const { spec } = this;
    const { clientHeight: height, clientWidth: width } = this.svg;
    if (spec === null || width === 0) return;
    const on = paretoFront(spec.points.map(({ x, y }) => ({ x: x.mean, y: y.mean })));
    const x = scaleLinear(domainOf(spec.points.map((point) => point.x)), [MARGIN.left + 6, width - MARGIN.right]).nice(
      4,
    );
    const y = scaleLinear(domainOf(spec.points.map((point) => point.y)), [height - MARGIN.bottom, MARGIN.top]).nice(5);
    const svg = select(this.svg).attr('viewBox', `0 0 ${width} ${height}`).attr('aria-label', describe(spec, on));
    svg.selectAll('*').remove();

    const bottom = height - MARGIN.bottom;
    svg
      .append('g')
      .attr('class', 'axis')
      .attr('transform', `translate(0,${bottom})`)
      .call(
        axisBottom(x)
          .ticks(width < 420 ? 4 : 6)
          .tickSize(-(bottom - MARGIN.top))
          .tickPadding(8),
      );
    svg
      .append('g')
      .attr('class', 'axis')
      .attr('transform', `translate(${MARGIN.left},0)`)
      .call(
        axisLeft(y)
          .ticks(5)
          .tickSize(-(width - MARGIN.left - MARGIN.right))
          .tickPadding(8)
          .tickFormat((v) => figure(+v)),
      );
    const middle = (MARGIN.left + width - MARGIN.right) / 2;
    svg
      .append('text')
      .attr('class', 'axis-title')
      .attr('x', middle)
      .attr('y', height - 8)
      .attr('text-anchor', 'middle')
      .text(spec.x);
    svg
      .append('text')
      .attr('class', 'axis-title')
      .attr('transform', `translate(13,${(MARGIN.top + bottom) / 2}) rotate(-90)`)
      .attr('text-anchor', 'middle')
      .text(spec.y);

    const places = spec.points.map((point) => ({ x: x(point.x.mean), y: y(point.y.mean) }));
    const front = places.filter((_, k) => on[k]).sort((a, b) => a.x - b.x);
    // As a staircase: between two policies nothing better is known than the worse of them.
    const stairs = front.map((place, k) => (k === 0 ? `M${place.x},${place.y}` : `H${place.x}V${place.y}`)).join('');
    svg.append('path').attr('class', 'front').attr('d', stairs);

    for (const [k, { index, x: across, y: up }] of spec.points.entries()) {
      const group = svg.append('g').attr('class', `point scale-${index % 8}${on[k] ? '' : ' dominated'}`);
      const place = places[k];
      if (across.low !== null && across.high !== null)
        group
          .append('path')
          .attr('class', 'bar')
          .attr('d', `M${x(across.low)},${place.y}H${x(across.high)}`);
      if (up.low !== null && up.high !== null)
        group
          .append('path')
          .attr('class', 'bar')
          .attr('d', `M${place.x},${y(up.low)}V${y(up.high)}`);
      group.append('circle').attr('cx', place.x).attr('cy', place.y).attr('r', RADIUS);
    }
    this.labels(spec.points, places, on, { left: MARGIN.left, top: 0, width: width - MARGIN.left, height: bottom });
  }

  /** Names beside their points: to the right where there is room, else on the side where they meet nothing. */
  private labels(
    points: readonly ParetoPoint[],
    places: readonly { x: number; y: number }[],
    on: readonly boolean[],
    room: Box,
  ): void {
    const taken: Box[] = places.map(({ x, y }) => around(x, y));
    for (const [k, { index, name }] of points.entries()) {
      const text = name.length > 26 ? `${name.slice(0, 25)}…` : name;
      const width = text.length * LETTER;
      const { x, y } = places[k];
      const gap = RADIUS + 5;
      const spots = [0, 1, -1, 2, -2, 3, -3].flatMap((rows) => {
        const top = y - LINE_HEIGHT / 2 + rows * LINE_HEIGHT;
        return [x + gap, x - gap - width, ...(rows === 0 ? [] : [x - width / 2])].map((left) => ({
          left,
          top,
          width,
          height: LINE_HEIGHT,
        }));
      });
      const free = spots.filter((spot) => within(spot, room));
      const spot = free.find((one) => !taken.some((other) => meet(one, other))) ?? free[0] ?? spots[0];
      taken.push(spot);
      select(this.svg)
        .append('text')
        .attr('class', `name scale-${index % 8}${on[k] ? '' : ' dominated'}`)
        .attr('x', spot.left)
        .attr('y', spot.top + LINE_HEIGHT - 4)
        .text(text);
    }
  }
}

const around = (x: number, y: number): Box => ({
  left: x - RADIUS - 1,
  top: y - RADIUS - 1,
  width: 2 * RADIUS + 2,
  height: 2 * RADIUS + 2,
});
const within = (a: Box, room: Box): boolean =>
  a.left >= room.left &&
  a.left + a.width <= room.left + room.width &&
  a.top >= room.top &&
  a.top + a.height <= room.height;
const meet = (a: Box, b: Box): boolean =>
  a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;

/** All means and bars, with some room; one point alone still has some. */
function domainOf(intervals: readonly Interval[]): [number, number] {
  const ends = intervals.flatMap(({ high, low, mean }) => [mean, low ?? mean, high ?? mean]);
  const low = Math.min(...ends);
  const high = Math.max(...ends);
  if (!Number.isFinite(low)) return [0, 1];
  const room = Math.max((high - low) * 0.08, Math.abs(high) * 0.01, 1e-9);
  return [low >= 0 ? Math.max(0, low - room) : low - room, high + room];
}

/** What one sees, for who does not. */
function describe({ points, title, x, y }: ParetoSpec, on: readonly boolean[]): string {
  const said = points.map(
    (point, k) => `${point.name}: ${figure(point.y.mean)} at ${figure(point.x.mean)}${on[k] ? ', on the front' : ''}`,
  );
  return `${title}. ${y} against ${x}. ${said.join('; ')}.`;
}
