/** Parts that every block of the scenario file is made from. */
export * from '../core/keys.js';
