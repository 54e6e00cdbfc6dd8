/**
 * How good alarms were, where it is known when something changed.
 *
 * An episode is a change: a step, or a first and a last one. Its window is [first - deltaPre, last + deltaMax], both ends
 * included; an alarm belongs to the earliest window that it lies in, and is false if there is none.
 *
 *   precision = alarms in windows / alarms;   recall = alarms in windows / (alarms in windows + episodes missed)
 *   episode recall = episodes caught / episodes;   missed = 1 - episode recall;   f1 = of precision and episode recall
 *   delay = first alarm - first step of the episode, mean over those caught, in steps
 *   false alarms = their number / steps * unit;   between false alarms = mean gap;   ratio = gap / delay * episode recall
 *
 * A detector that always alarms scores well on all but the false alarms. Read the numbers beside those of `chance`: alarms as
 * many, at random steps. What is not defined is NaN.
 *
 * Source: as in river's drift.evaluate; Bifet (2017), "Classifier concept drift detection and the illusion of progress".
 *
 * @example driftEvaluation([110, 900], [100], { steps: 1000, deltaMax: 50 }).delay // 10
 */
export type Episode = number | readonly [first: number, last: number];

export interface EvaluationOptions {
  /** Length of the stream. */
  readonly steps: number;
  /** Steps after an episode in which an alarm still counts as its own. */
  readonly deltaMax: number;
  /** Steps before it. */
  readonly deltaPre?: number;
  /** False alarms are given per so many steps. */
  readonly unit?: number;
}

export interface DriftEvaluation {
  readonly alarms: number;
  readonly episodes: number;
  /** Of each episode, the alarms in its window. */
  readonly hits: readonly (readonly number[])[];
  readonly falseAlarms: readonly number[];
  readonly precision: number;
  readonly recall: number;
  readonly episodeRecall: number;
  readonly missed: number;
  readonly f1: number;
  readonly delay: number;
  /** delay / deltaMax. */
  readonly normalisedDelay: number;
  readonly falseAlarmRate: number;
  readonly betweenFalseAlarms: number;
  readonly ratio: number;
}

export function driftEvaluation(
  alarms: readonly number[],
  episodes: readonly Episode[],
  { deltaMax, deltaPre = 0, steps, unit = 1 }: EvaluationOptions,
): DriftEvaluation {
  const spans = episodes.map((episode): readonly [number, number] =>
    typeof episode === 'number' ? [episode, episode] : episode,
  );
  const hits = spans.map((): number[] => []);
  const falseAlarms: number[] = [];
  for (const alarm of alarms) {
    const own = earliest(spans, ([first, last]) => alarm >= first - deltaPre && alarm <= last + deltaMax);
    if (own < 0) falseAlarms.push(alarm);
    else hits[own].push(alarm);
  }
  const inWindows = alarms.length - falseAlarms.length;
  const caught = hits.filter((own) => own.length > 0).length;
  const precision = inWindows / alarms.length;
  const episodeRecall = caught / spans.length;
  const missed = 1 - episodeRecall;
  const delays = spans.flatMap(([first], k) => (hits[k].length > 0 ? [Math.min(...hits[k]) - first] : []));
  const delay = mean(delays);
  const gaps = falseAlarms.slice(1).map((alarm, k) => alarm - falseAlarms[k]);
  const betweenFalseAlarms = mean(gaps);
  const sum = precision + episodeRecall;
  return {
    alarms: alarms.length,
    episodes: spans.length,
    hits,
    falseAlarms,
    precision,
    recall: spans.length === 0 ? Number.NaN : inWindows / (inWindows + spans.length - caught),
    episodeRecall,
    missed,
    f1: sum === 0 ? 0 : (2 * precision * episodeRecall) / sum,
    delay,
    normalisedDelay: delay / deltaMax,
    falseAlarmRate: (falseAlarms.length / steps) * unit,
    betweenFalseAlarms,
    ratio: (betweenFalseAlarms / delay) * (1 - missed),
  };
}

/** The episode that begins first among those that fit; -1 if none does. */
function earliest(
  spans: readonly (readonly [number, number])[],
  fits: (span: readonly [number, number]) => boolean,
): number {
  let own = -1;
  spans.forEach((span, k) => {
    if (fits(span) && (own < 0 || span[0] < spans[own][0])) own = k;
  });
  return own;
}

/** NaN of none. */
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * What alarms at random steps would score: the probability that an episode is caught, its expected delay, and false alarms in
 * 1,000 steps, where each step alarms with the same probability `rate`. 0 never alarms, 1 always does.
 *
 *   caught = mean of 1 - (1 - rate)^w, w the steps of an episode's window from its first step on, within the stream
 *   delay = mean over the episodes caught of sum_d d rate (1 - rate)^d / caught
 */
export function chance(
  rate: number,
  episodes: readonly Episode[],
  { deltaMax, steps }: Pick<EvaluationOptions, 'deltaMax' | 'steps'>,
): { readonly caught: number; readonly delay: number; readonly falseAlarmRate: number } {
  let caught = 0;
  let delays = 0;
  const inside = new Uint8Array(steps);
  for (const episode of episodes) {
    const [first, last] = typeof episode === 'number' ? [episode, episode] : episode;
    let silent = 1;
    for (let t = first; t <= Math.min(last + deltaMax, steps - 1); t++) {
      inside[t] = 1;
      delays += (t - first) * rate * silent;
      silent *= 1 - rate;
    }
    caught += 1 - silent;
  }
  const outside = inside.reduce((sum, one) => sum + 1 - one, 0);
  return {
    caught: caught / episodes.length,
    delay: delays / caught,
    falseAlarmRate: (rate * outside * 1000) / steps,
  };
}
