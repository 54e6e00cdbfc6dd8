/** The time column of a replay: numbers or dates that never go back. */
export type Fail = (line: number, column: number, message: string, expected: string) => never;

const DATE =
  /^(\d{4})[-/](\d\d)(?:[-/](\d\d))?(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/;

/** A moment as a number: itself, or the milliseconds of a date, in UTC where it names no zone; NaN of anything else. */
export function momentOf(text: string): { value: number; kind: 'number' | 'date' } {
  if (text === '') return { value: Number.NaN, kind: 'number' };
  const number = Number(text);
  if (Number.isFinite(number)) return { value: number, kind: 'number' };
  const found = DATE.exec(text);
  if (found === null) return { value: Number.NaN, kind: 'date' };
  const [, year, month, day = '01', hour = '00', minute = '00', second = '00', zone = 'Z'] = found;
  const offset = zone === 'UTC' ? 'Z' : zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  return { value: Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`), kind: 'date' };
}

export class Clock {
  place = 0;
  private last: { value: number; kind: string; text: string } | null = null;

  constructor(
    readonly title: string,
    private readonly fail: Fail,
  ) {}

  /** The moment of a line. */
  read(record: readonly string[], line: number): number {
    const text = record[this.place];
    const { kind, value } = momentOf(text);
    const { last } = this;
    const tell = (message: string, expected: string) => this.fail(line, this.place + 1, message, expected);
    if (Number.isNaN(value))
      tell(
        `${text === '' ? 'nothing' : `"${text.slice(0, 40)}"`} stands in the time column "${this.title}"`,
        'a number, or a date such as 2024-03-01 or 2024-03-01 08:30; `per` alone goes by the order of the lines',
      );
    if (last !== null && last.kind !== kind)
      tell(`"${text}" is a ${kind}, the first in the time column "${this.title}" is a ${last.kind}`, 'all of one kind');
    if (last !== null && value < last.value)
      tell(`the time goes back in "${this.title}": ${text} after ${last.text}`, 'lines in the order of time');
    this.last = { kind, value, text };
    return value;
  }
}
