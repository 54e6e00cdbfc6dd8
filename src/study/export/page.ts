/** The built page as one file that asks the network for nothing: its script, its styles and its pictures are inside it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ExportError } from './encoder.js';
import { escapeHtml, escapeScript, escapeStyle } from './escape.js';

/** Where Vite builds it: the same place from `src/study/export` and from `dist/study/export`. */
export const WEB = fileURLToPath(new URL('../../../dist/web/', import.meta.url));

export interface Page {
  /** From the first character to the title, which comes next. */
  readonly beforeTitle: string;
  /** From the title to the end of the body, where data can be put. */
  readonly afterTitle: string;
  readonly end: string;
}

/** Reads the page in the folder and puts everything that it names into it. */
export async function readPage(folder = WEB): Promise<Page> {
  const files = new Files(folder);
  let html = await files.text('index.html');
  const other = /<(?!link\b|script\b|a\b)\w+\b[^>]*\s(?:src|href|srcset)="(?!data:|#)[^"]*"/i.exec(html);
  if (other !== null) throw new ExportError(`the page names a file in ${other[0]}: it cannot be put into one file`);
  const scripts: string[] = [];
  const styles: string[] = [];
  html = await replaceEach(html, /<link\b[^>]*>/gi, async (tag) => {
    const rel = attribute(tag, 'rel');
    const href = attribute(tag, 'href');
    if (href === null) return tag;
    if (rel === 'stylesheet') {
      const sheet = escapeStyle(await files.sheet(href));
      styles.push(sheet);
      return `<style>${sheet}</style>`;
    }
    // What a browser should fetch early is inside.
    if (rel === 'modulepreload' || rel === 'preload') return '';
    return `<link rel="${rel}" href="${await files.address(href)}">`;
  });
  html = await replaceEach(html, /<script\b[^>]*>\s*<\/script>/gi, async (tag) => {
    const source = attribute(tag, 'src');
    if (source === null) return tag;
    const program = escapeScript(await files.text(source));
    const part = partOf(program);
    if (part !== null)
      throw new ExportError(`the page's script loads another, ${part}: it must be built as one to be put into a file`);
    scripts.push(program);
    return `<script type="module">${program}</script>`;
  });
  const policy = `<meta http-equiv="Content-Security-Policy" content="${policyOf(scripts, styles)}">`;
  // A policy holds for what comes after it; what the page's characters mean comes before everything.
  html = html.includes('<meta charset')
    ? html.replace(/<meta charset[^>]*>/i, (tag) => `${tag}\n    ${policy}`)
    : html.replace(/<head>/i, (tag) => `${tag}${policy}`);
  return split(html);
}

/** Reads what the page names, and nothing outside its folder. */
class Files {
  private readonly root: string;

  constructor(folder: string) {
    this.root = resolve(folder);
  }

  async read(address: string): Promise<Buffer> {
    const path = resolve(this.root, address.replace(/[?#].*$/, '').replace(/^\//, ''));
    if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(address) || !path.startsWith(this.root + sep))
      throw new ExportError(`the page names ${address}, which is not in its own folder`);
    try {
      return await readFile(path);
    } catch {
      throw new ExportError(`the page is not built: ${path} is not there (\`npm run build\` makes it)`);
    }
  }

  /** As the browser will have it, for it counts towards the hash: with plain line ends. */
  async text(address: string): Promise<string> {
    return (await this.read(address)).toString('utf8').replace(/\r\n?/g, '\n');
  }

  /** The file as an address that holds it. */
  async address(address: string): Promise<string> {
    if (address.startsWith('data:') || address.startsWith('#')) return address;
    const type = TYPES[extname(address.replace(/[?#].*$/, ''))] ?? 'application/octet-stream';
    return `data:${type};base64,${(await this.read(address)).toString('base64')}`;
  }

  /** A style sheet with the pictures that it names. */
  async sheet(address: string): Promise<string> {
    const sheet = await this.text(address);
    if (/@import\b/i.test(sheet)) throw new ExportError(`the page's styles ${address} import others`);
    const folder = address.replace(/[^/]*$/, '');
    return replaceEach(sheet, /url\(\s*(["']?)([^"')]*)\1\s*\)/gi, async (whole, _quote, target) => {
      if (target.startsWith('data:') || target.startsWith('#')) return whole;
      return `url("${await this.address(target.startsWith('/') ? target : folder + target)}")`;
    });
  }
}

const TYPES: Readonly<Record<string, string>> = {
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
};

const attribute = (tag: string, name: string): string | null =>
  new RegExp(`\\s${name}\\s*=\\s*"([^"]*)"`, 'i').exec(tag)?.[1] ?? null;

/** Another file that the script loads, at its beginning or later. */
const partOf = (program: string): string | null =>
  /\b(?:import|from)\s*\(?\s*["'`](\.{0,2}\/[^"'`]*\.m?js)["'`]/.exec(program)?.[1] ?? null;

const policyOf = (scripts: readonly string[], styles: readonly string[]): string =>
  [
    "default-src 'none'",
    `script-src ${hashes(scripts)}`,
    `style-src ${hashes(styles)}`,
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

const hashes = (texts: readonly string[]): string =>
  texts.length === 0
    ? "'none'"
    : texts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`).join(' ');

function split(html: string): Page {
  const title = /<title>[^<]*<\/title>/i.exec(html);
  const body = html.lastIndexOf('</body>');
  if (title === null || body < 0) throw new ExportError('the built page has no title or no body');
  return {
    beforeTitle: html.slice(0, title.index),
    afterTitle: html.slice(title.index + title[0].length, body),
    end: html.slice(body),
  };
}

export const titleOf = (name: string): string => `<title>${escapeHtml(name)} · driftloop</title>`;

/** As `replaceAll` with a function that takes its time. Nothing in what is put in is special. */
async function replaceEach(
  text: string,
  pattern: RegExp,
  replacement: (...match: string[]) => Promise<string>,
): Promise<string> {
  const parts: string[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    parts.push(text.slice(from, match.index), await replacement(...match));
    from = match.index + match[0].length;
  }
  return parts.join('') + text.slice(from);
}
