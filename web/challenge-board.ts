/** The leader board: one's tries, the oracle and never retraining, the cheapest first. */
import type { ComparePolicy } from '../src/server/protocol.js';
import { type Bill, excess, MEDALS, medalOf } from './challenge-oracle.js';
import { make } from './compare-dom.js';
import { figure, percent } from './compare-figures.js';

export interface Entry {
  readonly kind: 'try' | 'oracle' | 'never';
  readonly policy: ComparePolicy;
  readonly bill: Bill;
  readonly trainings: number;
  /** The newest try is marked. */
  readonly isNew: boolean;
}

export interface BoardHooks {
  /** A try is to be taken up again. */
  take(policy: ComparePolicy): void;
}

export function board(entries: readonly Entry[], oracle: number | null, hooks: BoardHooks): HTMLTableElement {
  const sorted = [...entries].sort((a, b) => Math.sign(a.bill.total - b.bill.total) || order(a) - order(b));
  const parts = [...new Set(sorted.flatMap(({ bill }) => bill.parts.map(({ name }) => name)))];
  const most = Math.max(...sorted.map(({ bill }) => bill.total).filter(Number.isFinite), 0);
  const head = ['Policy', 'Total cost', 'Against the oracle', ...parts.map((name) => `of ${name}`), 'Trainings'];
  let place = 0;
  const rows = sorted.map((entry) => {
    if (entry.kind === 'try') place++;
    const { bill, kind, policy, trainings } = entry;
    const cells = [
      make(
        'th',
        { scope: 'row' },
        make('span', { class: 'place' }, kind === 'try' ? `${place}.` : ''),
        title(entry),
        ...(kind === 'try' ? [again(policy, hooks)] : []),
      ),
      make('td', {}, totalOf(bill), bar(bill.total, most)),
      make('td', {}, ...against(entry, oracle)),
      ...parts.map((name) => make('td', {}, figure(bill.parts.find((part) => part.name === name)?.cost ?? null))),
      make('td', {}, String(trainings)),
    ];
    return make('tr', { class: `${kind}${entry.isNew ? ' new' : ''}` }, ...cells);
  });
  return make(
    'table',
    { 'aria-label': 'Your tries, the cheapest first' },
    make('thead', {}, make('tr', {}, ...head.map((text) => make('th', { scope: 'col' }, text)))),
    make('tbody', {}, ...rows),
  );
}

const order = ({ kind }: Entry): number => ['try', 'oracle', 'never'].indexOf(kind);

const title = ({ isNew, kind, policy }: Entry): string =>
  kind === 'oracle'
    ? `The oracle: ${policy.name}`
    : kind === 'never'
      ? 'Never retraining'
      : `${policy.name}${isNew ? ' (the last)' : ''}`;

const totalOf = ({ total }: Bill): string => (Number.isFinite(total) ? figure(total) : 'diverged');

function again(policy: ComparePolicy, hooks: BoardHooks): HTMLButtonElement {
  const button = make(
    'button',
    { type: 'button', class: 'again', 'aria-label': `Take up again: ${policy.name}` },
    'Take up',
  );
  button.addEventListener('click', () => hooks.take(policy));
  return button;
}

function bar(total: number, most: number): HTMLSpanElement {
  const element = make('span', { class: 'bar-cost', 'aria-hidden': 'true' });
  const share = Number.isFinite(total) && most > 0 ? Math.max(0, total / most) : 0;
  element.style.setProperty('--share', share.toFixed(4));
  return element;
}

function against({ bill, kind }: Entry, oracle: number | null): (Node | string)[] {
  if (oracle === null || !Number.isFinite(bill.total)) return ['–'];
  if (kind === 'oracle') return ['the yardstick'];
  const share = excess(bill.total, oracle);
  const words = Math.abs(share) <= 1e-9 ? 'the same' : `${percent(share)} ${share > 0 ? 'more' : 'less'}`;
  const medal = medalOf(bill.total, oracle);
  if (kind === 'never' || medal === 'none') return [words];
  return [words, make('span', { class: `medal ${medal}` }, MEDALS[medal])];
}
