/** Texts that are put inside another: none may end the element that holds it, or begin one of its own. */

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For the text of an element or a quoted attribute. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => ENTITIES[c]);

/** JSON inside a `<script>`; it stays the same JSON. */
export const escapeJson = (json: string): string =>
  json.replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

/**
 * A program inside a `<script>`; it stays the same program. `</script` can stand only in a text, a pattern or a comment,
 * where a backslash before the slash changes nothing. `<!--` is harmless by itself (and may be code: `a<!--b`), but with
 * `<script` behind it the browser looks for a second end: so it is `<script` that goes.
 */
export function escapeScript(program: string): string {
  const closed = program.replace(/<\/(?=script)/gi, '<\\/');
  return closed.includes('<!--') ? closed.replace(/<(?=script[\s/>])/gi, '\\x3c') : closed;
}

/** A style sheet inside a `<style>`: `</style` can stand only in a text, an address or a comment. */
export const escapeStyle = (sheet: string): string => sheet.replace(/<\/(?=style)/gi, '<\\/');
