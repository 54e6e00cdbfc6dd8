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
 * A module's program inside a `<script>`; it stays the same program. `</script` and `<!--` (behind which the browser would
 * look for a second end) can stand only in a text, a pattern or a comment: a module may not have `<!--` in its code.
 */
export const escapeScript = (program: string): string =>
  program.replace(/<\/(?=script)/gi, '<\\/').replaceAll('<!--', '\\x3c!--');

/** A style sheet inside a `<style>`: `</style` can stand only in a text, an address or a comment. */
export const escapeStyle = (sheet: string): string => sheet.replace(/<\/(?=style)/gi, '<\\/');
