/**
 * How much of a change that takes `over` steps has come: min(1, since / over), 0 at the step at which it begins; with
 * `over` 0 all of it at once. The same line as the formula `ramp(t, from, from + over)`.
 */
export const progress = (since: number, over: number): number =>
  over > 0 ? Math.min(1, Math.max(0, since / over)) : 1;
