/** A scenario for a person's own CSV file, with every part explained: what `driftloop new --csv` writes. */
import { FUNCTIONS } from '../core/formula/functions.js';
import { nearest } from '../core/nearest.js';
import { RESERVED } from './compile/fields.js';
import { ScenarioError } from './diagnostic.js';
import { type ColumnFacts, type FileFacts, LOOKED_AT } from './inspect.js';

export interface StarterOptions {
  /** As it is written on the first line of the scenario. */
  readonly schema: string;
  /** Path of the CSV file, for problems. */
  readonly file: string;
  /** Its path from the scenario's folder. */
  readonly written: string;
  /** What the scenario is called. */
  readonly name: string;
  /** Title of the column to predict. */
  readonly label: string;
  /** Title of the column of time; null: rows come in the order of the file. */
  readonly time: string | null;
}

export interface Starter {
  readonly text: string;
  readonly features: readonly string[];
  readonly learner: 'logistic' | 'linear';
  /** Columns that are not taken, with why. */
  readonly left: readonly { readonly title: string; readonly why: string }[];
}

/** Names that the scenario itself gives. */
const TAKEN = ['score', 'errors', 'inputs', 'in_file', 'miss', 'false_alarm'];

/** How the label becomes the outcome. */
interface Target {
  readonly kind: 'binary' | 'numeric';
  readonly value: string;
  readonly categorical: boolean;
  readonly about: string;
}

/** Throws a `ScenarioError` where the label or the time is no column that can be used. */
export function starterFor(facts: FileFacts, options: StarterOptions): Starter {
  const label = columnOf(facts, options.label, options.file);
  const time = options.time === null ? null : columnOf(facts, options.time, options.file);
  const target = targetOf(label, options.file);
  const names = new Names();
  const outcome = names.take(label.title);
  const left: { title: string; why: string }[] = [];
  const features: { name: string; column: ColumnFacts }[] = [];
  const titles = new Set<string>();
  for (const column of facts.columns) {
    const why = titles.has(column.title) ? 'an earlier column has the same name' : whyNot(column, label, time, facts);
    titles.add(column.title);
    if (why === null) features.push({ name: names.take(column.title), column });
    else if (column !== label) left.push({ title: column.title, why });
  }
  if (features.length === 0)
    throw refusal(options.file, 'no column is left to predict from', 'columns of numbers, or of few texts');
  const learner = target.kind === 'binary' ? 'logistic' : 'linear';
  const text = scenarioText({ facts, features, label, left, learner, options, outcome, target, time });
  return { text, features: features.map(({ name }) => name), learner, left };
}

const refusal = (file: string, message: string, expected: string, near: string | null = null): ScenarioError =>
  new ScenarioError([{ file, line: 1, column: 1, message, expected, nearest: near }]);

function columnOf({ columns }: FileFacts, title: string, file: string): ColumnFacts {
  const titles = columns.map((column) => column.title);
  const found = columns.find((column) => column.title === title);
  if (found !== undefined) return found;
  throw refusal(
    file,
    `there is no column "${title}"`,
    `one of ${titles.slice(0, 20).join(', ')}`,
    nearest(title, titles),
  );
}

function whyNot(column: ColumnFacts, label: ColumnFacts, time: ColumnFacts | null, { rows }: FileFacts): string | null {
  if (column === label) return 'it is the label';
  if (column === time) return 'it is the time';
  if (column.title === '') return 'it has no name';
  if (column.kind === 'empty') return 'it is empty';
  if (column.kind === 'constant') return 'it has one value only';
  if (column.kind === 'date') return 'dates are no feature: make numbers of them, such as the hour';
  if (column.kind === 'text') return 'it has too many different texts';
  return column.gaps.length > rows / 2 ? 'more than half of it is missing' : null;
}

