#!/usr/bin/env node
/** The command line: each verb is a file of its own, loaded when it is called. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { EXIT } from './exit.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const whole =
  (most = Number.MAX_SAFE_INTEGER, least = 0) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(
        `Expected a whole number, ${most < Number.MAX_SAFE_INTEGER ? `from ${least} to ${most}` : '0 or more'}.`,
      );
    return value;
  };
const list = (text: string, before: string[] = []): string[] => [...before, text];

const json = () => new Option('--json', 'print one JSON object and nothing else');
const set = () =>
  new Option('--set <path=value>', 'override a value, such as respond.gaming.strength=8; may be repeated').argParser(
    list,
  );
const data = () => new Option('--data <path>', "the CSV file of the scenario's rows, or the folder it is in");
const seed = () => new Option('--seed <n>', "the random seed (default: the scenario's own)").argParser(whole());

const program = new Command('driftloop')
  .description('Simulates what happens after a machine-learning model is deployed.')
  .version(version)
  .exitOverride()
  .showHelpAfterError('(--help tells more)')
  .configureHelp({ showGlobalOptions: false });

program
  .command('run <scenario>')
  .description('run a scenario and show what came of it')
  .addOption(set())
  .addOption(seed())
  .addOption(
    new Option('--off <mechanism>', 'switch off a mechanism (respond.gaming) or a block (respond)').argParser(list),
  )
  .addOption(new Option('--twin <what>', 'beside it, the same seed without feedback').choices(['feedback']))
  .addOption(data())
  .addOption(
    new Option(
      '--seeds <n>',
      'so many runs with different seeds, --seed being the first: medians, bands, intervals',
    ).argParser(whole(100_000, 1)),
  )
  .option('--out <folder>', 'write manifest.json and trace.ndjson there; with --seeds, seeds.parquet')
  .addOption(new Option('--workers <n>', 'threads for --seeds (default: one for each core)').argParser(whole(256, 1)))
  .addOption(json())
  .addHelpText(
    'after',
    '\nExample:\n  driftloop run scenarios/feedback/strategic-credit.yaml --set respond.gaming.strength=16',
  )
  .action(async (file, options) => (await import('./run.js')).runVerb(file, options));

program
  .command('check <scenario...>')
  .description('check scenario files without running them')
  .addOption(set())
  .addOption(data())
  .addOption(json())
  .addHelpText('after', '\nExample:\n  driftloop check my-first.yaml')
  .action(async (files, options) => (await import('./check.js')).checkVerb(files, options));

program
  .command('list')
  .description('list the scenarios that come with driftloop')
  .addOption(json())
  .addHelpText('after', '\nExample:\n  driftloop list')
  .action(async (options) => (await import('./list.js')).listVerb(options));

program
  .command('new <file>')
  .description('write a scenario to start from, with every part explained: a small one, or one for your own CSV file')
  .option('--csv <file>', 'your data, in the order of time, with a line of names (plain or gzip)')
  .option('--label <column>', 'what is to be predicted: a column of numbers, or of a few texts')
  .option('--time <column>', 'numbers or dates that say which rows come together')
  .option('--force', 'overwrite the file if it is there')
  .addOption(json())
  .addHelpText(
    'after',
    '\nExamples:\n  driftloop new my-first.yaml\n  driftloop new --csv my.csv --label class my-data.yaml',
  )
  .action(async (file, options) => (await import('./new.js')).newVerb(file, options));

program
  .command('serve [scenario]')
  .description('show the gallery in the browser, or a scenario of your own before it')
  .addOption(new Option('--port <n>', 'default: PORT or 3000, or the next free one').argParser(whole(65535)))
  .addOption(new Option('--host <name>', 'address to listen on').default('127.0.0.1'))
  .addOption(data())
  .addOption(json())
  .addHelpText('after', '\nExample:\n  driftloop serve scenarios/shift/recession.yaml --port 8080')
  .action(async (file, options) => (await import('./serve.js')).serveVerb(file, options));

program
  .command('schema')
  .description('print the JSON Schema of scenario files, for editors')
  .option('--study', 'that of study files, for sweeps')
  .addOption(json())
  .addHelpText('after', '\nExample:\n  driftloop schema > scenario.schema.json')
  .action(async (options) => (await import('./schema.js')).schemaVerb(options));

program
  .command('verify [scenario...]')
  .description(
    'judge the expectations of many scenarios over many seeds, and print the table (default: those of driftloop)',
  )
  .addOption(new Option('--seeds <n>', 'runs with different seeds (default: 10)').argParser(whole(10_000, 1)))
  .addOption(new Option('--seed <n>', "the first of them (default: the scenario's own)").argParser(whole()))
  .addOption(
    new Option('--workers <n>', 'threads at work (default: as many as the machine has cores)').argParser(whole(256, 1)),
  )
  .option('--junit <file>', 'write the verdicts as JUnit XML, for CI')
  .addOption(data())
  .addOption(json())
  .addHelpText('after', '\nExample:\n  driftloop verify scenarios/published')
  .action(async (files, options) => (await import('./verify.js')).verifyVerb(files, options));

program
  .command('compare <scenario>')
  .description('retraining policies on the same draws: what each costs, and which cannot be told apart')
  .addOption(
    new Option(
      '--policy <words>',
      'such as never, "every 20, last 40", "on errors, cool 10", cost-aware, oracle, "best fixed"; may be repeated',
    ).argParser(list),
  )
  .addOption(
    new Option(
      '--seeds <n>',
      'runs of each policy (default: 20; of a replay, in which nothing is drawn, one)',
    ).argParser(whole(100_000)),
  )
  .addOption(seed())
  .option('--baseline <policy>', 'what the others are compared with (default: never, else the first)')
  .option('--yardsticks', 'add never, random at the same rate, the best fixed period, and the oracle')
  .addOption(set())
  .addOption(
    new Option('--off <mechanism>', 'switch off a mechanism (respond.gaming) or a block (respond)').argParser(list),
  )
  .addOption(data())
  .addOption(new Option('--workers <n>', 'threads (default: one for each core)').argParser(whole(256)))
  .addOption(json())
  .addHelpText(
    'after',
    '\nExample:\n  driftloop compare scenarios/shift/recession.yaml --policy never --policy "every 20" --policy oracle',
  )
  .action(async (file, options) => (await import('./compare.js')).compareVerb(file, options));

program
  .command('sweep <file>')
  .description('many runs over parameters and seeds, of a scenario or a study file; goes on where it was interrupted')
  .addOption(
    new Option(
      '--over <path=values>',
      'a parameter with a list (0,2,6) or a range (0..20 by 5; 1..9 whole; 0.001..10 5 points log); may be repeated',
    ).argParser(list),
  )
  .addOption(
    new Option('--seeds <n>', 'runs of each point (default: 10 in a grid, else 1)').argParser(whole(100_000, 1)),
  )
  .addOption(seed())
  .addOption(
    new Option('--design <name>', 'which points are run (default: grid)').choices([
      'grid',
      'latin-hypercube',
      'sobol',
      'saltelli',
    ]),
  )
  .addOption(new Option('--points <n>', 'of designs other than the grid').argParser(whole(1_000_000, 1)))
  .addOption(new Option('--scramble <how>', "of a Sobol' sequence (default: owen)").choices(['owen', 'shift', 'none']))
  .addOption(
    new Option(
      '--measure <name=formula>',
      'such as "gap=final(actual.accuracy) - lab.accuracy"; may be repeated',
    ).argParser(list),
  )
  .addOption(new Option('--keep <what>', 'a row a run, or a row a step (default: final)').choices(['final', 'trace']))
  .option('--out <folder>', 'write manifest.json and results.parquet there, and go on where an earlier sweep was')
  .option('--fresh', 'do away with the study that is in the folder')
  .addOption(
    new Option(
      '--queue <address>',
      'a Redis or Valkey (redis://host:6379): the workers on it make the runs, on any machines',
    ).conflicts('workers'),
  )
  .addOption(set())
  .addOption(
    new Option('--off <mechanism>', 'switch off a mechanism (respond.gaming) or a block (respond)').argParser(list),
  )
  .addOption(data())
  .addOption(new Option('--workers <n>', 'threads (default: one for each core)').argParser(whole(256, 1)))
  .addOption(json())
  .addHelpText(
    'after',
    '\nExample:\n  driftloop sweep scenarios/feedback/strategic-credit.yaml --over "respond.gaming.strength=0..16 by 8" --over "respond.gaming.share=0.3,0.6" --out my-sweep',
  )
  .action(async (file, options) => (await import('./sweep.js')).sweepVerb(file, options));

program
  .command('worker')
  .description('do the runs of sweeps that ask for them over a queue in Redis (driftloop sweep --queue)')
  .requiredOption('--queue <address>', 'of a Redis or Valkey, such as redis://localhost:6379')
  .addOption(new Option('--workers <n>', 'threads (default: one for each core)').argParser(whole(256, 1)))
  .addHelpText('after', '\nExample:\n  driftloop worker --queue redis://localhost:6379')
  .action(async (options) => (await import('./worker.js')).workerVerb(options));

program
  .command('explain <scenario>')
  .description('which mechanism did how much of the harm: every subset of them is run on the same draws')
  .option('--metric <name>', 'such as accuracy, costs.total, or any name of the trace (default: what `run` shows)')
  .addOption(
    new Option('--vantage <point>', 'where the metric is seen from (default: actual)').choices([
      'lab',
      'observed',
      'actual',
    ]),
  )
  .option('--over <steps>', 'last, mean, a step (40), or the mean of some (40-59)', 'last')
  .addOption(
    new Option(
      '--mechanism <id>',
      'respond.gaming, or a block (respond) as one; may be repeated; the others stay as they are (default: all that are on)',
    ).argParser(list),
  )
  .addOption(new Option('--seeds <n>', 'runs of each subset (default: 10)').argParser(whole(100_000, 1)))
  .addOption(seed())
  .addOption(
    new Option(
      '--orders <n>',
      'random orders a seed instead of every subset (default past 6 mechanisms: 16)',
    ).argParser(whole(100_000, 2)),
  )
  .addOption(new Option('--exact', 'every subset, up to 12 mechanisms').conflicts('orders'))
  .addOption(set())
  .addOption(
    new Option('--off <mechanism>', 'switch off a mechanism (respond.gaming) or a block (respond)').argParser(list),
  )
  .addOption(data())
  .addOption(new Option('--workers <n>', 'threads (default: one for each core)').argParser(whole(256, 1)))
  .addOption(json())
  .addHelpText(
    'after',
    '\nExample:\n  driftloop explain scenarios/feedback/strategic-credit.yaml --metric accuracy --over mean --seeds 5',
  )
  .action(async (file, options) => (await import('./explain.js')).explainVerb(file, options));

program
  .command('export <trace>')
  .description('turn a trace into a table or a page (a trace.ndjson, the folder of `run --out`, or - for a pipe)')
  .option('--html <file>', 'one page that opens from disk, with its charts alive')
  .option('--csv <file>', 'a table, one row a step')
  .option('--parquet <file>', 'the same table with types, for pandas, R, DuckDB')
  .option('--arrow <file>', 'the same as an Arrow file (Feather), for Polars, pandas, Observable')
  .option('--force', 'overwrite files that are there')
  .addOption(json())
  .addHelpText('after', '\nExample:\n  driftloop export my-run --html my-run.html --csv my-run.csv')
  .action(async (trace, options) => (await import('./export.js')).exportVerb(trace, options));

program
  .command('diff <bundle> <other>')
  .description('say where two runs part (folders of `run --out`, or trace files); ends with 1 where they do')
  .addOption(json())
  .addHelpText('after', '\nExample:\n  driftloop diff before after')
  .action(async (bundle, other, options) => (await import('./diff.js')).diffVerb(bundle, other, options));

// A reader that goes away (`driftloop run ... | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.fine);
  process.stderr.write(`error: ${error.message}\n`);
  process.exit(EXIT.run);
});

const asJson = process.argv.includes('--json');
// One object and nothing else, also where a command is called wrongly.
if (asJson) for (const command of [program, ...program.commands]) command.configureOutput({ writeErr: () => {} });

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = await exitCode(error);
}

async function exitCode(error: unknown): Promise<number> {
  const { report, UsageError } = await import('./report.js');
  if (!(error instanceof CommanderError)) return report(error, asJson);
  if (error.exitCode === 0) return EXIT.fine;
  // Without --json it has told so itself.
  return asJson ? report(new UsageError(error.message.replace(/^error: /, '')), asJson) : EXIT.usage;
}
