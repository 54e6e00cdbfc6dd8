/** The public face of the library. */
export * from './core/random/index.js';
