/**
 * Step 2: the world's own changes. One member a file, named as the literature on concept drift names them.
 *
 * A drift turns the value x that it finds into a new concept F: at once (sudden), now and then (gradual), bit by bit
 * (incremental), again and again (recurring). Three say themselves what F is: seasonal, random walk, and for who enters the
 * mix of a category (one with a new category in it).
 */
export { gradual } from './gradual.js';
export { incremental } from './incremental.js';
export { type Mix, mixed } from './mix.js';
export { newCategory } from './new-category.js';
export { randomWalk } from './random-walk.js';
export { recurring, recurs } from './recurring.js';
export { seasonal } from './seasonal.js';
export { sudden } from './sudden.js';
