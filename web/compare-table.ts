/** The policies as a table: the figures and words of `driftloop compare`. */
import type { PolicyResult } from '../src/study/comparison.js';
import { type ComparisonColumn, comparisonColumns } from '../src/study/comparison-words.js';
import { make } from './compare-dom.js';
import { count } from './compare-figures.js';
import type { CompareResults } from './compare-results.js';

export function compareTable(results: CompareResults): HTMLTableElement {
  const found = results.found();
  const [name, ...all] = comparisonColumns(found, results.hasCosts);
  const verdict = all.find(({ key }) => key === 'verdict');
  const columns = all.filter((column) => column !== verdict);
  const head = [name, ...columns].map(({ head: text }) => make('th', { scope: 'col' }, text));
  const rows = found.policies.map((policy) => {
    const swatch = make('span', { class: `swatch ${results.hue(policy.name)}`, 'aria-hidden': 'true' });
    const lost =
      policy.diverged > 0 ? `diverged in ${policy.diverged} of ${count(policy.runs, 'run')}: those are in no mean` : '';
    const cells = columns.map((column) => make('td', { 'data-key': column.key }, ...cellOf(policy, column, verdict)));
    return make(
      'tr',
      policy.rank[0] === 1 ? { class: 'best' } : {},
      make('th', { scope: 'row' }, swatch, name.cell(policy), ...(lost === '' ? [] : [make('small', {}, lost)])),
      ...cells,
    );
  });
  return make(
    'table',
    { 'aria-label': 'What each policy came to' },
    make('thead', {}, make('tr', {}, ...head)),
    make('tbody', {}, ...rows),
  );
}

const GOOD: Readonly<Record<string, string>> = { lower: 'good', higher: 'bad' };

function cellOf(policy: PolicyResult, column: ComparisonColumn, verdict?: ComparisonColumn): (Node | string)[] {
  const text = column.cell(policy);
  if (column.key === 'front' && text !== '') return [make('span', { role: 'img', 'aria-label': 'on the front' }, text)];
  if (column.key !== 'difference' || policy.difference === null || verdict === undefined) return [text];
  const look = GOOD[policy.difference.verdict] ?? 'unclear';
  return [text, make('small', { class: look }, verdict.cell(policy))];
}
