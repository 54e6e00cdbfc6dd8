/** Bands over seeds, as the chart draws them: each in the colour of the line whose number it is. */
import type { SeedsBand, SeedsBands } from '../src/server/protocol.js';
import type { Shown } from '../src/study/shown.js';
import type { ChartBand, ChartSeries, SeriesKind } from './chart-spec.js';

/** What is actual, or what is looked at, comes out; what stands beside it stays behind. */
const OPACITY: Partial<Record<SeriesKind, number>> = { actual: 0.24, lab: 0.2 };

/** Columns of a band, made once. */
export type Columns = Readonly<Record<keyof SeedsBand, Float64Array>>;

export function columnsOf(bands: SeedsBands): ReadonlyMap<string, Columns> {
  const column = (values: readonly (number | null)[]) => Float64Array.from(values, (value) => value ?? Number.NaN);
  return new Map(
    Object.entries(bands).map(([name, { high, low, median }]) => [
      name,
      { low: column(low), median: column(median), high: column(high) },
    ]),
  );
}

/** In the order in which they lie: what is actual on top. */
export function seedBands(
  { actual, beside, lab, observed }: Shown,
  columns: ReadonlyMap<string, Columns>,
  series: readonly ChartSeries[],
): ChartBand[] {
  const of = (kind: SeriesKind) => series.find((one) => one.kind === kind);
  const others = series.filter(({ key }) => key.startsWith('beside '));
  const pairs: (readonly [string | null, ChartSeries | undefined])[] = [
    ...beside.map((name, k) => [name, others[k]] as const),
    [lab, of('lab')],
    [observed, of('observed')],
    [actual, of('actual')],
  ];
  return pairs.flatMap(([name, line]): ChartBand[] => {
    const own = name === null ? undefined : columns.get(name);
    if (own === undefined || line === undefined) return [];
    const { index, kind, label } = line;
    return [{ label, kind, ...own, ...(index === undefined ? {} : { index }), opacity: OPACITY[kind] ?? 0.16 }];
  });
}