function targetOf({ counts, kind, title }: ColumnFacts, file: string): Target {
  const values = counts === null ? [] : [...counts.keys()].sort();
  if (kind === 'number') {
    const numbers = values.map(Number).sort((a, b) => a - b);
    const distinct = [...new Set(numbers)];
    if (counts === null || distinct.length > 2)
      return { kind: 'numeric', value: 'in_file', categorical: false, about: 'a number' };
    const [low, high] = distinct;
    const value = low === 0 && high === 1 ? 'in_file' : `in_file == ${high}`;
    return {
      kind: 'binary',
      value,
      categorical: false,
      about: `yes where the column is ${high}, no where it is ${low}`,
    };
  }
  if (kind !== 'category' || counts === null)
    throw refusal(file, `the column "${title}" cannot be a label: it holds ${HOLDS[kind]}`, 'numbers, or a few texts');
  const rarest = values.reduce((a, b) => ((counts.get(b) ?? 0) < (counts.get(a) ?? 0) ? b : a));
  const others =
    values.length === 2 ? `no where it is ${values.find((v) => v !== rarest)}` : 'no where it is another value';
  return {
    kind: 'binary',
    value: `in_file == ${JSON.stringify(rarest)}`,
    categorical: true,
    about: `yes where the column is ${rarest}, the rarest of its ${values.length} values, ${others}`,
  };
}

const HOLDS: Readonly<Record<ColumnFacts['kind'], string>> = {
  number: 'numbers',
  category: 'texts',
  text: 'too many different texts',
  date: 'dates',
  constant: 'one value only',
  empty: 'nothing',
};

/** Names that formulas can use, each once. */
class Names {
  private readonly taken = new Set<string>([...RESERVED, ...Object.keys(FUNCTIONS), ...TAKEN]);

  take(title: string): string {
    const plain = title
      .normalize('NFKD')
      .replace(/[^A-Za-z0-9]+/g, '_')
      .replace(/^_+|_+$/g, '')
      .toLowerCase()
      .slice(0, 50);
    const base = plain === '' ? 'column' : /^[0-9]/.test(plain) ? `c${plain}` : plain;
    let name = this.taken.has(base) ? `${base}_` : base;
    for (let k = 2; this.taken.has(name); k++) name = `${base}_${k}`;
    this.taken.add(name);
    return name;
  }
}

/** The nearest of 1, 2, 5, 10, 20 ... by ratio. */
export function round(x: number): number {
  if (!(x > 0)) return 1;
  const ten = 10 ** Math.floor(Math.log10(x));
  const digit = x / ten;
  return (digit >= Math.sqrt(50) ? 10 : digit >= Math.sqrt(10) ? 5 : digit >= Math.SQRT2 ? 2 : 1) * ten;
}

interface Parts {
  readonly facts: FileFacts;
  readonly features: readonly { readonly name: string; readonly column: ColumnFacts }[];
  readonly label: ColumnFacts;
  readonly left: Starter['left'];
  readonly learner: Starter['learner'];
  readonly options: StarterOptions;
  readonly outcome: string;
  readonly target: Target;
  readonly time: ColumnFacts | null;
}

/** Rows in which the label or a feature is missing. */
const lost = ({ features, label }: Parts): number =>
  new Set([label, ...features.map(({ column }) => column)].flatMap(({ gaps }) => gaps)).size;

/** About a hundred steps, whose rows tell a rate of errors to a few hundredths where there are enough of them. */
function batches(parts: Parts): { replay: string; about: string; rows: number; lab: number } {
  const { facts, time } = parts;
  const rows = facts.rows - lost(parts);
  const lab = Math.max(1, Math.min(Math.floor(rows / 2), round(rows / 10)));
  const per = Math.max(1, round((rows - lab) / 100));
  if (time === null) {
    const about = 'rows a step, in the order of the file: set it to a day or a week of yours';
    return { replay: `{ per: ${per} }`, about, rows: per, lab };
  }
  const values = Math.max(1, facts.changes[facts.columns.indexOf(time)]);
  const each = rows / values;
  const every = Math.max(1, round(per / each));
  const about = `${every === 1 ? 'a step for each value' : `${every} values`} of "${time.title}"${every === 1 ? '' : ' a step'}: about ${Math.round(every * each)} rows`;
  return { replay: `{ time: ${quoted(time.title)}, every: ${every} }`, about, rows: every * each, lab };
}

/** As YAML reads it back, whatever is in it. */
const quoted = (text: string): string =>
  /^[A-Za-z][A-Za-z0-9 _./-]*$/.test(text) &&
  !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text) &&
  text.trim() === text
    ? text
    : JSON.stringify(text);

