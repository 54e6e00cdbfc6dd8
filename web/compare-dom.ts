/** Making elements without markup: what people type is text, and nothing needs an inline style. */

type Attributes = Readonly<Record<string, string | number | boolean>>;

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children);
  return element;
}

/** A shape or a text, put into a drawing. */
export function draw(
  into: Element,
  tag: 'g' | 'path' | 'circle' | 'text',
  attributes: Attributes,
  text = '',
): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.textContent = text;
  into.append(element);
  return element;
}

/** A labelled control: the caption is its accessible name, shown or not. */
export const labelled = (caption: string, control: HTMLElement, name = 'field'): HTMLLabelElement =>
  make('label', { class: name }, make('span', { class: 'caption' }, caption), control);

export function options(select: HTMLSelectElement, entries: readonly (readonly [value: string, text: string])[]): void {
  select.replaceChildren(...entries.map(([value, text]) => make('option', { value }, text)));
}

/** A whole number that was typed, held within the input's `min` and `max`; `absent` where there is none. */
export function wholeOf(input: HTMLInputElement, absent: number): number {
  const value = Math.round(input.valueAsNumber);
  if (!Number.isFinite(value)) return absent;
  return Math.min(Number(input.max), Math.max(Number(input.min), value));
}
