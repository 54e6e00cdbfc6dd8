/** The detectors on a stream. Adding one is a file and a line in the table. */
import { type AdwinOptions, adwin } from './adwin.js';
import { type CusumOptions, cusum } from './cusum.js';
import { type DdmOptions, ddm } from './ddm.js';
import type { Detector } from './detector.js';
import { type EcddOptions, ecdd } from './ecdd.js';
import { type EddmOptions, eddm } from './eddm.js';
import { type EwmaOptions, ewma } from './ewma.js';
import { type GmaOptions, gma } from './gma.js';
import { type HddmAOptions, hddmA } from './hddm-a.js';
import { type HddmWOptions, hddmW } from './hddm-w.js';
import { type KswinOptions, kswin } from './kswin.js';
import { type PageHinkleyOptions, pageHinkley } from './page-hinkley.js';
import { type ShewhartOptions, shewhart } from './shewhart.js';

export type { Detector, DetectorState, Level, Mode } from './detector.js';
export { type Choose, withoutReplacement } from './kswin.js';

/** A detector by name, with its options. */
export type DetectorOptions =
  | ({ readonly detector: 'page-hinkley' } & PageHinkleyOptions)
  | ({ readonly detector: 'cusum' } & CusumOptions)
  | ({ readonly detector: 'ewma' } & EwmaOptions)
  | ({ readonly detector: 'gma' } & GmaOptions)
  | ({ readonly detector: 'shewhart' } & ShewhartOptions)
  | ({ readonly detector: 'ecdd' } & EcddOptions)
  | ({ readonly detector: 'ddm' } & DdmOptions)
  | ({ readonly detector: 'eddm' } & EddmOptions)
  | ({ readonly detector: 'hddm-a' } & HddmAOptions)
  | ({ readonly detector: 'hddm-w' } & HddmWOptions)
  | ({ readonly detector: 'adwin' } & AdwinOptions)
  | ({ readonly detector: 'kswin' } & KswinOptions);

export function createDetector(options: DetectorOptions): Detector {
  switch (options.detector) {
    case 'page-hinkley':
      return pageHinkley(options);
    case 'cusum':
      return cusum(options);
    case 'ewma':
      return ewma(options);
    case 'gma':
      return gma(options);
    case 'shewhart':
      return shewhart(options);
    case 'ecdd':
      return ecdd(options);
    case 'ddm':
      return ddm(options);
    case 'eddm':
      return eddm(options);
    case 'hddm-a':
      return hddmA(options);
    case 'hddm-w':
      return hddmW(options);
    case 'adwin':
      return adwin(options);
    case 'kswin':
      return kswin(options);
  }
}
