/**
 * The syntax of formulas: a small expression language. `jsep` parses; this file keeps what the language allows and turns
 * the rest into errors that say where and what was expected.
 */
import jsep from 'jsep';

/** A parsed formula. `path` is a dotted name: `income`, `seen.income`, `score.coef.income`. */
export type Syntax =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'name'; readonly path: string }
  | { readonly type: 'unary'; readonly op: UnaryOp; readonly arg: Syntax }
  | { readonly type: 'binary'; readonly op: BinaryOp; readonly left: Syntax; readonly right: Syntax }
  | { readonly type: 'call'; readonly name: string; readonly args: readonly Syntax[]; readonly where: Syntax | null }
  | { readonly type: 'list'; readonly items: readonly Syntax[] };

export type UnaryOp = '-' | 'not';
export type BinaryOp = '+' | '-' | '*' | '/' | '%' | '^' | '==' | '!=' | '<' | '<=' | '>' | '>=' | 'and' | 'or';

/** What is wrong with a formula: `offset` counts characters from its start, `nearest` is the known word closest to it. */
export class FormulaError extends Error {
  override readonly name = 'FormulaError';
  constructor(
    message: string,
    readonly source: string,
    readonly offset: number,
    readonly expected: string | null = null,
    readonly nearest: string | null = null,
  ) {
    super(message);
  }
}

/** Longer or deeper formulas are refused: a scenario may come from a stranger. */
export const MAX_LENGTH = 4000;
const MAX_DEPTH = 60;

const PRECEDENCE: ReadonlyArray<readonly [op: string, precedence: number]> = [
  ['where', 1],
  ['or', 2],
  ['and', 3],
  ['==', 5],
  ['!=', 5],
  ['<', 6],
  ['<=', 6],
  ['>', 6],
  ['>=', 6],
  ['+', 9],
  ['-', 9],
  ['*', 10],
  ['/', 10],
  ['%', 10],
];
const POWER_PRECEDENCE = 11;
const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=']);

jsep.removeAllBinaryOps();
jsep.removeAllUnaryOps();
jsep.removeAllLiterals();
for (const [op, precedence] of PRECEDENCE) jsep.addBinaryOp(op, precedence);
jsep.addBinaryOp('^', POWER_PRECEDENCE, true);
jsep.addBinaryOp('**', POWER_PRECEDENCE, true);
jsep.addUnaryOp('-');
jsep.addUnaryOp('+');
jsep.addUnaryOp('not');
// A group is remembered: a sign or a `not` in brackets must not be moved by `regroup`.
jsep.hooks.add('gobble-token', (env) => {
  const scope = env as unknown as { node?: jsep.Expression; context: { char: string; gobbleGroup(): jsep.Expression } };
  if (scope.context.char !== '(') return;
  const group = scope.context.gobbleGroup();
  if (group) scope.node = { ...group, grouped: true };
});

/** A text in quotes; a backslash takes the quote after it into the text. */
const TEXT = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g;

/** Parses a formula. Throws a `FormulaError`. */
export function parse(source: string): Syntax {
  if (source.length > MAX_LENGTH)
    throw new FormulaError(`the formula is longer than ${MAX_LENGTH} characters`, source, 0);
  if (source.trim() === '') throw new FormulaError('the formula is empty', source, 0, 'an expression');
  if (nestingOf(source) > MAX_DEPTH)
    throw new FormulaError(`the formula is nested more than ${MAX_DEPTH} deep`, source, 0);
  const stray = /&&|\|\||===|!==|(?<![<>=!])=(?!=)|[?`;{}\\]/.exec(
    source.replace(TEXT, (text) => ' '.repeat(text.length)),
  );
  if (stray) {
    throw new FormulaError(
      `\`${stray[0]}\` is not part of the language`,
      source,
      stray.index,
      INSTEAD[stray[0]] ?? null,
    );
  }
  let tree: jsep.Expression;
  try {
    tree = jsep(source);
  } catch (error) {
    const { description, message, index } = error as { description?: string; message: string; index?: number };
    throw new FormulaError((description ?? message).replace(/ at character \d+$/, ''), source, index ?? 0);
  }
  return convert(tree, source, 0);
}

const INSTEAD: Readonly<Record<string, string>> = {
  '&&': '`and`',
  '||': '`or`',
  '=': '`==` to compare',
  '===': '`==`',
  '!==': '`!=`',
  '?': '`if(condition, then, otherwise)`',
};

/** How deep brackets and runs of signs are nested. */
function nestingOf(source: string): number {
  let depth = 0;
  let deepest = 0;
  let signs = 0;
  for (const c of source) {
    if (c === '(' || c === '[') depth++;
    else if (c === ')' || c === ']') depth--;
    signs = c === '-' || c === '+' ? signs + 1 : c === ' ' ? signs : 0;
    deepest = Math.max(deepest, depth + signs);
  }
  const nots = source.match(/(?:\bnot\s+)+/g) ?? [];
  return nots.reduce((most, run) => Math.max(most, run.split(/\s+/).length - 1), deepest);
}

