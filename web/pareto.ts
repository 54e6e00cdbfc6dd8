/** Cost against error: each policy a point, and the front of those that no other beats in both. */
import { axisBottom, axisLeft, scaleLinear, select } from 'd3';
import type { Interval } from '../src/study/statistics.js';
import { draw } from './compare-dom.js';
import { figure } from './compare-figures.js';
import { type Box, boxOf, LINE_HEIGHT, placeNames } from './pareto-names.js';

export interface ParetoPoint {
  readonly name: string;
  /** Its colour, as a class. */
  readonly hue: string;
  /** Whether its name stands beside it. */
  readonly named: boolean;
  readonly x: Interval;
  readonly y: Interval;
  /** Whether no other is as good in both and better in one. */
  readonly front: boolean;
}

export interface ParetoSpec {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly points: readonly ParetoPoint[];
}

const MARGIN = { top: 30, right: 12, bottom: 46, left: 54 };
const RADIUS = 6.5;
const LONGEST = 26;

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
    const on = spec.points.map(({ front }) => front);
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
    draw(
      this.svg,
      'text',
      { class: 'axis-title', x: width - MARGIN.right, y: height - 8, 'text-anchor': 'end' },
      spec.x,
    );
    draw(this.svg, 'text', { class: 'axis-title', x: 0, y: 12 }, spec.y);

    const places = spec.points.map((point) => ({ x: x(point.x.mean), y: y(point.y.mean) }));
    const front = places.filter((_, k) => on[k]).sort((a, b) => a.x - b.x);
    // As a staircase: between two policies nothing better is known than the worse of them.
    const stairs = front.map((place, k) => (k === 0 ? `M${place.x},${place.y}` : `H${place.x}V${place.y}`)).join('');
    draw(this.svg, 'path', { class: 'front', d: stairs });

    // What a name should not lie on: points, bars and the front.
    const taken: Box[] = places.map((place) => boxOf(place.x, place.y, place.x, place.y, RADIUS + 1));
    front.forEach((place, k) => {
      const next = front[k + 1] ?? place;
      taken.push(boxOf(place.x, place.y, next.x, place.y, 1), boxOf(next.x, place.y, next.x, next.y, 1));
    });
    for (const [k, { hue, x: across, y: up }] of spec.points.entries()) {
      const group = draw(this.svg, 'g', { class: `point ${hue}${on[k] ? '' : ' dominated'}` });
      const place = places[k];
      const bar = (x1: number, y1: number, x2: number, y2: number) => {
        draw(group, 'path', { class: 'bar', d: `M${x1},${y1}L${x2},${y2}` });
        taken.push(boxOf(x1, y1, x2, y2, 1));
      };
      if (across.low !== null && across.high !== null) bar(x(across.low), place.y, x(across.high), place.y);
      if (up.low !== null && up.high !== null) bar(place.x, y(up.low), place.x, y(up.high));
      draw(group, 'circle', { cx: place.x, cy: place.y, r: RADIUS });
    }

    const room = boxOf(MARGIN.left, MARGIN.top - LINE_HEIGHT / 2, width, bottom, 0);
    const named = spec.points.flatMap(({ hue, name, named: isNamed }, k) =>
      isNamed
        ? [{ name: name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name, hue, on: on[k], ...places[k] }]
        : [],
    );
    placeNames(named, RADIUS + 5, taken, room).forEach(({ left, top }, k) => {
      const look = `name ${named[k].hue}${named[k].on ? '' : ' dominated'}`;
      draw(this.svg, 'text', { class: look, x: left, y: top + LINE_HEIGHT - 4 }, named[k].name);
    });
  }
}

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
