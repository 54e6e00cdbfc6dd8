/** Reads a trace that was written before, line by line, and refuses one that is broken: with its place, and what was expected. */
import { createHash, type Hash } from 'node:crypto';
import { StringDecoder } from 'node:string_decoder';
import type { HeaderRecord, TraceRecord } from '../../loop/trace.js';
import { ScenarioError } from '../../scenario/diagnostic.js';

export interface TraceLine {
  readonly record: TraceRecord;
  /** As it stands in the file. */
  readonly text: string;
}

/** A longer line is no record: it would fill the memory before it could be refused. */
const MOST_CHARACTERS = 64 * 2 ** 20;

/** The records of a trace in the order of the file. Throws a `ScenarioError` at the first that cannot be right. */
export async function* readTrace(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
): AsyncGenerator<TraceLine, void, undefined> {
  const runs = new Map<string, RunSoFar>();
  let place = { file, line: 1 };
  for await (const { line, text, whole } of splitLines(chunks, file)) {
    place = { file, line };
    if (text.trim() === '') continue;
    const record = parsed(text, whole, place);
    const key = record.twin ?? '';
    let run = runs.get(key);
    if (run === undefined) {
      run = new RunSoFar(key === '' ? 'the run' : `the twin \`${key}\``);
      runs.set(key, run);
    }
    run.follow(record, text, place);
    yield { record, text };
  }
  if (!runs.has('')) refuse(place, 'there is no run in this trace', 'a header, `{"type":"header","id":0, ...}`');
}

interface Place {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
}

/** Told like a problem of a scenario's file. */
function refuse({ column = 1, file, line }: Place, message: string, expected: string): never {
  throw new ScenarioError([{ file, line, column, message, expected, nearest: null }]);
}

async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
): AsyncGenerator<{ line: number; text: string; whole: boolean }> {
  const decoder = new StringDecoder('utf8');
  let line = 1;
  let parts: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let text = decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    if (line === 1 && length === 0 && text.startsWith('\uFEFF')) text = text.slice(1);
    let from = 0;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      yield { line: line++, text: parts.join('') + text.slice(from, at), whole: true };
      parts = [];
      length = 0;
      from = at + 1;
    }
    if (from === text.length) continue;
    parts.push(text.slice(from));
    length += text.length - from;
    if (length > MOST_CHARACTERS)
      refuse({ file, line }, `the line is longer than ${MOST_CHARACTERS} characters`, 'a record of a trace');
  }
  parts.push(decoder.end());
  const rest = parts.join('');
  if (rest !== '') yield { line, text: rest, whole: false };
}

function parsed(text: string, whole: boolean, place: Place): TraceRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const column = Number(/position (\d+)/.exec((error as Error).message)?.[1] ?? (whole ? 0 : text.length)) + 1;
    return whole
      ? refuse({ ...place, column }, 'this is not JSON', 'one record of a trace, as JSON on a line of its own')
      : refuse(
          { ...place, column },
          'the file ends in the middle of a record',
          'the whole record; without this line, what comes before it can be used',
        );
  }
  if (!isObject(value)) refuse(place, 'this is no record', 'an object with a `type`');
  const { type } = value;
  if (typeof type !== 'string' || !Object.hasOwn(SHAPES, type))
    return refuse(
      place,
      type === undefined ? 'the record has no `type`' : `unknown type ${JSON.stringify(type)}`,
      `one of ${Object.keys(SHAPES).join(', ')}`,
    );
  for (const [key, [is, expected]] of Object.entries(SHAPES[type as TraceRecord['type']]))
    if (!is(value[key])) refuse(place, `\`${key}\` of the ${type} is ${told(value[key])}`, expected);
  // Everything that is read without asking was asked for above.
  return value as unknown as TraceRecord;
}

