/** What the picture of the world says in words: legend, counts, one person, and a summary for who does not see it. */
import type { DecodedFrame } from './world-frame.js';
import { figure } from './world-numbers.js';
import { isYesNo } from './world-plane.js';

export interface WorldNames {
  /** The first decision; null where nothing is decided. */
  readonly decision: string | null;
  readonly outcome: string;
  readonly model: string;
}

/** What is counted of the people shown: heads, or the weights that they stand for. */
export interface Counts {
  readonly people: number;
  /** Whether some count for more than others. */
  readonly isWeighted: boolean;
  /** What all of them count for; without weights, people. */
  readonly all: number;
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
  const { decided, frame, n, outcome, prediction, shownX, shownY, weight, x, y } = decoded;
  const { domain } = frame;
  let all = 0;
  let yes = 0;
  let wrong = 0;
  let otherwise = 0;
  let missing = 0;
  let outside = 0;
  let sum = 0;
  let known = 0;
  for (let i = 0; i < n; i++) {
    const w = weight === null ? 1 : weight[i];
    // Where nobody stands there is nothing to tell of, not even a value that is missing.
    if (w === 0) continue;
    all += w;
    yes += w * decided[i];
    if (frame.binary && !Number.isNaN(outcome[i]) && (outcome[i] !== 0) !== (decided[i] === 1)) wrong += w;
    const error = Math.abs(prediction[i] - outcome[i]);
    if (error - error === 0) {
      sum += w * error;
      known += w;
    }
    const [px, py] = [shownX[i], shownY[i]];
    if (px !== x[i] || py !== y[i]) if (!(Number.isNaN(px) && Number.isNaN(x[i]))) otherwise += w;
    if (!(px - px === 0 && py - py === 0)) missing += w;
    else if (px < domain.x[0] || px > domain.x[1] || py < domain.y[0] || py > domain.y[1]) outside += w;
  }
  const error = frame.binary || known === 0 ? Number.NaN : sum / known;
  return { people: n, isWeighted: weight !== null, all, yes, wrong, otherwise, missing, outside, error };
}

/** One entry of the legend: its mark, and what the mark says. */
export interface LegendEntry {
  readonly mark:
    | 'filled'
    | 'hollow'
    | 'right'
    | 'wrong'
    | 'errors'
    | 'weight'
    | 'tail'
    | 'boundary'
    | 'line'
    | 'region';
  readonly text: string;
}

/** Exactly what is drawn, in the order in which one reads it. */
export function legendOf(decoded: DecodedFrame, counts: Counts, names: WorldNames, errorScale: number): LegendEntry[] {
  const { frame } = decoded;
  const { model, outcome } = names;
  const decision = judgedOf(decoded, names);
  const entries: LegendEntry[] = [];
  const of = (value: number) =>
    counts.isWeighted ? percent(value / counts.all) : `${count(value)} of ${count(counts.people)}`;
  if (frame.binary) {
    const yes = decision ?? `${model} says yes`;
    const no = decision === null ? `${model} says no` : `not ${decision}`;
    // A metric such as accuracy judges predictions; the picture judges decisions where there are any.
    const what = decision === null ? model : 'the decision';
    entries.push(
      { mark: 'filled', text: `filled: ${yes} (${of(counts.yes)})` },
      { mark: 'hollow', text: `hollow: ${no}` },
      { mark: 'right', text: `blue: ${what} was right (${yes}, and ${outcome}; or neither)` },
      { mark: 'wrong', text: `orange: ${what} was wrong (${of(counts.wrong)})` },
    );
  } else {
    entries.push({
      mark: 'errors',
      text: `how far ${model} is from ${outcome}: 0 to ${figure(errorScale)} and more (mean ${figure(counts.error)})`,
    });
    if (decision !== null) {
      entries.push(
        { mark: 'filled', text: `filled: ${decision} (${of(counts.yes)})` },
        { mark: 'hollow', text: `hollow: not ${decision}` },
      );
    }
  }
  if (counts.isWeighted) entries.push({ mark: 'weight', text: 'size: how many people a point stands for' });
  if (counts.otherwise > 0)
    entries.push({
      mark: 'tail',
      text: `tail: from what is true (small) to what is shown (${some(counts, counts.otherwise)}${counts.isWeighted ? '' : ' people'})`,
    });
  if (frame.model?.kind === 'boundary') {
    const { threshold } = frame.model;
    const [saysYes, saysNo] = [
      decoded.model?.some((value) => value > threshold),
      decoded.model?.some((value) => value <= threshold),
    ];
    if (saysYes && saysNo)
      entries.push({
        mark: 'boundary',
        text: `line: ${model} is ${figure(threshold)}, any other features at their means in the lab`,
      });
    if (saysYes) entries.push({ mark: 'region', text: `tinted: ${model} says yes` });
  } else if (frame.model?.kind === 'line')
    entries.push({ mark: 'line', text: `line: what ${model} predicts, any other features at their means in the lab` });
  return entries;
}

