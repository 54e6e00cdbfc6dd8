/**
 * The trace of a run on disk. Memory holds only where each record begins, so any reader can go on from any record at its
 * own pace, and slows nobody.
 */
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { orFull } from './full.js';
import type { Records } from './messages.js';

/** A reader is given so much at a time. */
const CHUNK = 64 * 1024;

export interface Chunk {
  /** Server-sent events, one for each record. */
  readonly events: Buffer;
  /** The record after them. */
  readonly next: number;
}

export class TraceLog {
  /** Byte at which each record begins, and one more: where the next will. */
  private begins = new Float64Array(1024);
  private count = 0;
  private newest: { from: number; chunk: Promise<Chunk> } | null = null;

  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
  ) {}

  static async create(path: string): Promise<TraceLog> {
    return new TraceLog(path, await orFull(open(path, 'wx+', 0o600)));
  }

  /** Records that can be read. */
  get length(): number {
    return this.count;
  }

  get bytes(): number {
    return this.begins[this.count];
  }

  /** One call at a time. Throws a `Broken` where there is no room for them. */
  async append({ bytes, sizes }: Records): Promise<void> {
    const end = this.bytes;
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await orFull(this.file.write(bytes, done, bytes.length - done, end + done));
      done += bytesWritten;
    }
    this.grow(this.count + sizes.length + 1);
    // Readers see the records only when all of them are there.
    for (const size of sizes) this.begins[this.count + 1] = this.begins[this.count++] + size;
  }

  /** Records from number `from` on as events, about so many as a reader is given at a time; at least one. */
  events(from: number): Promise<Chunk> {
    const end = this.endOfChunk(from);
    // Readers that keep up all ask for the same: it is made once.
    if (this.newest?.from === from) return this.newest.chunk.then((c) => (c.next >= end ? c : this.read(from, end)));
    const chunk = this.read(from, end);
    this.newest = { from, chunk };
    return chunk;
  }

  async *lines(from = 0): AsyncGenerator<string> {
    const end = this.count;
    for (let next = from; next < end; ) {
      const first = next;
      next = Math.min(end, this.endOfChunk(first));
      const text = (await this.raw(first, next)).toString('utf8');
      yield* text.slice(0, -1).split('\n');
    }
  }

  /** Closes and removes the file. */
  async remove(): Promise<void> {
    await this.file.close();
    await unlink(this.path);
  }

  private async read(from: number, end: number): Promise<Chunk> {
    const raw = await this.raw(from, end);
    const parts: Buffer[] = [];
    const start = this.begins[from];
    for (let record = from; record < end; record++) {
      parts.push(Buffer.from(`id: ${record}\ndata: `));
      parts.push(raw.subarray(this.begins[record] - start, this.begins[record + 1] - start), NEWLINE);
    }
    return { events: Buffer.concat(parts), next: end };
  }

  private async raw(from: number, end: number): Promise<Buffer> {
    const start = this.begins[from];
    const buffer = Buffer.allocUnsafe(this.begins[end] - start);
    for (let done = 0; done < buffer.length; ) {
      const { bytesRead } = await this.file.read(buffer, done, buffer.length - done, start + done);
      if (bytesRead === 0) throw new Error('the log of the run is shorter than it was');
      done += bytesRead;
    }
    return buffer;
  }

  private endOfChunk(from: number): number {
    const most = this.begins[from] + CHUNK;
    let end = from + 1;
    while (end < this.count && this.begins[end + 1] <= most) end++;
    return end;
  }

  private grow(size: number): void {
    if (size <= this.begins.length) return;
    const larger = new Float64Array(Math.max(size, 2 * this.begins.length));
    larger.set(this.begins);
    this.begins = larger;
  }
}

const NEWLINE = Buffer.from('\n');
