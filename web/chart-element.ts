/** Elements by tag, class and text. */
export function make<K extends keyof HTMLElementTagNameMap>(tag: K, name: string, text = ''): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.className = name;
  if (text !== '') element.textContent = text;
  return element;
}

export function makeSvg<K extends keyof SVGElementTagNameMap>(tag: K, name: string): SVGElementTagNameMap[K] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  element.setAttribute('class', name);
  return element;
}

/** Places a box beside a point, inside its parent, by the object model: the page's policy forbids style attributes. */
export function placeBeside(box: HTMLElement, x: number, y: number, width: number, height: number, away = 14): void {
  const { offsetHeight, offsetWidth } = box;
  const after = x + away + offsetWidth <= width;
  const left = after ? x + away : x - away - offsetWidth;
  box.style.left = `${Math.round(Math.max(0, Math.min(width - offsetWidth, left)))}px`;
  box.style.top = `${Math.round(Math.max(0, Math.min(height - offsetHeight, y)))}px`;
}
