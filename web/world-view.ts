/**
 * The world: people over two fields, coloured by what was decided of them and what then happened, with the deployed model
 * through them. People keep their identity from step to step, so that one sees them cross the line.
 */
import { select } from 'd3';
import type { ViewFrame } from '../src/loop/view.js';
import { onThemeChange, type Palette, paletteOf } from './palette.js';
import { build, offer, type Parts, writeLegend, writeReadout } from './world-dom.js';
import { decode } from './world-frame.js';
import { type Look, looksOfBinary, looksOfNumeric, sizedLooks } from './world-kinds.js';
import { drawModel, shapeOf } from './world-model.js';
import { copied, Motion } from './world-motion.js';
import { type Crowd, PeoplePainter, radiusOf } from './world-people.js';
import { isArrow, nearestTo, nextFrom } from './world-pick.js';
import { drawAxes, type Group, type Plane, planeOf } from './world-plane.js';
import { labelsOf, placed, type Scene, sceneOf } from './world-scene.js';
import { svgOf } from './world-svg.js';
import { Voice } from './world-voice.js';
import { legendOf, notShown, personOf, summaryOf, type WorldNames } from './world-words.js';

export type { WorldNames } from './world-words.js';

export interface WorldHooks {
  /** Other axes are wanted. */
  onFields(x: string, y: string): void;
  /** A person is picked (its row), or let go. */
  onPerson?(row: number | null): void;
}

const INVITATION = 'Click a person to follow them, or use arrow keys.';
const LEFT = 'Whom you followed has left the population.';

export class WorldView {
  private readonly parts: Parts;
  private readonly painter: PeoplePainter;
  private readonly voice: Voice;
  private readonly motion = new Motion();
  private readonly calm = matchMedia('(prefers-reduced-motion: reduce)');
  private readonly endings: (() => void)[] = [];
  private palette: Palette;
  private scene: Scene | null = null;
  private plane: Plane | null = null;
  private leaving: Crowd | null = null;
  private looks: readonly Look[] = [];
  private radius = 3;
  private picked: number | null = null;
  private size = { width: 0, height: 0 };
  private drawn = '';
  private asked = 0;
  private isMoving = false;

  constructor(
    host: HTMLElement,
    private readonly hooks: WorldHooks,
  ) {
    this.parts = build(host);
    this.painter = new PeoplePainter(this.parts.canvas);
    this.voice = new Voice(this.parts.spoken);
    this.palette = paletteOf(host);
    const observer = new ResizeObserver(() => this.resize());
    observer.observe(this.parts.stage);
    this.endings.push(
      () => observer.disconnect(),
      onThemeChange(() => {
        this.palette = paletteOf(host);
        this.dress();
        this.ask();
      }),
    );
    this.listen();
    this.resize();
  }

  /** Fields that may be axes; in a recording they are what they are. */
  fields(all: readonly string[], isFixed = false): void {
    for (const chooser of [this.parts.x, this.parts.y]) chooser.disabled = isFixed;
    const frame = this.scene?.decoded.frame ?? null;
    offer(this.parts.x, all, frame?.x ?? null);
    offer(this.parts.y, all, frame?.y ?? null);
  }

  /** The next step of the world, to which people move within `duration` milliseconds. */
  show(frame: ViewFrame, names: WorldNames, { duration }: { duration: number }): void {
    const before = this.scene;
    const decoded = decode(frame);
    // The same step over other axes: everybody is who they were.
    if (before?.decoded.frame.t === frame.t) decoded.entered.fill(0);
    this.scene = sceneOf(decoded, names, before);
    const { parts } = this;
    parts.empty.hidden = true;
    parts.canvas.hidden = false;
    if (parts.x.options.length === 0) this.fields([frame.x, frame.y]);
    offer(
      parts.x,
      [...parts.x.options].map(({ value }) => value),
      frame.x,
    );
    offer(
      parts.y,
      [...parts.y.options].map(({ value }) => value),
      frame.y,
    );
    const old = before?.decoded ?? null;
    if (
      old === null ||
      old.frame.binary !== frame.binary ||
      old.n !== decoded.n ||
      (old.weight === null) !== (decoded.weight === null)
    )
      this.dress();
    this.move(before, duration);
    this.follow(before);
    this.write();
    this.ask();
  }

  /** While the run is played nobody is told each step; the step at which it comes to rest is said. */
  hush(isMoving: boolean): void {
    const isOver = this.isMoving && !isMoving;
    this.isMoving = isMoving;
    if (isOver) this.speak(false);
  }

  /** The present picture as an SVG file's text. */
  svg(width: number, height: number): string {
    const { scene } = this;
    if (scene === null) return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"/>`;
    const { counts, decoded, kinds, names } = scene;
    return svgOf(
      {
        decoded,
        kinds,
        looks: this.looks,
        palette: this.palette,
        labels: labelsOf(names, decoded.frame),
        caption: summaryOf(decoded, counts, names),
        place: (plane, all) => placed(decoded, plane, all),
      },
      width,
      height,
    );
  }

  destroy(): void {
    for (const end of this.endings) end();
    cancelAnimationFrame(this.asked);
    this.voice.stop();
    this.scene = null;
  }

  // --- Drawing ---

  private ask(): void {
    if (this.asked !== 0) return;
    this.asked = requestAnimationFrame((time) => {
      this.asked = 0;
      this.draw(time);
      if (this.motion.moving) this.ask();
    });
  }

  private draw(time: number): void {
    const { plane, scene } = this;
    if (scene === null || plane === null) return;
    const places = this.motion.at(time);
    const crowd = { places, kinds: scene.kinds, order: scene.order, entered: scene.decoded.entered };
    this.painter.paint(crowd, this.leaving, this.motion.progress);
    if (!this.motion.moving) this.leaving = null;
    if (this.picked !== null)
      this.painter.ring(places.x[this.picked], places.y[this.picked], this.radius, this.palette);
  }

