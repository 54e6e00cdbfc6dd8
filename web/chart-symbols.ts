/** A shape for each kind of mark, told apart without colour; paths around 0, 0, some 12 pixels wide. */
import type { ChartMark } from './chart-spec.js';

export const SYMBOLS: Readonly<Record<ChartMark['kind'], string>> = {
  // A wave: the world moves by itself.
  drift: 'M-7,1.5c2-5.5 5-5.5 7-1.5s5,4 7-1.5v3c-2,5.5-5,5.5-7,1.5s-5-4-7,1.5z',
  // A square lens: what the pipeline sees.
  sense: 'M-5,-5h10v10h-10z',
  // A round one: people.
  respond: 'M0,-5.5a5.5,5.5 0 1 1 0,11a5.5,5.5 0 1 1 0,-11z',
  // An hourglass: what is recorded, and when.
  collect: 'M-5,-5.5h10l-4,5.5l4,5.5h-10l4,-5.5z',
  deploy: 'M0,-6l5.5,9.5h-11z',
  hand: 'M0,-6.5l6.5,6.5l-6.5,6.5l-6.5,-6.5z',
  // A ring.
  note: 'M0,-5a5,5 0 1 1 0,10a5,5 0 1 1 0,-10zM0,-2.5a2.5,2.5 0 1 0 0,5a2.5,2.5 0 1 0 0,-5z',
  // A disc with the number of the scene in it.
  story: 'M0,-8.5a8.5,8.5 0 1 1 0,17a8.5,8.5 0 1 1 0,-17z',
};

/** The words of the scenario file: who reads the chart learns to read it. */
export const KIND_WORDS: Readonly<Record<ChartMark['kind'], string>> = {
  drift: 'drift',
  sense: 'sense',
  respond: 'respond',
  collect: 'collect',
  deploy: 'deploy',
  hand: 'by hand',
  note: 'note',
  story: 'story',
};
