/** `driftloop list`: the scenarios that come with driftloop, by lesson. */
import { readFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { SCENARIOS, scenarioFiles } from '../scenario/gallery.js';
import { plain, readYaml, Source } from '../scenario/source.js';
import { ink, terminalWidth, wrap } from './ink.js';
import { print } from './report.js';

export async function listVerb({ json }: { json?: boolean }): Promise<void> {
  const scenarios = await Promise.all((await scenarioFiles()).map(describe));
  if (json) {
    print(JSON.stringify({ scenarios }));
    return;
  }
  let folder = '';
  for (const { about, file, name } of scenarios) {
    const own = relative(SCENARIOS, dirname(file));
    if (own !== folder) print(`${folder === '' ? '' : '\n'}${ink.bold(own)}`);
    folder = own;
    print(`  ${relative(process.cwd(), file)}  ${ink.cyan(name)}`);
    const sentence = /^.*?[.!?](?=\s|$)/s.exec(about)?.[0] ?? about;
    for (const line of wrap(sentence, terminalWidth() - 6)) print(`      ${ink.dim(line)}`);
  }
}

/** The name and description as the file gives them: nothing is compiled, and no data are read. */
async function describe(file: string) {
  const data = plain(readYaml(new Source(file, await readFile(file, 'utf8')))) as Record<string, unknown>;
  const text = (key: string) => (typeof data[key] === 'string' ? data[key] : '');
  return { file, name: text('name'), lesson: text('lesson'), about: text('about') };
}