/** What a reader must know of who is not in the picture. */
export function notShown({ frame }: DecodedFrame, counts: Counts): string {
  const { isWeighted, missing, outside, people } = counts;
  const parts: string[] = [];
  const who = isWeighted ? 'points of the population' : 'people';
  if (frame.individuals > people) parts.push(`${count(people)} of ${count(frame.individuals)} ${who} are shown`);
  const say = (value: number, one: string, many: string) => {
    if (value > 0) parts.push(`${some(counts, value)} ${!isWeighted && value === 1 ? one : many}`);
  };
  say(outside, 'stands outside the picture', 'stand outside the picture');
  say(missing, 'has no value here', 'have no value here');
  return parts.length === 0 ? '' : `${parts.join('; ')}.`;
}

/** One person's numbers, as name and value. */
export function personOf(decoded: DecodedFrame, row: number, names: WorldNames): [string, string][] {
  const { amount, decided, frame, outcome, prediction, shownX, shownY, weight, x, y } = decoded;
  const axis = (name: string, truth: number, shown: number, span: readonly [number, number]): [string, string] => {
    const say = isYesNo(span) ? yesNo : figure;
    return [name, say(truth) === say(shown) ? say(truth) : `truly ${say(truth)}, shows ${say(shown)}`];
  };
  const rows: [string, string][] = [axis(frame.x, x[row], shownX[row], frame.domain.x)];
  rows.push(axis(frame.y, y[row], shownY[row], frame.domain.y));
  rows.push([names.model, figure(prediction[row])]);
  if (names.decision !== null)
    rows.push([names.decision, amount === null ? (decided[row] === 1 ? 'yes' : 'no') : figure(amount[row])]);
  rows.push([names.outcome, frame.binary ? yesNo(outcome[row]) : figure(outcome[row])]);
  if (weight !== null) {
    const all = weight.reduce((sum, w) => sum + w, 0);
    rows.push(['weight', `${percent(weight[row] / all)} of those shown`]);
  }
  // An axis may be the prediction or the outcome itself.
  return rows.filter(([name], k) => rows.findIndex(([other]) => other === name) === k);
}

/** For who hears the picture. */
export function summaryOf(decoded: DecodedFrame, counts: Counts, names: WorldNames): string {
  const { frame } = decoded;
  const who = judgedOf(decoded, names) === null ? names.model : 'the decision';
  const wrong = counts.isWeighted
    ? `${percent(counts.wrong / counts.all)} of those shown`
    : `${count(counts.wrong)} of ${count(counts.people)} people shown`;
  const said = frame.binary
    ? `${who} is wrong about ${wrong}`
    : `the mean error of ${names.model} is ${figure(counts.error)}`;
  const gamed = counts.otherwise > 0 ? `, ${some(counts, counts.otherwise)} show other than what is true` : '';
  return `Step ${frame.t}: ${said}${gamed}.`;
}

/** The decision that is judged; an amount is no yes or no, and the model's answer is looked at in its place. */
const judgedOf = ({ amount }: DecodedFrame, { decision }: WorldNames): string | null =>
  amount === null ? decision : null;

const some = ({ all, isWeighted }: Counts, value: number): string => (isWeighted ? percent(value / all) : count(value));

/** As the header says shares; what is not nothing is not told as nothing. */
const percent = (share: number): string =>
  share > 0 && share < 0.0005 ? 'under 0.1 %' : `${(100 * share).toFixed(1)} %`;

const yesNo = (value: number): string => (Number.isNaN(value) ? 'missing' : value !== 0 ? 'yes' : 'no');

const count = (n: number): string => n.toLocaleString('en');
