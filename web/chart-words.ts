/** What a chart says at a step, for a reader who hears it. */
import { labName, lastOf, promisedIn } from './chart-ends.js';
import { figure, signed } from './chart-format.js';
import type { ChartBand, ChartSeries, ChartSpec } from './chart-spec.js';

export interface Said {
  readonly series: ChartSeries;
  readonly value: number;
}

/** Every series' value at a step, the highest first, as the eye finds them; those without one last. */
export function valuesAt({ series }: ChartSpec, t: number): Said[] {
  const place = (value: number): number => (Number.isFinite(value) ? value : Number.NEGATIVE_INFINITY);
  return series
    .map((one) => ({ series: one, value: one.values[t] ?? Number.NaN }))
    .sort((a, b) => (place(a.value) === place(b.value) ? 0 : place(b.value) - place(a.value)));
}

/** The bands that have a median at a step, what matters most first: `0.687, 0.612 to 0.720`. */
export function bandsAt({ bands = [] }: ChartSpec, t: number): { readonly band: ChartBand; readonly text: string }[] {
  return bands.toReversed().flatMap((band) => {
    const value = band.median?.[t] ?? Number.NaN;
    if (!Number.isFinite(value)) return [];
    return [{ band, text: `${figure(value)}, ${figure(band.low[t])} to ${figure(band.high[t])}` }];
  });
}

/** Actual minus what the first version promised, at a step; NaN where there is no such thing. */
export function gapAt(spec: ChartSpec, t: number): number {
  const actual = spec.series.find(({ kind }) => kind === 'actual')?.values[t] ?? Number.NaN;
  return actual - promisedIn(spec);
}

/** `Step 40: lab 0.780, actual 0.687; actual minus lab −0.093.` */
export function spokenStep(spec: ChartSpec, t: number): string {
  const said = valuesAt(spec, t).slice(0, 8);
  const values = said.map(({ series, value }) => `${series.label} ${Number.isFinite(value) ? figure(value) : 'none'}`);
  const gap = gapAt(spec, t);
  const over = bandsAt(spec, t).map(({ band, text }) => `${band.label} ${text}`);
  const bands = over.length === 0 ? '' : ` ${spec.bandWords ?? 'Bands'}: ${over.join('; ')}.`;
  return `Step ${t}: ${values.join(', ')}${Number.isFinite(gap) ? `; actual minus ${labName(spec, t)} ${signed(gap)}` : ''}.${bands}`;
}

/** The whole chart in a sentence: what it shows, and where it stands. */
export function summary(spec: ChartSpec): string {
  const t = Math.max(-1, ...spec.series.map((series) => lastOf(series)?.t ?? -1));
  if (t < 0) return `${spec.title}: no values yet.`;
  const marks = spec.marks?.length ?? 0;
  const unit = spec.title.includes(spec.unit) ? '' : `, ${spec.unit}`;
  return `${spec.title}${unit}. ${spokenStep(spec, t)}${marks === 0 ? '' : ` ${marks} events.`}`;
}
