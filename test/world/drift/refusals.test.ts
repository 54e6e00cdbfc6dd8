/** What a drift must not be, said at its place. */
import { expect, it } from 'vitest';
import { ScenarioError } from '../../../src/scenario/diagnostic.js';
import { drifting } from '../../support/drifting.js';
import { parse } from '../../support/scenario.js';

it.each([
  ['{ name: d, field: x }', 'd, field: x }', /does nothing; expected `becomes`, or one of seasonal, randomWalk, mix/],
  ['{ name: d, field: x, gradual: { over: 3 } }', '{ over', /does not say what the value becomes/],
  [
    '{ name: d, field: x, becomes: 1, gradual: { over: 3 }, recurring: { every: 4, for: 1 } }',
    '{ every',
    /both `gradual` and `recurring`/,
  ],
  ['{ name: d, field: x, becomes: 1, randomWalk: { sd: 1 } }', '1, randomWalk', /both `becomes` and `randomWalk`/],
  ['{ name: d, field: g, seasonal: { amplitude: 1, period: 4 } }', '{ amplitude', /`g` is a category/],
  ['{ name: d, field: b, becomes: 1, incremental: { over: 4 } }', '{ over', /`b` is 0 or 1: there is nothing between/],
  ['{ name: d, field: x, becomes: 1, recurring: { every: 4, for: 5 } }', '5 }', /stays for 5 steps of every 4/],
  ['{ name: d, field: x, seasonal: { amplitude: zz, period: 4 } }', 'zz', /unknown name `zz`/],
  ['{ name: d, field: x, mix: { shares: { a: 1 } } }', 'x, mix', /not drawn from a `choice`/],
  ['{ name: d, field: g, mix: { shares: { a: 1, d: 1 } } }', '1 } } }', /`d` is not a value of `g`/],
  ['{ name: d, field: g, mix: { shares: { a: 0 } } }', '{ a: 0', /no value has a positive weight/],
  ['{ name: d, field: g, mix: { shares: { a: 1 } }, where: x > 1 }', 'x > 1', /of whom nothing is known yet/],
  ['{ name: d, field: g, newCategory: { value: a } }', 'a } }', /has the value "a" from the start/],
  ['{ name: d, field: x, becomes: y }', 'y }', /the outcome has not yet happened/],
])('%s', async (drift, word, message) => {
  const text = drifting(drift, '', 1);
  const error = await parse(text).then(
    () => null,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(ScenarioError);
  const before = text.slice(0, text.indexOf(word, text.indexOf('drift: ['))).split('\n');
  const [line, column] = [before.length, (before.at(-1)?.length ?? 0) + 1];
  expect(error.message).toMatch(message);
  // `it does nothing` is said of the whole mechanism.
  if (!/does nothing/.test(error.message)) expect(error.diagnostics[0]).toMatchObject({ line, column });
});

it('a mix where nobody enters', async () => {
  await expect(parse(drifting('{ name: d, field: g, mix: { shares: { b: 1 } } }'))).rejects.toThrow(/nobody enters/);
});
