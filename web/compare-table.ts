/** The policies as a table: what each came to, and its difference to the first on the same draws. */
import type { Difference, Interval } from '../src/study/statistics.js';
import { make } from './compare-dom.js';
import { count, figure, type MetricWords, range, signed } from './compare-figures.js';
import type { CompareResults, Summary } from './compare-results.js';

interface Column {
  readonly head: string;
  /** Says plainly which way is better. */
  readonly note: string;
  cell(summary: Summary): (Node | string)[];
}

export function compareTable(results: CompareResults): HTMLTableElement {
  const columns = columnsOf(results);
  const head = make(
    'tr',
    {},
    make('th', { scope: 'col' }, 'Policy'),
    ...columns.map(({ head: text, note }) =>
      make('th', { scope: 'col' }, text, ...(note === '' ? [] : [make('small', {}, note)])),
    ),
  );
  const rows = results.ranked().map((summary) => {
    const swatch = make('span', { class: `swatch scale-${summary.index % 8}`, 'aria-hidden': 'true' });
    const notes = notesOf(summary);
    const name = make(
      'th',
      { scope: 'row' },
      swatch,
      summary.name,
      ...(notes === '' ? [] : [make('small', {}, notes)]),
    );
    return make('tr', {}, name, ...columns.map((column) => make('td', {}, ...column.cell(summary))));
  });
  return make(
    'table',
    { 'aria-label': 'What each policy came to' },
    make('thead', {}, head),
    make('tbody', {}, ...rows),
  );
}

function notesOf({ diverged, index, runs }: Summary): string {
  const notes = [
    ...(index === 0 ? ['the first: others are compared to it'] : []),
    ...(diverged > 0 ? [`diverged in ${diverged} of ${count(runs, 'run')}: those are in no mean`] : []),
  ];
  return notes.join('; ');
}

function columnsOf(results: CompareResults): Column[] {
  const { hasCosts, policies, words } = results;
  const kinds = [...new Set(results.summaries().flatMap((one) => one.kinds.map(({ kind }) => kind)))];
  const metric: Column = {
    head: `Mean ${words.name}`,
    note: `${words.better} is better`,
    cell: (summary) => interval(summary.metric),
  };
  const trainings: Column = { head: 'Trainings', note: 'of a run', cell: ({ trainings: n }) => interval(n) };
  const metricDifference: Column = {
    head: `${capital(words.name)} against ${policies[0]}`,
    note: `${words.better} is better`,
    cell: ({ index, metricDifference: found }) => difference(index, found, words.better),
  };
  if (!hasCosts) return [metric, metricDifference, trainings];
  return [
    { head: 'Total cost', note: 'lower is better', cell: (summary) => interval(summary.cost) },
    {
      head: `Cost against ${policies[0]}`,
      note: 'paired; lower is better',
      cell: ({ costDifference, index }) => difference(index, costDifference, 'lower'),
    },
    metric,
    ...kinds.map(
      (kind): Column => ({
        head: KINDS[kind] ?? capital(kind),
        note: '',
        cell: ({ kinds: all }) => [figure(all.find((one) => one.kind === kind)?.mean ?? null)],
      }),
    ),
    trainings,
  ];
}

const KINDS: Readonly<Record<string, string>> = {
  error: 'Cost of errors',
  label: 'of labels',
  retrain: 'of training',
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function interval(found: Interval | null): (Node | string)[] {
  if (found === null) return ['–'];
  // The same in every run: a policy's trainings.
  const ends = found.low === found.high ? '' : range(found);
  return ends === '' ? [figure(found.mean)] : [figure(found.mean), make('small', {}, ends)];
}

function difference(index: number, found: Difference | null, better: MetricWords['better']): (Node | string)[] {
  if (index === 0) return ['–'];
  if (found === null) return ['no run in common yet'];
  if (found.verdict === 'same') return ['the same in every run'];
  const ends = range(found, signed);
  if (found.n < 2) return [signed(found.mean), make('small', {}, 'one seed: no interval')];
  if (found.verdict === 'unclear')
    return [make('span', { class: 'unclear' }, 'cannot be told apart'), make('small', {}, ends)];
  const good = found.verdict === better;
  return [
    make('b', { class: good ? 'good' : 'bad' }, `${signed(found.mean)} ${good ? 'better' : 'worse'}`),
    make('small', {}, ends),
  ];
}
