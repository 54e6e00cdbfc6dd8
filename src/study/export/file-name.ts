/** A name for a file of a run, whatever its scenario calls itself: letters, digits and dashes only, and never long. */

const MOST_CHARACTERS = 60;

export function fileName(scenario: string, seed: number, ending: string): string {
  const word = scenario
    // Letters with marks lose the marks; every other script has no plain letters to give.
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MOST_CHARACTERS)
    .replace(/^-|-$/g, '');
  return `${word === '' ? 'run' : word}-seed-${seed}.${ending}`;
}