const count = (n: number): string => n.toLocaleString('en-US');
/** A comment may hold no line break. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

function scenarioText(parts: Parts): string {
  const { facts, features, label, left, learner, options, outcome, target } = parts;
  const { about, lab, replay, rows } = batches(parts);
  const isBinary = target.kind === 'binary';
  const columns = [
    ...features.map(({ column, name }) => `      ${name}: ${quoted(column.title)}`),
    `      in_file: ${quoted(label.title)}   # the label; the outcome below is made from it`,
  ];
  const categories = [
    ...features.filter(({ column }) => column.kind === 'category').map(({ name }) => name),
    ...(target.categorical ? ['in_file'] : []),
  ];
  const seen = facts.complete ? `${count(facts.rows)} rows` : `the first ${count(facts.rows)} rows were looked at`;
  const without = lost(parts);
  const upkeep = isBinary ? round(rows / 10) : Number((round(rows / 10) * round(label.sd)).toPrecision(6));
  const list = features.map(({ name }) => name).join(', ');
  return `# yaml-language-server: $schema=${options.schema}
name: ${quoted(options.name)}
about: ${quoted(`The rows of ${options.file.replace(/^.*[/\\]/, '')} in their order; the model learns from the first of them to predict ${label.title}.`)}
${facts.complete ? '' : `# The file has more than ${count(LOOKED_AT)} rows; without this line all of it is replayed.\nsteps: 100\n`}
# The world is the file (${seen}): the lab is its first part, then each step brings the next rows.
population:
  rows:
    file: ${quoted(options.written)}
    replay: ${replay}   # ${oneLine(about)}
    columns:              # name in formulas: name in the file
${columns.join('\n')}
${left.map(({ title, why }) => `      # ${oneLine(quoted(title))} is left out: ${why}`).join('\n')}${left.length > 0 ? '\n' : ''}${categories.length > 0 ? `    categorical: [${categories.join(', ')}]\n` : ''}    missing: drop         # rows with a missing value are left out${without > 0 ? ` (${count(without)} of those looked at)` : ''}
    scale: standard       # zero mean and unit variance, as in the lab: nothing of the future is in it
    unscaled: [in_file]

# What truly happens: the label, ${oneLine(target.about)}.
outcome: { field: ${outcome}, kind: ${target.kind}, value: ${target.value.includes('"') ? JSON.stringify(target.value) : target.value} }

# Before the first step the model is trained on the first rows; the last quarter of them judges it.
lab: { size: ${lab}, holdout: 0.25 }

models:
  score: { learner: ${learner}, features: [${list}], l2: 0.001 }

# Labels are known at the end of their step. Where yours come later, say by how many steps:
# collect:
#   - { name: late labels, delay: 4 }

${
  isBinary
    ? `# What a mistake costs. At 1 and 1 costs are numbers of wrong answers; put in what yours cost, in any unit.
state:
  miss: 1                 # said no, and it was yes
  false_alarm: 1          # said yes, and it was no
costs:
  error: miss * (score <= 0.5 and ${outcome} == 1) + false_alarm * (score > 0.5 and ${outcome} == 0)
  retrain: ${`${upkeep}`.padEnd(14)} # one training, with all that goes with it: as much as so many mistakes
  label: 0                # one label, where somebody must be paid for it
knobs:
  - { path: state.miss, label: Cost of a miss, min: 0, max: 20, step: 0.5 }
  - { path: state.false_alarm, label: Cost of a false alarm, min: 0, max: 20, step: 0.5 }`
    : `# What a mistake costs: here its size, in the unit of the label. Put in what yours costs, such as 5 * max(0, ${outcome} - score).
costs:
  error: abs(score - ${outcome})
  retrain: ${`${upkeep}`.padEnd(14)} # one training, with all that goes with it, in the same unit
  label: 0                # one label, where somebody must be paid for it`
}

# What the team can see. An alarm may start a training: \`on errors\` below.
monitor:
  - { name: errors, adwin: { error: score, resetOnDeploy: true } }
  - { name: inputs, psi: { fields: all }, reference: training, alarm: "> 0.25", warning: "> 0.1" }

# What the model does by itself: \`driftloop run\` shows it.
retrain: { when: { every: 10 }, window: { last: 20 } }

# What \`driftloop compare\` puts side by side, and \`never\` with it.
policies:
  each step: every 1, last 20
  every tenth: every 10, last 20
  every tenth, all rows: every 10, all
  on an alarm: on errors, last 20, cool 5
  cost-aware: cost-aware, last 20

# What should come out: uncomment, and a run in which it does not hold ends with exit code 1.
# expect:
#   - that: ${isBinary ? 'mean(actual.accuracy) > lab.accuracy - 0.05' : 'mean(actual.rmse) < 1.2 * lab.rmse'}
#     because: what the lab promised is what people get
`;
}
