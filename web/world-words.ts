/** What the picture of the world says in words: legend, counts, one person, and a summary for who does not see it. */
import type { DecodedFrame } from './world-frame.js';
import { isYesNo } from './world-plane.js';

export interface WorldNames {
  /** The first decision; null where nothing is decided. */
  readonly decision: string | null;
  readonly outcome: string;
  readonly model: string;
}

/** What is counted of the people shown. */
export interface Counts {
  readonly people: number;
  readonly yes: number;
  readonly wrong: number;
  /** Who present themselves other than they are. */
  readonly otherwise: number;
  /** Who have no value on an axis, and who stand beyond the axes' ends. */
  readonly missing: number;
  readonly outside: number;
  /** Mean error; NaN where the outcome is a yes or no. */
  readonly error: number;
}

export function countsOf(decoded: DecodedFrame): Counts {
  const { decided, frame, n, outcome, prediction, shownX, shownY, x, y } = decoded;
  const { domain } = frame;
  let yes = 0;
  let wrong = 0;
  let otherwise = 0;
  let missing = 0;
  let outside = 0;
  let sum = 0;
  let known = 0;
  for (let i = 0; i < n; i++) {
    yes += decided[i];
    if (frame.binary && !Number.isNaN(outcome[i]) && (outcome[i] !== 0) !== (decided[i] === 1)) wrong++;
    const error = Math.abs(prediction[i] - outcome[i]);
    if (error - error === 0) {
      sum += error;
      known++;
    }
    const [px, py] = [shownX[i], shownY[i]];
    if (px !== x[i] || py !== y[i]) if (!(Number.isNaN(px) && Number.isNaN(x[i]))) otherwise++;
    if (!(px - px === 0 && py - py === 0)) missing++;
    else if (px < domain.x[0] || px > domain.x[1] || py < domain.y[0] || py > domain.y[1]) outside++;
  }
  const error = frame.binary || known === 0 ? Number.NaN : sum / known;
  return { people: n, yes, wrong, otherwise, missing, outside, error };
}

/** One entry of the legend: its mark, and what the mark says. */
export interface LegendEntry {
  readonly mark: 'filled' | 'hollow' | 'right' | 'wrong' | 'errors' | 'tail' | 'boundary' | 'line' | 'region';
  readonly text: string;
}

/** Exactly what is drawn, in the order in which one reads it. */
export function legendOf(
  { frame }: DecodedFrame,
  counts: Counts,
  names: WorldNames,
  errorScale: number,
): LegendEntry[] {
  const { decision, model, outcome } = names;
  const entries: LegendEntry[] = [];
  const of = count(counts.people);
  if (frame.binary) {
    const yes = decision ?? `${model} says yes`;
    const no = decision === null ? `${model} says no` : `not ${decision}`;
    // A metric such as accuracy judges predictions; the picture judges decisions where there are any.
    const what = decision === null ? model : 'the decision';
    entries.push(
      { mark: 'filled', text: `filled: ${yes} (${count(counts.yes)} of ${of})` },
      { mark: 'hollow', text: `hollow: ${no}` },
      { mark: 'right', text: `blue: ${what} was right (${yes}, and ${outcome}; or neither)` },
      { mark: 'wrong', text: `orange: ${what} was wrong (${count(counts.wrong)} of ${of})` },
    );
  } else {
    entries.push({
      mark: 'errors',
      text: `how far ${model} is from ${outcome}: 0 to ${figure(errorScale)} and more (mean ${figure(counts.error)})`,
    });
    if (decision !== null) {
      entries.push(
        { mark: 'filled', text: `filled: ${decision} (${count(counts.yes)} of ${of})` },
        { mark: 'hollow', text: `hollow: not ${decision}` },
      );
    }
  }
  if (counts.otherwise > 0)
    entries.push({
      mark: 'tail',
      text: `tail: from what is true (small) to what is shown (${count(counts.otherwise)} people)`,
    });
  if (frame.model?.kind === 'boundary') {
    entries.push({
      mark: 'boundary',
      text: `line: ${model} is ${figure(frame.model.threshold)}, any other features at their means in the lab`,
    });
    entries.push({ mark: 'region', text: `tinted: ${model} says yes` });
  } else if (frame.model?.kind === 'line')
    entries.push({ mark: 'line', text: `line: what ${model} predicts, any other features at their means in the lab` });
  return entries;
}

/** What a reader must know of who is not in the picture. */
export function notShown({ frame }: DecodedFrame, { missing, outside, people }: Counts): string {
  const parts: string[] = [];
  if (frame.individuals > people) parts.push(`${count(people)} of ${count(frame.individuals)} people are shown`);
  if (outside > 0) parts.push(`${count(outside)} stand outside the picture`);
  if (missing > 0) parts.push(`${count(missing)} have no value here`);
  return parts.length === 0 ? '' : `${parts.join('; ')}.`;
}

/** One person's numbers, as name and value. */
export function personOf(decoded: DecodedFrame, row: number, names: WorldNames): [string, string][] {
  const { decided, frame, outcome, prediction, shownX, shownY, x, y } = decoded;
  const axis = (name: string, truth: number, shown: number, span: readonly [number, number]): [string, string] => {
    const say = isYesNo(span) ? yesNo : figure;
    return [name, say(truth) === say(shown) ? say(truth) : `truly ${say(truth)}, shows ${say(shown)}`];
  };
  const rows: [string, string][] = [axis(frame.x, x[row], shownX[row], frame.domain.x)];
  rows.push(axis(frame.y, y[row], shownY[row], frame.domain.y));
  rows.push([names.model, figure(prediction[row])]);
  if (names.decision !== null) rows.push([names.decision, decided[row] === 1 ? 'yes' : 'no']);
  rows.push([names.outcome, frame.binary ? yesNo(outcome[row]) : figure(outcome[row])]);
  // An axis may be the prediction or the outcome itself.
  return rows.filter(([name], k) => rows.findIndex(([other]) => other === name) === k);
}

/** For who hears the picture. */
export function summaryOf(decoded: DecodedFrame, counts: Counts, names: WorldNames): string {
  const { frame } = decoded;
  const who = names.decision === null ? names.model : 'the decision';
  const said = frame.binary
    ? `${who} is wrong about ${count(counts.wrong)} of ${count(counts.people)} people shown`
    : `the mean error of ${names.model} is ${figure(counts.error)}`;
  const gamed = counts.otherwise > 0 ? `, ${count(counts.otherwise)} show other than what is true` : '';
  return `Step ${frame.t}: ${said}${gamed}.`;
}

const yesNo = (value: number): string => (Number.isNaN(value) ? 'missing' : value !== 0 ? 'yes' : 'no');

const count = (n: number): string => n.toLocaleString('en');

/** Three digits that count. */
export function figure(value: number): string {
  if (Number.isNaN(value)) return 'missing';
  const size = Math.abs(value);
  const text = size >= 1e6 || (size > 0 && size < 1e-3) ? value.toExponential(1) : String(Number(value.toPrecision(3)));
  return text.replace('-', '\u2212');
}