  private move(before: Scene | null, duration: number): void {
    const { motion, scene } = this;
    if (scene === null) return;
    const isSameSize = this.layOut();
    const { plane } = this;
    if (plane === null) return;
    const { decoded } = scene;
    const { frame } = decoded;
    const old = before?.decoded.frame;
    // Back in time nobody is who stood there before.
    const canMove = isSameSize && old !== undefined && old.t <= frame.t && !this.calm.matches;
    if (before !== null && canMove) {
      this.leaving = { ...before, places: copied(motion.places), entered: decoded.entered };
    } else this.leaving = null;
    motion.move(placed(decoded, plane), decoded.entered, performance.now(), canMove ? duration : 0);
  }

  /** Plane, axes and model, where they have changed; whether the size has stayed. */
  private layOut(): boolean {
    const { palette, scene, size } = this;
    if (scene === null || size.width === 0) return false;
    const { decoded, names } = scene;
    const { frame } = decoded;
    const before = this.plane;
    this.plane = planeOf(size.width, size.height, frame);
    const { model } = frame;
    const threshold = model?.kind === 'boundary' ? model.threshold : '';
    const key = `${size.width} ${size.height} ${devicePixelRatio} ${frame.domain.x} ${frame.domain.y} ${threshold} ${palette.ink} ${model?.values ?? ''}`;
    if (key !== this.drawn) {
      this.drawn = key;
      const shape = shapeOf(decoded, this.plane, labelsOf(names, frame), placed(decoded, this.plane, true));
      this.painter.lay(this.plane, shape.region, palette);
      const over = layer(this.parts.over);
      drawAxes(over, this.plane, false);
      drawModel(over, this.plane, shape);
    }
    return before !== null && before.width === size.width && before.height === size.height;
  }

  private resize(): void {
    const { clientHeight: height, clientWidth: width } = this.parts.stage;
    this.size = { width, height };
    this.parts.over.setAttribute('viewBox', `0 0 ${width} ${height}`);
    const { scene } = this;
    if (scene === null || width === 0) return;
    this.layOut();
    if (this.plane !== null) this.motion.jump(placed(scene.decoded, this.plane));
    this.leaving = null;
    this.dress();
    this.ask();
  }

  /** Colours and sizes of the people. */
  private dress(): void {
    const { palette, scene } = this;
    if (scene === null) return;
    const { frame, n, weight } = scene.decoded;
    this.looks = sizedLooks(frame.binary ? looksOfBinary(palette) : looksOfNumeric(palette), weight !== null);
    this.layOut();
    if (this.plane !== null) this.radius = radiusOf(n, this.plane);
    this.painter.dress(this.looks, this.radius, palette);
  }

  // --- Hands ---

  private listen(): void {
    const { stage, x, y } = this.parts;
    const axes = () => this.hooks.onFields(x.value, y.value);
    x.addEventListener('change', axes);
    y.addEventListener('change', axes);
    stage.addEventListener('click', (event) => {
      const box = stage.getBoundingClientRect();
      this.pick(nearestTo(this.motion.places, event.clientX - box.left, event.clientY - box.top));
    });
    stage.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.pick(null);
      else if (isArrow(event.key) && this.plane !== null && this.scene !== null)
        this.pick(nextFrom(this.motion.places, this.picked, event.key, this.plane));
      else return;
      event.preventDefault();
    });
  }

  private pick(row: number | null): void {
    if (row === this.picked) return;
    this.picked = row;
    this.hooks.onPerson?.(row);
    if (row === null) writeReadout(this.parts.readout, INVITATION, [], null);
    this.write();
    this.speak(true);
    this.ask();
  }

  /** Who is followed stays so until replaced. */
  private follow(before: Scene | null): void {
    const { picked, scene } = this;
    if (picked === null || scene === null) return;
    const { entered, frame, n } = scene.decoded;
    const isGone = picked >= n || entered[picked] === 1 || (before !== null && before.decoded.frame.t > frame.t);
    if (!isGone) return;
    this.picked = null;
    this.hooks.onPerson?.(null);
    writeReadout(this.parts.readout, LEFT, [], null);
  }

  // --- Words ---

  private write(): void {
    const { parts, picked, scene } = this;
    if (scene === null) return;
    const { counts, decoded, names } = scene;
    writeLegend(parts.legend, legendOf(decoded, counts, names, scene.scale));
    const note = notShown(decoded, counts);
    if (parts.note.textContent !== note) parts.note.textContent = note;
    if (picked === null) {
      if (!parts.readout.textContent?.startsWith(LEFT)) writeReadout(parts.readout, INVITATION, [], null);
    } else writeReadout(parts.readout, `Person ${picked + 1}`, personOf(decoded, picked, names), () => this.pick(null));
    this.speak(false);
  }

  private speak(soon: boolean): void {
    if (this.isMoving && !soon) return;
    this.voice.say(() => {
      const { picked, scene } = this;
      if (scene === null) return '';
      const { counts, decoded, names } = scene;
      if (picked === null) return summaryOf(decoded, counts, names);
      const numbers = personOf(decoded, picked, names).map(([name, value]) => `${name} ${value}`);
      return `Person ${picked + 1}: ${numbers.join(', ')}.`;
    }, soon);
  }
}

function layer(svg: SVGSVGElement): Group {
  const root = select(svg);
  const found = root.select<SVGGraphicsElement>('g');
  return found.empty() ? root.append<SVGGraphicsElement>('g') : found;
}
