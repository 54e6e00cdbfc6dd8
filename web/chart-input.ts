/** The hand on the plot: pointer and keys become cursor, pick and zoom. */

export interface InputTarget {
  /** The step under a place, inside the range that is shown. */
  stepAt(x: number): number;
  /** The cursor by hand; null is none. */
  point(t: number | null): void;
  pick(t: number): void;
  /** While dragging, the span so far; then the span to zoom to. */
  span(from: number, to: number, done: boolean): void;
  /** Moves the cursor by so many steps; Infinity is the end. */
  move(by: number): void;
  pickCursor(): void;
  zoomBy(factor: number): void;
  reset(): void;
}

/** A click moves less. */
const DRAG = 6;

export function listen(element: HTMLElement, target: InputTarget): void {
  let start: number | null = null;
  let dragging = false;
  const place = (event: PointerEvent): number => event.clientX - element.getBoundingClientRect().left;

  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    // A finger that moves along the plot looks at values; it cannot hover.
    if (event.pointerType === 'touch') {
      target.point(target.stepAt(place(event)));
      return;
    }
    start = place(event);
    dragging = false;
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener('pointermove', (event) => {
    const x = place(event);
    if (start !== null && Math.abs(x - start) > DRAG) dragging = true;
    if (dragging && start !== null) target.span(start, x, false);
    target.point(target.stepAt(x));
  });
  element.addEventListener('pointerup', (event) => {
    if (dragging && start !== null) target.span(start, place(event), true);
    start = null;
  });
  element.addEventListener('pointercancel', () => {
    if (dragging) target.span(0, 0, true);
    start = null;
    dragging = false;
  });
  element.addEventListener('pointerleave', (event) => {
    if (event.pointerType !== 'touch' && start === null) target.point(null);
  });
  element.addEventListener('click', (event) => {
    if (dragging) dragging = false;
    else target.pick(target.stepAt(event.clientX - element.getBoundingClientRect().left));
  });
  element.addEventListener('dblclick', () => target.reset());
  element.addEventListener('blur', () => target.point(null));
  element.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = KEYS[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act(target, event.shiftKey);
  });
}

const KEYS: Readonly<Record<string, (target: InputTarget, far: boolean) => void>> = {
  ArrowLeft: (target, far) => target.move(far ? -10 : -1),
  ArrowRight: (target, far) => target.move(far ? 10 : 1),
  ArrowDown: (target, far) => target.move(far ? -10 : -1),
  ArrowUp: (target, far) => target.move(far ? 10 : 1),
  PageDown: (target) => target.move(-10),
  PageUp: (target) => target.move(10),
  Home: (target) => target.move(Number.NEGATIVE_INFINITY),
  End: (target) => target.move(Number.POSITIVE_INFINITY),
  Enter: (target) => target.pickCursor(),
  '+': (target) => target.zoomBy(0.5),
  '=': (target) => target.zoomBy(0.5),
  '-': (target) => target.zoomBy(2),
  Escape: (target) => target.reset(),
};
