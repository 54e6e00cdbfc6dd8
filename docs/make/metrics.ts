/** Metrics by name, from the comments in their interfaces. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Metric {
  readonly name: string;
  readonly what: string;
}

export interface MetricFile {
  readonly file: string;
  readonly metrics: readonly Metric[];
}

/** A comment is that of all members up to the next one. Without one, it is not a metric of its own. */
export function metricFiles(root: string, folder: string): MetricFile[] {
  return readdirSync(join(root, folder))
    .sort()
    .map((name) => ({ file: `${folder}/${name}`, metrics: metricsIn(readFileSync(join(root, folder, name), 'utf8')) }))
    .filter(({ metrics }) => metrics.length > 0);
}

function metricsIn(text: string): Metric[] {
  const metrics: Metric[] = [];
  for (const [, body] of text.matchAll(/^export interface \w+(?:Metrics|Errors) \{\n([\s\S]*?)^\}/gm)) {
    let what = '';
    for (const [, comment, name] of body.matchAll(/\/\*\*([\s\S]*?)\*\/|readonly (\w+): number \| null;/g)) {
      if (comment !== undefined) what = comment.replace(/\s*\n\s*\* ?/g, ' ').trim();
      else if (what !== '') metrics.push({ name, what });
    }
  }
  return metrics;
}
