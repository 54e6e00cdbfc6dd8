/** A picture as plain data, which becomes elements on the page or text in a file: both show the same. */

export interface Shape {
  readonly tag: string;
  /** Kept from drawing to drawing, with focus and listeners. Default: its place among its siblings. */
  readonly key?: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Shape | string)[];
}

type Value = string | number | undefined;

/** Attributes without a value are left out; numbers are written with two decimals at most. */
export function shape(
  tag: string,
  attributes: Readonly<Record<string, Value>>,
  ...children: (Shape | string)[]
): Shape {
  const written: Record<string, string> = {};
  let key: string | undefined;
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    const text = typeof value === 'number' ? number(value) : value;
    if (name === 'key') key = text;
    else written[name] = text;
  }
  return { tag, key, attributes: written, children };
}

/** Two decimals are a hundredth of a pixel. */
export const number = (value: number): string => String(Math.round(value * 100) / 100);

export function toMarkup({ attributes, children, tag }: Shape): string {
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(value)}"`);
  const inside = children.map((child) => (typeof child === 'string' ? escaped(child) : toMarkup(child))).join('');
  return `<${tag}${written.join('')}${inside === '' ? '/>' : `>${inside}</${tag}>`}`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** XML knows no control characters, not even escaped. */
const escaped = (text: string): string =>
  text.replace(/[^\P{Cc}\t\n]|[\ufffe\uffff]/gu, '').replace(/[&<>"]/g, (sign) => ENTITIES[sign]);

const SVG = 'http://www.w3.org/2000/svg';
/** What an element was drawn from last, so that only what has changed is touched. */
const drawn = new WeakMap<Element, Shape>();

/** Makes the children of `parent` those shapes. Elements are kept where key (or place) and tag are the same. */
export function patch(parent: Element, shapes: readonly Shape[]): void {
  const known = new Map<string, Element>();
  let place = 0;
  for (const child of parent.children) known.set(keyOf(drawn.get(child), place++), child);
  shapes.forEach((wanted, k) => {
    const key = keyOf(wanted, k);
    let element = known.get(key);
    if (element !== undefined && element.localName === wanted.tag) known.delete(key);
    else element = document.createElementNS(SVG, wanted.tag);
    update(element, wanted);
    const at = parent.children[k];
    if (at !== element) parent.insertBefore(element, at ?? null);
  });
  for (const left of known.values()) left.remove();
}

const keyOf = (of: Shape | undefined, place: number): string => of?.key ?? `#${place}`;

function update(element: Element, wanted: Shape): void {
  const before = drawn.get(element);
  for (const name of Object.keys(before?.attributes ?? {})) {
    if (!(name in wanted.attributes)) element.removeAttribute(name);
  }
  for (const [name, value] of Object.entries(wanted.attributes)) {
    if (before?.attributes[name] !== value) element.setAttribute(name, value);
  }
  const texts = wanted.children.filter((child) => typeof child === 'string');
  if (texts.length > 0) {
    // Text is on its own: an element has text or children.
    if (before?.children[0] !== texts[0]) element.textContent = texts[0];
  } else patch(element, wanted.children as Shape[]);
  drawn.set(element, wanted);
}
