/** The gap in words: what the lab promised, what is, and what the dashboard says. */
import type { Run } from './run.js';

/** Metrics that are shares of people, said as so many of 100. */
const OF_100: Readonly<Record<string, string>> = { accuracy: 'decisions were right' };

export interface Sentence {
  readonly before: string;
  readonly figure: string;
  readonly after: string;
}

export const figure = (value: number | null): string =>
  value === null ? 'nothing' : Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);

const of100 = (value: number | null): string => (value === null ? 'nothing' : `${Math.round(value * 100)} of 100`);

export function gap(run: Run): { promised: Sentence; actually: Sentence; dashboard: Sentence } {
  const { metric } = run;
  const words = OF_100[metric];
  const say = words === undefined ? figure : of100;
  const promised = say(run.promised);
  const actual = say(run.latest('actual'));
  const observed = run.latest('observed');
  const name = metric === 'rmse' ? 'error (RMSE)' : metric;
  return {
    promised:
      words === undefined
        ? { before: `In the lab the ${name} was `, figure: promised, after: '.' }
        : { before: 'In the lab ', figure: promised, after: ` ${words}.` },
    actually:
      words === undefined
        ? { before: 'In the field it is ', figure: actual, after: '.' }
        : { before: 'In the field ', figure: actual, after: ' are.' },
    dashboard:
      observed === null
        ? { before: 'The dashboard shows ', figure: 'nothing', after: ' yet: no label has arrived.' }
        : { before: 'The dashboard shows ', figure: say(observed), after: '.' },
  };
}
