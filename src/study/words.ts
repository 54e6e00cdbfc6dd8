/** What a run came to, in words: the same in the terminal and on the page, the gap first. */
import { extreme, HUGE, isNothing, SMALL, withMinus } from './figures.js';
import { isFactor, metricName, metricUnit, shareOf } from './metric-words.js';

/** A number of a table in the terminal, which a script may read: four digits that count. */
export function figure(x: number | null | undefined): string {
  if (x === null || x === undefined || !Number.isFinite(x)) return '-';
  if (Number.isInteger(x) && Math.abs(x) < 1e9) return x.toLocaleString('en-US');
  const size = Math.abs(x);
  if (size >= 1e6 || (size < 1e-3 && size > 0)) return x.toExponential(2);
  return size >= 1000
    ? Math.round(x).toLocaleString('en-US')
    : x
        .toPrecision(4)
        .replace(/(\.\d*?)0+$/, '$1')
        .replace(/\.$/, '');
}

/** The same in a sentence, and wherever only people read; 0 where it is nothing beside the others. */
export function inWords(x: number | null | undefined, beside = 0): string {
  if (x === null || x === undefined || !Number.isFinite(x)) return '-';
  const size = Math.abs(x);
  if (isNothing(x, beside)) return '0';
  if (size < SMALL || size >= HUGE) return extreme(x, 3);
  return withMinus(size >= 1e6 ? Math.round(x).toLocaleString('en-US') : figure(x));
}

/** The largest of what is told together. */
const largest = (...values: readonly (number | null | undefined)[]): number =>
  values.reduce<number>((most, value) => Math.max(most, Math.abs(value ?? 0)), 0);

export interface Gap {
  readonly metric: string;
  /** What the first version promised; null where the lab held nothing back to test on. */
  readonly promised: number | null;
  readonly actual: number | null;
  /** Null where no label has arrived. */
  readonly observed: number | null;
  /** Actual of the twin; undefined where there is none. */
  readonly twin?: number | null;
  /** Whose are `actual` and `twin`: those of a slice; null or undefined: everybody's. */
  readonly slice?: string | null;
  /** What is actual of other models. */
  readonly beside?: readonly Beside[];
}

export interface Beside {
  readonly name: string;
  readonly value: number | null;
}

/** One sentence; `figure` is the number in it that counts. */
export interface Sentence {
  readonly about: 'lab' | 'actual' | 'observed' | 'twin' | 'beside';
  readonly before: string;
  readonly figure: string;
  readonly after: string;
}

/** The sentences of the gap, in the order lab, actual, observed, twin, other models. */
export function gapWords({ actual, beside = [], metric, observed, promised, slice = null, twin }: Gap): Sentence[] {
  const share = shareOf(metric);
  const most = largest(promised, actual, observed, twin, ...beside.map(({ value }) => value));
  const say = share === undefined ? (x: number | null) => inWords(x, most) : percent;
  const among = slice === null ? '' : `, among “${slice}”,`;
  const over = slice === null ? '' : ', over everybody,';
  const lines: Sentence[] = [
    promised === null
      ? {
          about: 'lab',
          before: 'The lab held nothing back to test on, so it promised ',
          figure: 'nothing',
          after: '.',
        }
      : share === undefined
        ? { about: 'lab', before: `In the lab the ${metricUnit(metric)} was `, figure: say(promised), after: '.' }
        : { about: 'lab', before: 'In the lab ', figure: say(promised), after: ` ${share[0]}.` },
    fieldSentence(metric, promised, actual, among, say),
    observed === null
      ? { about: 'observed', before: 'The dashboard shows ', figure: 'nothing', after: ': no label has arrived.' }
      : { about: 'observed', before: `The dashboard${over} shows `, figure: say(observed), after: '.' },
  ];
  if (twin !== undefined)
    lines.push({ about: 'twin', before: 'Without feedback it would be ', figure: say(twin), after: '.' });
  const others = beside.map(({ name, value }) => ({ name: name.replaceAll('_', ' '), value }));
  lines.push(...besideWords(others, say));
  return lines;
}

/** One sentence in as many pieces as there are others: `Beside it, lasso: 4.44; net: 4.44.` */
const besideWords = (beside: readonly Beside[], say: (x: number | null) => string): Sentence[] =>
  beside.map(({ name, value }, k) => ({
    about: 'beside',
    before: `${k === 0 ? 'Beside it, ' : ''}${name}: `,
    figure: say(value),
    after: k < beside.length - 1 ? ';' : '.',
  }));

