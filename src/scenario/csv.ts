/** CSV files as records: plain or gzipped, streamed. */
import { createReadStream, type ReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse';

/** Records of a file with their lines. `destroy` it where not all are wanted. */
export interface Records
  extends AsyncIterable<{ readonly record: string[]; readonly info: { readonly lines: number } }> {
  destroy(): unknown;
}

/** `delimiter`: by default comma, tab or semicolon, whichever the first line has most of. */
export async function openCsv(file: string, delimiter?: string): Promise<Records> {
  const text = await plainText(createReadStream(file));
  const [first, rest] = await peek(text);
  const parser = parse({
    bom: true,
    delimiter: delimiter ?? delimiterOf(first),
    info: true,
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: 1_000_000,
    trim: true,
  });
  Readable.from(rest)
    .on('error', (error) => parser.destroy(error))
    .pipe(parser);
  return parser;
}

/** What is wrong with a file that cannot be read; null of an error that is another's. */
export function csvTrouble(
  error: unknown,
): { line: number; message: string; expected: string | null; absent: boolean } | null {
  const trouble = (message: string, line = 1, expected: string | null = null) => ({
    line,
    message,
    expected,
    absent: false,
  });
  if (error instanceof CsvError) return trouble(csvMessage(error), Number(error.lines ?? 1), 'a CSV file');
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return { ...trouble('the file is not there'), absent: true };
  if (code?.startsWith('Z_')) return trouble('the file is not a whole gzip file');
  return code === undefined ? null : trouble(`the file cannot be read: ${message}`);
}

const csvMessage = ({ message }: CsvError): string => message.replace(/^[^:]*: /, '').replace(/, got .*$/, '');

/** Gunzips what begins with gzip's two bytes. */
async function plainText(stream: ReadStream): Promise<AsyncIterable<Buffer>> {
  const [first, rest] = await peek(stream);
  const isGzip = first[0] === 0x1f && first[1] === 0x8b;
  if (!isGzip) return rest;
  const source = Readable.from(rest);
  const gunzip = createGunzip();
  source.on('error', (error) => gunzip.destroy(error));
  return source.pipe(gunzip);
}

/** The first chunk, and everything with it. */
async function peek(stream: AsyncIterable<Buffer>): Promise<[Buffer, AsyncIterable<Buffer>]> {
  const iterator = stream[Symbol.asyncIterator]();
  const { done, value } = await iterator.next();
  const first = done ? Buffer.alloc(0) : (value as Buffer);
  async function* whole(): AsyncGenerator<Buffer> {
    try {
      if (first.length > 0) yield first;
      for (;;) {
        const next = await iterator.next();
        if (next.done) return;
        yield next.value as Buffer;
      }
    } finally {
      await iterator.return?.();
    }
  }
  return [first, whole()];
}

function delimiterOf(first: Buffer): string {
  const text = first.toString('utf8');
  const line = text.slice(0, text.search(/[\r\n]/) < 0 ? text.length : text.search(/[\r\n]/));
  const counts = [',', '\t', ';'].map((d) => [d, line.split(d).length] as const);
  return counts.reduce((a, b) => (b[1] > a[1] ? b : a))[0];
}
