/** Docstrings of source files, as Markdown. */
import { readFileSync } from 'node:fs';

/** The docstring of a file: the block that it begins with, or the one over a function or class of it. */
export function docstringOf(file: string, symbol?: string): string | null {
  const text = readFileSync(file, 'utf8').replace(/^#!.*\n/, '');
  const block =
    symbol === undefined
      ? /^\/\*\*([\s\S]*?)\*\//.exec(text)
      : new RegExp(
          `/\\*\\*((?:(?!\\*/)[\\s\\S])*?)\\*/\\s*(?:export )?(?:async )?(?:function|const|class) ${symbol}\\b`,
        ).exec(text);
  if (block === null) return null;
  const lines = block[1].split('\n').map((line) => line.replace(/^\s*\* ?/, '').trimEnd());
  return lines.join('\n').trim();
}

interface Paragraph {
  readonly kind: 'text' | 'code' | 'item';
  readonly lines: string[];
}

/** Paragraphs, lists and displayed formulas (lines that are indented); tags such as @example are left out. */
export function markdownOf(docstring: string): string {
  const paragraphs: Paragraph[] = [];
  let open: Paragraph | null = null;
  const begin = (kind: Paragraph['kind'], line: string) => {
    open = { kind, lines: [line] };
    paragraphs.push(open);
  };
  for (const line of docstring.replace(/(?<=[.)] )(?=Sources?: )/g, '\n').split('\n')) {
    const current = open as Paragraph | null;
    const isIndented = /^ {2,}\S/.test(line);
    if (line.trim() === '') open = null;
    else if (line.startsWith('@')) break;
    else if (isIndented && current?.kind === 'item') current.lines.push(line.trim());
    else if (isIndented) {
      if (current?.kind === 'code') current.lines.push(line);
      else begin('code', line);
    } else if (line.startsWith('- ')) begin('item', line);
    else if (current === null || current.kind === 'code' || /^Sources?: /.test(line)) begin('text', line);
    else current.lines.push(line);
  }
  return paragraphs
    .map(render)
    .join('\n\n')
    .replace(/\n\n(?=- )/g, '\n')
    .replace(/^(?!- )(.*)\n(?=- )/gm, '$1\n\n');
}

function render({ kind, lines }: Paragraph): string {
  if (kind !== 'code') return escaped(lines.join(' ')).replace(/^(Sources?):/, '*$1:*');
  const indent = Math.min(...lines.map((line) => line.search(/\S/)));
  return ['```', ...lines.map((line) => line.slice(indent)), '```'].join('\n');
}

/** Plain text as Markdown, code between backticks left as it is. A mark among spaces marks nothing. */
export const escaped = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part, k) => (k % 2 === 1 ? part : escapedText(part)))
    .join('')
    .trim();

const escapedText = (text: string): string =>
  text
    .replace(/<(?=\S)/g, '&lt;')
    .replace(/\*(?=\S)|(?<=\S)\*/g, '\\*')
    .replace(/(?<!\w)_|_(?!\w)/g, '\\_')
    .replace(/[[\]]/g, '\\$&');
