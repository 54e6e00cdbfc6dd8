/** Elements in one line. Styles are classes: the page's security policy takes no style from markup. */

type Child = Node | string | null | undefined | false;
type Attributes = Readonly<Record<string, string | number | boolean | ((event: never) => void) | null | undefined>>;

/** An element with attributes (`on…` listens, `true` is an attribute without a value) and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as (event: Event) => void);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(
    ...children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false),
  );
  return element;
}

/** Sets the text only where it differs, so that a screen reader is not told twice. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** A text with what stands between backticks as code. It is never markup: it comes from a scenario. */
export const coded = (text: string): (Node | string)[] =>
  // The parts between pairs of backticks have odd places.
  text.split(/`([^`]+)`/).map((part, k) => (k % 2 === 1 ? h('code', {}, part) : part));

/** As `say`, of a text that may hold code: in one piece, as a flexible box would drop the spaces between several. */
export function sayCoded(element: Element, text: string): void {
  if (element.textContent !== text.replace(/`([^`]+)`/g, '$1')) element.replaceChildren(h('span', {}, ...coded(text)));
}

/** Is the person typing? Then no key is a command. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target instanceof HTMLSelectElement ||
      target instanceof HTMLTextAreaElement ||
      (target instanceof HTMLInputElement && target.type !== 'range' && target.type !== 'checkbox'))
  );
}

export const reducedMotion = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;
