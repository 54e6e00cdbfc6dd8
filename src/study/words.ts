/** What a run came to, in words: the same in the terminal and on the page, the gap first. */

/** A number for people: four digits that count. */
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

/** Metrics that are shares, said in per cent: what they are shares of. */
const SHARES: Readonly<Record<string, string>> = {
  accuracy: 'of decisions were right',
};

/** Names of metrics that an unprepared reader does not know. */
const NAMES: Readonly<Record<string, string>> = {
  rmse: 'the typical error (RMSE)',
  mae: 'the mean error (MAE)',
  r2: 'R2',
};

export interface Gap {
  readonly metric: string;
  /** What the first version promised. */
  readonly promised: number | null;
  readonly actual: number | null;
  /** Null where no label has arrived. */
  readonly observed: number | null;
  /** Actual of the twin; undefined where there is none. */
  readonly twin?: number | null;
}

/** One sentence; `figure` is the number in it that counts. */
export interface Sentence {
  readonly about: 'lab' | 'actual' | 'observed' | 'twin';
  readonly before: string;
  readonly figure: string;
  readonly after: string;
}

/** The sentences of the gap, in the order lab, actual, observed, twin. */
export function gapWords({ actual, metric, observed, promised, twin }: Gap): Sentence[] {
  const share = SHARES[metric];
  const name = NAMES[metric] ?? metric;
  const say = share === undefined ? figure : percent;
  const difference = apart(metric, promised, actual);
  const lines: Sentence[] = [
    share === undefined
      ? { about: 'lab', before: `In the lab ${name} was `, figure: say(promised), after: '.' }
      : { about: 'lab', before: 'In the lab ', figure: say(promised), after: ` ${share}.` },
    share === undefined
      ? { about: 'actual', before: 'In the field it is ', figure: say(actual), after: `${difference}.` }
      : { about: 'actual', before: 'In the field ', figure: say(actual), after: ` are${difference}.` },
    observed === null
      ? { about: 'observed', before: 'The dashboard shows ', figure: 'nothing', after: ': no label has arrived.' }
      : { about: 'observed', before: 'The dashboard shows ', figure: say(observed), after: '.' },
  ];
  if (twin !== undefined)
    lines.push({ about: 'twin', before: 'Without feedback it would be ', figure: say(twin), after: '.' });
  return lines;
}

export const percent = (x: number | null | undefined): string =>
  x === null || x === undefined || !Number.isFinite(x) ? '-' : `${(100 * x).toFixed(1)} %`;

/** The gap as a number, with its unit: points of a share, times for an error. */
export function gapFigure(metric: string, promised: number | null, actual: number | null): string {
  if (promised === null || actual === null) return '-';
  if (SHARES[metric] !== undefined) {
    return signed((100 * (actual - promised)).toFixed(1));
  }
  if (metric === 'rmse' && promised > 0) return `×${(actual / promised).toPrecision(3)}`;
  return `${actual < promised ? '−' : '+'}${figure(Math.abs(actual - promised))}`;
}

/** With a sign that is as wide as a digit, and none before a zero. */
const signed = (text: string): string =>
  Number(text) === 0 ? text.replace('-', '') : text.startsWith('-') ? `−${text.slice(1)}` : `+${text}`;

/** The unit of `gapFigure`. */
export const gapUnit = (metric: string): string =>
  SHARES[metric] !== undefined ? 'points' : metric === 'rmse' ? 'the error' : name(metric);

const name = (metric: string): string => NAMES[metric] ?? metric;

function apart(metric: string, promised: number | null, actual: number | null): string {
  if (promised === null || actual === null) return '';
  if (SHARES[metric] !== undefined) {
    const points = 100 * (actual - promised);
    if (Math.abs(points) < 0.05) return ', as promised';
    return `, ${Math.abs(points).toFixed(1)} points ${points < 0 ? 'fewer' : 'more'}`;
  }
  if (metric === 'rmse' && promised > 0) {
    const times = actual / promised;
    if (Math.abs(times - 1) < 0.005) return ', as promised';
    return `, ${times.toPrecision(3)} times as much`;
  }
  const difference = actual - promised;
  if (Math.abs(difference) < 1e-9) return ', as promised';
  return `, ${figure(Math.abs(difference))} ${difference < 0 ? 'less' : 'more'}`;
}
