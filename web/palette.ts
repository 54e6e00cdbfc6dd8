/** The colours of the style sheet, for what is drawn on a canvas or written to a file. */
export interface Palette {
  readonly ground: string;
  readonly panel: string;
  readonly ink: string;
  readonly quiet: string;
  readonly rule: string;
  readonly lab: string;
  readonly observed: string;
  readonly actual: string;
  readonly twin: string;
  readonly theory: string;
  /** Right and wrong decisions, yes and no: told apart by lightness and by shape, too. */
  readonly right: string;
  readonly wrong: string;
  readonly font: string;
  /** Told apart under the three common colour-blindnesses (Okabe and Ito 2008, adjusted to each ground). */
  readonly scale: readonly string[];
}

/** The colours in force at `element`: they follow the theme. */
export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ground: colour('ground'),
    panel: colour('panel'),
    ink: colour('ink'),
    quiet: colour('quiet'),
    rule: colour('rule'),
    lab: colour('lab'),
    observed: colour('observed'),
    actual: colour('actual'),
    twin: colour('twin'),
    theory: colour('theory'),
    right: colour('right'),
    wrong: colour('wrong'),
    font: style.fontFamily,
    scale: Array.from({ length: 8 }, (_, k) => colour(`scale-${k}`)),
  };
}

/** Calls back when the theme changes: by the system, or by the page's own switch. */
export function onThemeChange(callback: () => void): () => void {
  const media = matchMedia('(prefers-color-scheme: dark)');
  media.addEventListener('change', callback);
  const observer = new MutationObserver(callback);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => {
    media.removeEventListener('change', callback);
    observer.disconnect();
  };
}
