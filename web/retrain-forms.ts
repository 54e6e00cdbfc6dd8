/** The forms that a retraining policy takes on the page: when, and on which records. */
import type { Intervention } from '../src/loop/trace.js';
import type { Scalar } from '../src/server/protocol.js';

/** One of the forms: a word such as `never`, or a block with a number such as `{ every: 20 }`. */
export interface Form {
  readonly key: string;
  readonly text: string;
  /** Its number: what is counted, what it starts at, and how far it may go. */
  readonly count?: { readonly after: string; readonly start: number; readonly most: number; readonly isWhole: boolean };
  /** Offered only where the scenario says it. */
  readonly isRare?: true;
  /** Said by more than one number: a hand can leave it, and not come back. */
  readonly isFixed?: true;
}

const steps = (start: number) => ({ after: 'steps', start, most: 100_000, isWhole: true });
const rows = (most: number) => ({ after: 'rows', start: 1000, most, isWhole: true });
const fixed = (key: string, text: string): Form => ({ key, text, isRare: true, isFixed: true });

export const WHEN: readonly Form[] = [
  { key: 'never', text: 'never' },
  { key: 'manual', text: 'by hand only' },
  { key: 'every', text: 'every', count: steps(20) },
  fixed('at', 'at set steps'),
  fixed('random', 'at random'),
  fixed('alarm', 'on an alarm'),
  fixed('metric', 'on a metric'),
  fixed('staleness', 'when it has cost enough'),
];

export const WINDOW: readonly Form[] = [
  { key: 'all', text: 'all records' },
  { key: 'last', text: 'the last', count: steps(20) },
  { key: 'rows', text: 'the newest', count: rows(10_000_000) },
  { key: 'reservoir', text: 'a sample of', count: rows(1_000_000), isRare: true },
  { key: 'halfLife', text: 'all, half as heavy after', count: { ...steps(20), isWhole: false }, isRare: true },
  fixed('since', 'from an alarm or warning on'),
];

/** A form in force, and its number. */
export interface Chosen {
  readonly key: string;
  readonly value: number | null;
}

/** What the scenario says; of a form that is not known, its own first key. */
export function formOf(spec: unknown, forms: readonly Form[]): Chosen {
  if (typeof spec === 'string') return { key: spec, value: null };
  if (typeof spec !== 'object' || spec === null) return { key: forms[0].key, value: null };
  const entries = Object.entries(spec);
  const [key, value] = entries.find(([name]) => forms.some((form) => form.key === name)) ?? entries[0] ?? ['', null];
  return { key, value: typeof value === 'number' ? value : null };
}

/** The form after some hands. `isReplaced`: one of them has put a whole form in the place of another. */
export function formAfter(
  hands: readonly Intervention[],
  path: string,
  forms: readonly Form[],
  first: unknown,
): Chosen & { readonly isReplaced: boolean } {
  let now = formOf(first, forms);
  let isReplaced = false;
  for (const { set = {} } of hands) {
    const whole: unknown = set[path];
    if (whole !== undefined) now = formOf(whole, forms);
    for (const { key } of forms) {
      const value = set[`${path}.${key}`];
      if (typeof value !== 'number') continue;
      isReplaced ||= whole !== undefined;
      now = { key, value };
    }
  }
  return { ...now, isReplaced };
}

/**
 * What a hand sets to go over to a form. The key of another form with a number would stay beside the new one's, and no
 * scenario has both: then the first form, a word, comes between. Once it has, it always does, so that each hand on a step
 * stands by itself.
 */
export function changeTo(
  wanted: string,
  written: number,
  now: Chosen & { readonly isReplaced: boolean },
  path: string,
  forms: readonly Form[],
): Record<string, Scalar> {
  const form = forms.find(({ key }) => key === wanted);
  if (form?.count === undefined) return { [path]: wanted };
  const { isWhole, most, start } = form.count;
  const value = Math.min(most, wanted === now.key && written > 0 ? written : start);
  const isWord = forms.some(({ count, isFixed, key }) => key === now.key && count === undefined && isFixed !== true);
  const isAlone = !now.isReplaced && (wanted === now.key || isWord);
  return {
    ...(isAlone ? {} : { [path]: forms[0].key }),
    [`${path}.${wanted}`]: isWhole ? Math.max(1, Math.round(value)) : value,
  };
}
