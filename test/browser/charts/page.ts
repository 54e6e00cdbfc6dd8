/** A page of charts alone, for the browser tests: what it makes can be reached from outside. */
import { chartSvg } from '../../../web/chart-svg.js';
import { paletteOf } from '../../../web/palette.js';
import { RunData } from '../../../web/run-data.js';
import * as series from '../../../web/run-series.js';
import { pngOf, savePng, saveText } from '../../../web/save-image.js';
import { SmallMultiples } from '../../../web/small-multiples.js';
import { TimeChart } from '../../../web/time-chart.js';

const page = { chartSvg, paletteOf, pngOf, RunData, savePng, saveText, series, SmallMultiples, TimeChart };
export type ChartsPage = typeof page;

declare global {
  interface Window {
    charts: ChartsPage;
  }
}
window.charts = page;
