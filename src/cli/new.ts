/** `driftloop new`: a scenario to start from, with every part explained: a small one, or one for a CSV file of your own. */
import { writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { PACKAGE } from '../scenario/gallery.js';
import { inspectCsv } from '../scenario/inspect.js';
import { type Starter, starterFor } from '../scenario/starter.js';
import { ink } from './ink.js';
import { print, UsageError } from './report.js';

export interface NewFlags {
  readonly csv?: string;
  readonly label?: string;
  readonly time?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export async function newVerb(file: string, flags: NewFlags): Promise<void> {
  const { force, json } = flags;
  const schema = relative(dirname(resolve(file)), join(PACKAGE, 'scenario.schema.json'));
  const own = await ownData(file, schema, flags);
  try {
    await writeFile(file, own?.text ?? starter(schema), { flag: force ? 'w' : 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new UsageError(`${file} is already there; --force overwrites it`);
    if (code === 'ENOENT') throw new UsageError(`there is no folder ${dirname(file)}`);
    throw error;
  }
  if (json) {
    print(JSON.stringify({ file, ...(own === null ? {} : { ...own, text: undefined }) }));
    return;
  }
  print(`Wrote ${ink.bold(file)}${own === null ? '' : `: ${own.learner}, from ${own.features.join(', ')}`}. Next:`);
  for (const { title, why } of own?.left ?? []) print(ink.dim(`  "${title}" is left out: ${why}`));
  print(`  driftloop check ${file}`);
  print(`  driftloop run ${file}`);
  if (own !== null) print(`  driftloop compare ${file}`);
}

/** A scenario for the CSV file that is named; null where none is. */
async function ownData(file: string, schema: string, { csv, label, time }: NewFlags): Promise<Starter | null> {
  if (csv === undefined) {
    if (label !== undefined || time !== undefined)
      throw new UsageError('--label and --time name columns of a file: --csv my.csv');
    return null;
  }
  if (label === undefined) throw new UsageError('--csv needs --label, the column to predict');
  const facts = await inspectCsv(csv);
  return starterFor(facts, {
    schema,
    file: csv,
    written: relative(dirname(resolve(file)), resolve(csv)),
    name: basename(file, extname(file)),
    label,
    time: time ?? null,
  });
}

const starter = (schema: string): string => `# yaml-language-server: $schema=${schema}
name: My first scenario
about: A shop predicts who will buy. In the field the prices it sees go stale, and people get poorer.

# How long, and from which random seed.
steps: 60
seed: 1

# People as columns. A field is a formula; formulas may name each other, and draw at random.
population:
  size: 2000
  turnover: 1            # 1: new people at every step; 0: the same people for ever
  fields:
    income: normal(50, 12)
    price: normal(20, 5)

# What truly happens to each person.
outcome:
  field: buys
  probability: sigmoid(0.1 * (income - 50) - 0.2 * (price - 20))

# Before the first step, models are trained on a clean sample and scored on a part held out.
lab: { size: 2000, holdout: 0.25 }

models:
  score: { learner: logistic, features: [income, price], target: buys, l2: 0.001 }

decide: { offer: score > 0.5 }

# The world moves by itself.
drift:
  - name: poorer
    field: income
    becomes: income - 10 * ramp(t, 20, 40)   # 0 before step 20, 10 less after step 40
    from: 20

# What the model sees is not what is.
sense:
  - name: stale prices
    field: price
    becomes: 20          # the pipeline fills in an old price ...
    share: 0.3           # ... for 3 of 10 people
    from: 10

# People react to the deployed model: uncomment, and run again.
# respond:
#   - name: gaming
#     strategic: { model: score, fields: [income], strength: 20 }
#     share: 0.5

# The model learns again every 30 steps from the last 10.
retrain: { when: { every: 30 }, window: { last: 10 } }

slices:
  - { name: poor, where: income < 45 }

# What should come out, and why it matters. A run that does not meet it ends with exit code 1.
expect:
  - that: mean(actual.accuracy, 10, 19) < lab.accuracy - 0.01
    because: stale prices cost accuracy that the lab has never seen
`;
