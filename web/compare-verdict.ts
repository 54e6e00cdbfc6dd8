/** What a comparison says, in a sentence or two. */
import { count, figure, range } from './compare-figures.js';
import type { CompareResults } from './compare-results.js';

/** Null while there is nothing to say. */
export function verdict(results: CompareResults): string | null {
  const [best, ...others] = results.ranked();
  const found = results.hasCosts ? best?.cost : best?.error;
  if (best === undefined || found == null) return null;
  const what = results.hasCosts ? 'Cheapest' : `Least ${results.words.error}`;
  const ends = range(found);
  const seeds = count(found.n, 'seed');
  const first = `${what}: ${best.name}, ${figure(found.mean)}${ends === '' ? ` (${seeds})` : ` (${ends}, ${seeds})`}.`;
  if (found.n < 2) return `${first} One seed cannot tell luck from skill: take more.`;
  const alike: string[] = [];
  const same: string[] = [];
  const lost: string[] = [];
  for (const { name } of others) {
    const difference = results.difference(name, best.name);
    if (difference?.verdict === 'same') same.push(name);
    else if (difference === null) lost.push(name);
    else if (difference.verdict === 'unclear') alike.push(name);
  }
  const told = [
    ...(same.length > 0 ? [`${list(same)} came to the same in every run.`] : []),
    ...(alike.length > 0 ? [`${list(alike)} cannot be told apart from it.`] : []),
    ...(lost.length > 0 ? [`${list(lost)} diverged in every run.`] : []),
  ];
  if (told.length === 0 && others.length > 0) told.push('Every other policy does worse on the same draws.');
  return [first, ...told].join(' ');
}

const list = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join('; ')} and ${names.at(-1)}`;