function convert(node: jsep.Expression, source: string, depth: number): Syntax {
  if (depth > 4 * MAX_DEPTH) throw new FormulaError('the formula is nested too deep', source, 0);
  const inner = (child: jsep.Expression) => convert(child, source, depth + 1);
  switch (node.type) {
    case 'Literal': {
      const { value } = node as jsep.Literal;
      if (typeof value === 'number') {
        if (!Number.isFinite(value)) throw new FormulaError('the number is too large', source, 0);
        return { type: 'number', value };
      }
      if (typeof value === 'string') return { type: 'text', value };
      throw new FormulaError(`\`${String(value)}\` is not part of the language`, source, 0);
    }
    case 'Identifier':
    case 'MemberExpression':
      return { type: 'name', path: dotted(node, source) };
    case 'UnaryExpression': {
      const { operator, argument } = node as jsep.UnaryExpression;
      const arg = inner(argument);
      if (operator === '+') return arg;
      if (operator === '-' && arg.type === 'number') return { type: 'number', value: -arg.value };
      return { type: 'unary', op: operator as UnaryOp, arg };
    }
    case 'BinaryExpression':
      return convertBinary(regroup(node as jsep.BinaryExpression), source, depth);
    case 'CallExpression': {
      const { callee, arguments: args } = node as jsep.CallExpression;
      const name = dotted(callee, source);
      if (args.some((arg) => arg === null)) throw new FormulaError(`\`${name}\` has an empty argument`, source, 0);
      return call(name, args, inner);
    }
    case 'ArrayExpression':
      return {
        type: 'list',
        items: (node as jsep.ArrayExpression).elements.map((item) => {
          if (item === null) throw new FormulaError('the list has an empty place', source, 0);
          return inner(item);
        }),
      };
    default:
      throw new FormulaError('this is more than one expression', source, 0, 'an operator between the parts');
  }
}

/** The last argument of an aggregate may carry a condition: `mean(income where group == "urban")`. */
function call(
  name: string,
  args: readonly (jsep.Expression | null)[],
  inner: (node: jsep.Expression) => Syntax,
): Syntax {
  const last = args[args.length - 1];
  if (last?.type === 'BinaryExpression' && (last as jsep.BinaryExpression).operator === 'where') {
    const { left, right } = last as jsep.BinaryExpression;
    const plain = args.slice(0, -1).map((arg) => inner(arg as jsep.Expression));
    return { type: 'call', name, args: [...plain, inner(left)], where: inner(right) };
  }
  return { type: 'call', name, args: args.map((arg) => inner(arg as jsep.Expression)), where: null };
}

function convertBinary(node: jsep.Expression, source: string, depth: number): Syntax {
  if (node.type !== 'BinaryExpression') return convert(node, source, depth + 1);
  const { operator, left, right } = node as jsep.BinaryExpression;
  if (operator === 'where') {
    throw new FormulaError(
      '`where` stands inside an aggregate',
      source,
      at(source, 'where'),
      '`mean(x where condition)`',
    );
  }
  if (COMPARISONS.has(operator) && isComparison(left)) {
    const message = 'comparisons do not chain';
    throw new FormulaError(message, source, at(source, operator), '`a < b and b < c`');
  }
  const op = (operator === '**' ? '^' : operator) as BinaryOp;
  return { type: 'binary', op, left: convert(left, source, depth + 1), right: convert(right, source, depth + 1) };
}

const isComparison = (node: jsep.Expression): boolean =>
  node.type === 'BinaryExpression' && !node.grouped && COMPARISONS.has((node as jsep.BinaryExpression).operator);

/**
 * jsep binds signs and `not` more tightly than any operator. Mathematics does not: -x^2 is -(x^2), and `not a > b`
 * is not(a > b). Moves an ungrouped unary operator on the left outside of what binds more tightly than it.
 */
function regroup(node: jsep.BinaryExpression): jsep.Expression {
  const left =
    node.left.type === 'BinaryExpression' && !node.left.grouped
      ? regroup(node.left as jsep.BinaryExpression)
      : node.left;
  if (left.type === 'UnaryExpression' && !left.grouped) {
    const unary = left as jsep.UnaryExpression;
    const power = node.operator === '^' || node.operator === '**';
    const belowNot = power || (node.operator !== 'and' && node.operator !== 'or' && node.operator !== 'where');
    if (unary.operator === 'not' ? belowNot : power) {
      const inside = { ...node, left: unary.argument } as jsep.BinaryExpression;
      return { ...unary, argument: regroup(inside), grouped: node.grouped } as jsep.Expression;
    }
  }
  return { ...node, left } as jsep.BinaryExpression;
}

function dotted(node: jsep.Expression, source: string): string {
  if (node.type === 'Identifier') return (node as jsep.Identifier).name;
  if (node.type === 'MemberExpression' && !(node as jsep.MemberExpression).computed) {
    const { object, property } = node as jsep.MemberExpression;
    return `${dotted(object, source)}.${(property as jsep.Identifier).name}`;
  }
  throw new FormulaError('only names can be followed by a dot or brackets', source, 0, 'a name');
}

/** Where `word` stands in the source, as a whole word; 0 where it does not. */
export function at(source: string, word: string): number {
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const bounded = /^\w/.test(word) ? `(?<![\\w.])${escaped}(?!\\w)` : escaped;
  const found = new RegExp(bounded).exec(source);
  return found ? found.index : 0;
}
