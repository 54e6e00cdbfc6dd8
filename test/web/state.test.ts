/** The state of the page in its address, there and back. */
import { describe, expect, it } from 'vitest';
import { DEFAULTS, type PageState, readState, writeState } from '../../web/state.js';

const full: PageState = {
  view: 'run',
  scenario: 'feedback/strategic-credit',
  text: '',
  seed: 7,
  set: { 'respond.gaming.strength': 8, 'collect.selective labels.off': true, 'retrain.when': 'never' },
  off: ['drift.recession', 'collect.selective labels'],
  hands: [
    { at: 12, set: { 'respond.gaming.share': 0.25 } },
    { at: 57, set: { 'drift.a=b & c.off': false } },
    { at: 80, retrain: true },
    { at: 90, retrain: ['score', 'other'] },
  ],
  t: 93,
  speed: null,
  model: '',
  slice: 'kind: rare',
  metric: 'logLoss',
  x: 'lines',
  y: 'utilisation',
  story: true,
  seeds: 40,
  compare: '{"seeds":5}',
};

describe('the address', () => {
  it('holds the whole state', () => {
    expect(readState(writeState(full))).toEqual(full);
  });

  it('survives a browser that encodes it once more', () => {
    expect(readState(new URL(writeState(full), 'http://127.0.0.1:3000/').hash)).toEqual(full);
  });

  it('is short where everything is as by default', () => {
    expect(writeState(DEFAULTS)).toBe('#/');
    expect(writeState({ ...DEFAULTS, view: 'run' })).toBe('#/run');
    expect(readState('')).toEqual(DEFAULTS);
  });

  it('keeps a scenario of one own with its line ends', () => {
    const text = 'name: "x # y"\nsteps: 3\npopulation: { size: 10 }\n';
    expect(readState(writeState({ ...DEFAULTS, view: 'run', text })).text).toBe(text);
  });

  it.each([
    '#/run?seed=-1&t=1e9&speed=fast&hands=x&set=a&hands=3:&story=maybe',
    '#/nowhere?t=999999999999999999999',
    '#/run?hands=5:__proto__={}&set==1&set=a={"b":1}&set=a=[1]',
  ])('falls back where it cannot be understood: %s', (hash) => {
    const state = readState(hash);
    expect({ ...state, view: 'gallery' }).toEqual(DEFAULTS);
  });

  it('says two values of one step as two hands, in the order of the steps', () => {
    const hands = [
      { at: 9, set: { a: 1, b: 2 } },
      { at: 3, retrain: true as const },
    ];
    expect(readState(writeState({ ...DEFAULTS, hands })).hands).toEqual([
      { at: 3, retrain: true },
      { at: 9, set: { a: 1 } },
      { at: 9, set: { b: 2 } },
    ]);
  });
});
