/** Formulas: a small language over columns, parsed and checked when a scenario is loaded, evaluated in blocks. */
export { type CompileOptions, compile, Formula, type Meaning, namesIn, type Scope, type Table } from './formula.js';
export { CONSTANTS, FUNCTIONS, type FunctionEntry } from './functions.js';
export { type Environment, interpolate } from './op.js';
export { FormulaError, parse, type Syntax } from './syntax.js';
