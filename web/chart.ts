/** The chart: lab, observed and actual as lines of the same metric, the twin as a ghost, events as marks. */
import { axisBottom, axisLeft, extent, line, type Selection, scaleLinear, select } from 'd3';
import { LABELS, type Point, type Run, VANTAGES, type VantageName } from './run.js';
import { figure } from './words.js';

/** The order of drawing: what matters most lies on top. */
const ORDER: readonly VantageName[] = ['twin', 'lab', 'observed', 'actual'];
const LABEL_HEIGHT = 17;

export class Chart {
  private readonly svg: Selection<SVGSVGElement, unknown, null, undefined>;
  private readonly layers;

  constructor(element: SVGSVGElement) {
    this.svg = select(element);
    this.layers = {
      y: this.svg.append('g'),
      x: this.svg.append('g'),
      marks: this.svg.append('g'),
      lines: this.svg.append('g'),
      ends: this.svg.append('g'),
    };
  }

  draw(run: Run): void {
    const { clientHeight: height, clientWidth: width } = this.svg.node() as SVGSVGElement;
    if (width === 0 || run.header === null) return;
    const narrow = width < 560;
    const margin = { top: 26, right: narrow ? 104 : 176, bottom: 30, left: 46 };
    this.svg.attr('viewBox', `0 0 ${width} ${height}`);
    const x = scaleLinear([0, Math.max(1, run.header.steps - 1)], [margin.left, width - margin.right]);
    const y = scaleLinear(domain(run), [height - margin.bottom, margin.top]).nice();
    this.layers.x.attr('transform', `translate(0,${height - margin.bottom})`).call(
      axisBottom(x)
        .ticks(narrow ? 4 : 8)
        .tickSize(0)
        .tickPadding(10),
    );
    this.layers.y.attr('transform', `translate(${margin.left},0)`).call(
      axisLeft(y)
        .ticks(5)
        .tickSize(-(width - margin.left - margin.right)),
    );
    this.marks(run, x, margin.top, height - margin.bottom, narrow);
    const path = line<Point>()
      .defined(({ value }) => value !== null)
      .x(({ t }) => x(t))
      .y(({ value }) => y(value ?? 0));
    this.layers.lines
      .selectAll<SVGPathElement, VantageName>('path')
      .data(ORDER)
      .join('path')
      .attr('class', (name) => `line ${name}`)
      .attr('d', (name) => path(run.lines[name]));
    this.ends(run, x, y, narrow);
  }

  /** Mechanisms that begin or end as lines with their name; deployments as triangles on the axis. */
  private marks(run: Run, x: (t: number) => number, top: number, bottom: number, narrow: boolean): void {
    const shown = run.events.filter(({ kind, t }) => t >= 0 && kind !== 'deploy' && kind !== 'note');
    this.layers.marks
      .selectAll('line')
      .data(shown)
      .join('line')
      .attr('class', 'mark')
      .attr('x1', ({ t }) => x(t))
      .attr('x2', ({ t }) => x(t))
      .attr('y1', top)
      .attr('y2', bottom);
    this.layers.marks
      .selectAll('text')
      .data(narrow ? [] : shown)
      .join('text')
      .attr('x', ({ t }) => x(t) + 4)
      .attr('y', (_, k) => top - 12 + 14 * (k % 2))
      .text(({ message, name }) => `${shortName(name)} ${message}`);
    this.layers.marks
      .selectAll('path')
      .data(run.events.filter(({ kind }) => kind === 'deploy'))
      .join('path')
      .attr('class', 'deploy')
      .attr('d', ({ t }) => `M${x(t)},${bottom - 6}l4,7h-8z`);
  }

  /** The names at the ends of the lines, moved apart where they would meet. */
  private ends(run: Run, x: (t: number) => number, y: (value: number) => number, narrow: boolean): void {
    const ends = VANTAGES.flatMap((name) => {
      const last = run.lines[name].findLast(({ value }) => value !== null);
      if (last?.value == null) return [];
      const text = narrow ? LABELS[name] : `${LABELS[name]} ${figure(last.value)}`;
      return [{ name, text, x: x(last.t), y: y(last.value) }];
    }).sort((a, b) => a.y - b.y);
    for (let k = 1; k < ends.length; k++) ends[k].y = Math.max(ends[k].y, ends[k - 1].y + LABEL_HEIGHT);
    this.layers.ends
      .selectAll('text')
      .data(ends)
      .join('text')
      .attr('class', ({ name }) => `end ${name}`)
      .attr('x', (end) => end.x + 8)
      .attr('y', (end) => end.y + 4)
      .text(({ text }) => text);
  }
}

/** `gaming` of `respond.gaming`. */
export const shortName = (id: string): string => id.slice(id.indexOf('.') + 1);

/** All values, with some room; a flat line still has a height. */
function domain(run: Run): [number, number] {
  const values = VANTAGES.flatMap((name) => run.lines[name].map(({ value }) => value)).filter((v) => v !== null);
  const [low, high] = extent(values);
  if (low === undefined || high === undefined) return [0, 1];
  const room = Math.max((high - low) * 0.08, Math.abs(high) * 0.02, 1e-9);
  return [low - room, high + room];
}