type Shape = Readonly<Record<string, readonly [is: (value: unknown) => boolean, expected: string]>>;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const WHOLE = [(v: unknown) => Number.isSafeInteger(v), 'a whole number'] as const;
const TEXT = [(v: unknown) => typeof v === 'string', 'a text'] as const;
const OBJECT = [isObject, 'an object'] as const;
const OBJECTS = [(v: unknown) => isObject(v) && Object.values(v).every(isObject), 'an object of objects'] as const;
const LIST = [(v: unknown) => Array.isArray(v), 'a list'] as const;
const HANDS = [
  (v: unknown) => Array.isArray(v) && v.every(isHand),
  'a list of hands, such as `{"at": 3, "set": {"steps": 9}}`',
] as const;
const isHand = (v: unknown): boolean =>
  isObject(v) &&
  Number.isSafeInteger(v.at) &&
  (v.set === undefined || isObject(v.set)) &&
  (v.retrain === undefined || v.retrain === true || Array.isArray(v.retrain));
const NAME = [(v: unknown) => v === undefined || typeof v === 'string', 'a name, or nothing'] as const;
const PRIMARY = [
  (v: unknown) => isObject(v) && typeof v.model === 'string' && typeof v.metric === 'string',
  '`{"model": ..., "metric": ...}`',
] as const;
const WORST = [(v: unknown) => v === null || typeof v === 'string', 'the name of a slice, or null'] as const;

/** What every record of a type has, as far as anything here reads it. */
const SHAPES: Readonly<Record<TraceRecord['type'], Shape>> = {
  header: {
    id: WHOLE,
    twin: NAME,
    version: TEXT,
    name: TEXT,
    steps: WHOLE,
    seed: WHOLE,
    replicate: WHOLE,
    primary: PRIMARY,
    without: LIST,
    interventions: HANDS,
  },
  step: {
    id: WHOLE,
    twin: NAME,
    t: WHOLE,
    lab: OBJECT,
    observed: OBJECT,
    actual: OBJECT,
    models: OBJECTS,
    slices: OBJECTS,
    worst: WORST,
  },
  event: { id: WHOLE, twin: NAME, t: WHOLE, kind: TEXT, name: TEXT, message: TEXT },
  end: { id: WHOLE, twin: NAME, status: TEXT, steps: WHOLE, interventions: HANDS, hash: TEXT },
};

const told = (value: unknown): string => {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
};

/** What has been read of one run: nothing may be missing from it, doubled or changed. */
class RunSoFar {
  private readonly digest: Hash = createHash('sha256');
  private id = 0;
  private t = 0;
  private ended = false;

  constructor(private readonly name: string) {}

  follow(record: TraceRecord, text: string, place: Place): void {
    const { name } = this;
    if (this.ended) refuse(place, `${name} goes on after its end`, 'no more of its records');
    if (this.id === 0 && record.type !== 'header')
      refuse(place, `${name} begins with a record \`${record.type}\``, 'its header');
    if (this.id > 0 && record.type === 'header') refuse(place, `${name} has a second header`, 'one run in a trace');
    if (record.id !== this.id) refuse(place, `${name} goes on with the id ${record.id}`, `the id ${this.id}`);
    if (record.type === 'step' && record.t !== this.t)
      refuse(place, `${name} goes on with step ${record.t}`, `step ${this.t}`);
    this.id++;
    if (record.type === 'step') this.t++;
    if (record.type === 'end') {
      this.ended = true;
      const hash = this.digest.digest('hex');
      if (record.hash !== '' && record.hash !== hash)
        refuse(place, `the lines of ${name} are not those that it wrote: their hash is ${hash}`, record.hash);
    } else this.digest.update(`${hashedText(record, text)}\n`);
  }
}

/** The line as it counts for a run's hash: a header counts without its interventions. */
export function hashedText(record: TraceRecord, text: string): string {
  if (record.type !== 'header' || record.interventions.length === 0) return text.trim();
  return JSON.stringify({ ...record, interventions: [] } satisfies HeaderRecord);
}
