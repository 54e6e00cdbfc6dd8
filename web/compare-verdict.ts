/** What a comparison says, in a sentence or two. */
import { isYardstick } from '../src/study/asked-policies.js';
import { number, plusMinus } from '../src/study/comparison-words.js';
import { count } from './compare-figures.js';
import type { CompareResults } from './compare-results.js';

/** Of the policies that can be had: yardsticks know the future, or train at random. Null while there is nothing to say. */
export function verdict(results: CompareResults): string | null {
  const { alike, policies } = results.found();
  const [best, ...others] = policies.filter(({ name }) => !isYardstick(name));
  if (best === undefined || best.cost === null) return null;
  const what = results.hasCosts ? 'Cheapest' : `Least ${results.words.error}`;
  const seeds = alike > 0 ? 'one run of replayed rows' : count(best.cost.n, 'seed');
  const first = `${what}: ${said(best.name)} at ${plusMinus(best.cost)} (${seeds}).`;
  if (best.cost.n < 2 && alike === 0) return `${first} One seed cannot tell luck from skill: take more.`;
  const unclear: string[] = [];
  const same: string[] = [];
  const lost: string[] = [];
  for (const { name } of others) {
    const difference = results.difference(name, best.name);
    if (difference?.verdict === 'same' || (alike > 0 && difference?.mean === 0)) same.push(name);
    else if (difference === null) lost.push(name);
    else if (alike === 0 && difference.verdict === 'unclear') unclear.push(name);
  }
  const told = [
    ...(same.length > 0 ? [`${list(same)} came to the same in every run.`] : []),
    ...(unclear.length > 0 ? [`${list(unclear)} cannot be told apart from it.`] : []),
    ...(lost.length > 0 ? [`${list(lost)} diverged in every run.`] : []),
  ];
  if (told.length === 0 && others.length > 0) told.push('Every other policy does worse on the same draws.');
  if (best.regret !== null) told.push(`It pays ${number(best.regret.mean)} more than the oracle.`);
  return [first, ...told].join(' ');
}

/** Where its words hold a comma, nobody would see where it ends. */
const said = (name: string): string => (name.includes(',') ? `“${name}”` : name);

const list = (names: readonly string[]): string => {
  const all = names.map(said);
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
};
