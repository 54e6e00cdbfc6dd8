/** The world as a picture that stands alone: for slides and papers. */
import { select } from 'd3';
import type { Palette } from './palette.js';
import type { DecodedFrame } from './world-frame.js';
import { TINT } from './world-ground.js';
import type { Kinds, Look } from './world-kinds.js';
import { drawModel, drawRegion, type SideNames, shapeOf } from './world-model.js';
import type { Places } from './world-motion.js';
import { orderOf, ROOT, radiusOf, TAIL, TAIL_ALPHA, TAIL_WIDTH } from './world-people.js';
import { drawAxes, planeOf, TITLED } from './world-plane.js';
import { ringOf } from './world-sprites.js';

export interface Picture {
  readonly decoded: DecodedFrame;
  readonly kinds: Kinds;
  readonly looks: readonly Look[];
  readonly palette: Palette;
  readonly labels: SideNames;
  readonly caption: string;
  /** Places in the plane that is given. */
  place(plane: ReturnType<typeof planeOf>, all?: boolean): Places;
}

export function svgOf(picture: Picture, width: number, height: number): string {
  const { caption, decoded, labels, palette } = picture;
  const { frame } = decoded;
  const plane = planeOf(width, height, frame, TITLED);
  const root = select(document.createElementNS('http://www.w3.org/2000/svg', 'svg'))
    .attr('xmlns', 'http://www.w3.org/2000/svg')
    .attr('viewBox', `0 0 ${width} ${height}`)
    .attr('width', width)
    .attr('height', height)
    .attr('role', 'img')
    .attr('aria-label', caption);
  root.append('rect').attr('class', 'world-ground').attr('width', width).attr('height', height);
  const shape = shapeOf(decoded, plane, labels, picture.place(plane, true));
  const back = root.append<SVGGraphicsElement>('g');
  drawRegion(back, plane, shape);
  drawAxes(back, plane, true);
  const { bottom, left, right, top } = plane;
  root
    .append('clipPath')
    .attr('id', 'world-clip')
    .append('rect')
    .attr('x', left)
    .attr('y', top)
    .attr('width', right - left)
    .attr('height', bottom - top);
  root
    .append('g')
    .attr('clip-path', 'url(#world-clip)')
    .node()
    ?.append(...people(picture, plane));
  const front = root.append<SVGGraphicsElement>('g');
  drawModel(front, plane, shape);
  const title = (text: string, x: number, y: number, anchor: string) =>
    front.append('text').attr('class', 'world-title').attr('x', x).attr('y', y).attr('text-anchor', anchor).text(text);
  title(`\u2191 ${frame.y}`, 8, 16, 'start');
  title(`${frame.x} \u2192`, right, height - 8, 'end');
  title(caption, left, height - 8, 'start').attr('class', 'world-caption');
  const text = new XMLSerializer().serializeToString(root.node() as SVGSVGElement);
  // Put in as text: a style element would be refused by the page's own security policy.
  return text.replace('>', `><style>${styleOf(palette)}</style>`);
}

const NAMESPACE = 'http://www.w3.org/2000/svg';

function people(picture: Picture, plane: ReturnType<typeof planeOf>): SVGElement[] {
  const { decoded, kinds, looks } = picture;
  const { trueX, trueY, x, y } = picture.place(plane);
  const radius = radiusOf(decoded.n, plane);
  const tails: SVGElement[] = [];
  const dots: SVGElement[] = [];
  const round = (value: number) => value.toFixed(1);
  for (const i of orderOf(kinds)) {
    if (Number.isNaN(x[i]) || Number.isNaN(y[i])) continue;
    const { alpha, colour, filled, size } = looks[kinds.of[i]];
    const own = size * radius;
    if (Math.hypot(x[i] - trueX[i], y[i] - trueY[i]) > TAIL) {
      const tail = document.createElementNS(NAMESPACE, 'path');
      tail.setAttribute('d', `M${round(trueX[i])},${round(trueY[i])}L${round(x[i])},${round(y[i])}`);
      tail.setAttribute('stroke', colour);
      tail.setAttribute('stroke-width', String(TAIL_WIDTH));
      tail.setAttribute('stroke-opacity', (TAIL_ALPHA * alpha).toFixed(2));
      tails.push(tail);
      const root = document.createElementNS(NAMESPACE, 'circle');
      root.setAttribute('cx', round(trueX[i]));
      root.setAttribute('cy', round(trueY[i]));
      root.setAttribute('r', round(ROOT * own));
      root.setAttribute('fill', colour);
      root.setAttribute('opacity', String(alpha));
      tails.push(root);
    }
    const dot = document.createElementNS(NAMESPACE, 'circle');
    const line = ringOf(own);
    dot.setAttribute('cx', round(x[i]));
    dot.setAttribute('cy', round(y[i]));
    dot.setAttribute('r', round(filled ? own : own - line / 2));
    dot.setAttribute('fill', filled ? colour : 'none');
    if (!filled) {
      dot.setAttribute('stroke', colour);
      dot.setAttribute('stroke-width', round(line));
    }
    dot.setAttribute('opacity', String(alpha));
    dots.push(dot);
  }
  return [...tails, ...dots];
}

/** As the page's style sheet says it, with the colours in force. */
function styleOf({ font, ink, panel, quiet, rule }: Palette): string {
  return [
    `text{font-family:${font.replace(/["<>&]/g, "'")};font-size:12px;fill:${quiet}}`,
    `.world-ground{fill:${panel}}`,
    '.world-axis .domain{display:none}',
    `.world-axis line{stroke:${rule}}`,
    `.world-region{fill:${ink};fill-opacity:${TINT}}`,
    `.world-halo,.world-line{fill:none;stroke-linejoin:round}.world-halo{stroke:${panel};stroke-width:6;stroke-opacity:.8}`,
    `.world-line{stroke:${ink};stroke-width:2.5}`,
    `.world-yes,.world-no{font-weight:600;fill:${ink};stroke:${panel};stroke-width:6;stroke-linejoin:round;paint-order:stroke}`,
    `.world-title{font-weight:600;fill:${ink}}`,
  ].join('');
}