function fieldSentence(
  metric: string,
  promised: number | null,
  actual: number | null,
  among: string,
  say: (x: number | null) => string,
): Sentence {
  const share = shareOf(metric);
  const difference = apart(metric, promised, actual);
  if (actual === null)
    return {
      about: 'actual',
      before: `In the field${among} there is `,
      figure: 'nothing',
      after: ' to tell it by at this step.',
    };
  if (share === undefined)
    return { about: 'actual', before: `In the field${among} it is `, figure: say(actual), after: `${difference}.` };
  const verb = promised === null ? share[0] : share[1];
  return { about: 'actual', before: `In the field${among} `, figure: say(actual), after: ` ${verb}${difference}.` };
}

/** A number that no lab promised: what it was at the first step and is now, or is beside others. */
export interface Change {
  /** `measure.approved`. */
  readonly name: string;
  readonly first: number | null;
  /** The step of the first number. Default 0. */
  readonly since?: number;
  readonly now: number | null;
  readonly twin?: number | null;
  readonly beside: readonly Beside[];
}

/** The step from which on there is a number, in words. */
export const stepWords = (since: number): string => (since === 0 ? 'the first step' : `step ${since}`);

/** Held against the first number beside it; where there is none, against the first step that has one. */
export function changeWords({ beside, first, name, now, since = 0, twin }: Change): Sentence[] {
  const what = capital(metricUnit(name));
  const most = largest(first, now, twin, ...beside.map(({ value }) => value));
  const say = (x: number | null): string => inWords(x, most);
  const after = (base: number | null) => `${apart(name, base, now, ', the same')}.`;
  const lines: Sentence[] =
    beside.length === 0
      ? [
          { about: 'lab', before: `${what} was `, figure: say(first), after: ` at ${stepWords(since)}.` },
          { about: 'actual', before: 'Now it is ', figure: say(now), after: after(first) },
        ]
      : [
          { about: 'actual', before: `${what}: `, figure: say(now), after: '.' },
          ...besideWords(
            beside.map((other) => ({ name: metricUnit(other.name), value: other.value })),
            say,
          ),
        ];
  if (twin !== undefined)
    lines.push({ about: 'twin', before: 'Without feedback it would be ', figure: say(twin), after: '.' });
  return lines;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export const percent = (x: number | null | undefined): string =>
  x === null || x === undefined || !Number.isFinite(x) ? '-' : `${(100 * x).toFixed(1)} %`;

/** The gap as a number, with its unit: points of a share, times for an error. */
export function gapFigure(metric: string, promised: number | null, actual: number | null): string {
  if (promised === null || actual === null) return '-';
  if (shareOf(metric) !== undefined) {
    return signed((100 * (actual - promised)).toFixed(1));
  }
  if (isFactor(metric) && promised > 0) return `×${factor(actual / promised)}`;
  const difference = Math.abs(actual - promised);
  // Three digits are enough where one looks for the size of it.
  const most = largest(promised, actual);
  const text = inWords(difference >= 1000 ? difference : Number(difference.toPrecision(3)), most);
  return isNothing(difference, most) ? text : `${actual < promised ? '−' : '+'}${text}`;
}

/** Three digits, and no third decimal: `16.7`, `9.06`, `0.99`. So many times nearly nothing is 0. */
function factor(times: number): string {
  if (times >= 999.5) return inWords(times >= HUGE ? times : Math.round(times));
  if (times >= 0.1) return times < 9.995 ? times.toFixed(2) : times.toPrecision(3);
  return times < SMALL ? '0' : times.toPrecision(2);
}

/** With a sign that is as wide as a digit, and none before a zero. */
const signed = (text: string): string =>
  Number(text) === 0 ? text.replace('-', '') : text.startsWith('-') ? `−${text.slice(1)}` : `+${text}`;

/** The unit of `gapFigure`. */
export function gapUnit(metric: string, promised: number | null): string {
  if (shareOf(metric) !== undefined) return 'points';
  // Nothing is so many times nothing: then it is a difference.
  if (!isFactor(metric) || promised === 0) return metricName(metric);
  return metric === 'rmse' ? 'the error' : `the ${metricName(metric)}`;
}

function apart(metric: string, promised: number | null, actual: number | null, same = ', as promised'): string {
  if (promised === null || actual === null) return '';
  if (shareOf(metric) !== undefined) {
    const points = 100 * (actual - promised);
    if (Math.abs(points) < 0.05) return same;
    return `, ${Math.abs(points).toFixed(1)} points ${points < 0 ? 'fewer' : 'more'}`;
  }
  if (isFactor(metric) && promised > 0) {
    const times = actual / promised;
    if (Math.abs(times - 1) < 0.005) return same;
    return `, ${factor(times)} times as much`;
  }
  const difference = actual - promised;
  if (Math.abs(difference) < 1e-9 || isNothing(difference, largest(promised, actual))) return same;
  return `, ${inWords(Math.abs(difference))} ${difference < 0 ? 'less' : 'more'}`;
}
