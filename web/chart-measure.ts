/** How wide a text is, without a page to try it on. */

export interface TextStyle {
  readonly size: number;
  readonly bold?: boolean;
}
export type Measure = (text: string, style: TextStyle) => number;

/** Widths of wide sans-serif faces in em: a label that fits by this rule fits, whichever face a reader has. */
export const estimate: Measure = (text, { bold, size }) => {
  let em = 0;
  for (const sign of text) {
    if ("iljtfr.,:;'|!() I".includes(sign)) em += 0.38;
    else if ('mwMW%@–'.includes(sign)) em += 0.96;
    else if (sign >= 'A' && sign <= 'Z') em += 0.72;
    else em += 0.62;
  }
  return em * size * (bold ? 1.14 : 1);
};

/** The longest beginning that fits, with an ellipsis where it is cut. */
export function shorten(text: string, style: TextStyle, room: number, measure: Measure): string {
  if (measure(text, style) <= room) return text;
  for (let length = text.length - 1; length > 2; length--) {
    const cut = `${text.slice(0, length).trimEnd()}…`;
    if (measure(cut, style) <= room) return cut;
  }
  return '';
}
