import { estimate, type Measure } from './chart-measure.js';

/** Widths as the page's font has them, each text once. */
export function measureIn(element: HTMLElement): Measure {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) return estimate;
  const known = new Map<string, number>();
  let family = '';
  return (text, { bold = false, size }) => {
    const id = `${size}${bold}${text}`;
    const width = known.get(id);
    if (width !== undefined) return width;
    family ||= getComputedStyle(element).fontFamily;
    context.font = `${bold ? 700 : 400} ${size}px ${family}`;
    if (known.size > 2000) known.clear();
    const measured = context.measureText(text).width;
    known.set(id, measured);
    return measured;
  };
}
