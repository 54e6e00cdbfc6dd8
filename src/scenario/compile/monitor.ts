/** Monitors: what they watch, with what, and when they alarm. */
import type { Condition, MonitorKind, MonitorPlan, MonitorReference, MonitorSource } from '../../loop/plan.js';
import { createDetector, type DetectorOptions } from '../../watch/detectors/index.js';
import { COMPARISONS, type ComparisonName } from '../../watch/two-sample/index.js';
import type { Path } from '../diagnostic.js';
import { metricNames, sliceWord } from '../readers.js';
import type { Scenario } from '../schema.js';
import { comparisons, detectors } from '../schema-monitor.js';
import type { Context } from './context.js';
import { kindOf, primary } from './models.js';

type Spec = Scenario['monitor'][number];
type DetectorName = keyof typeof detectors;
type SampleName = keyof typeof comparisons;

const DETECTORS = Object.keys(detectors) as DetectorName[];
const SAMPLES = Object.keys(comparisons) as SampleName[];
const KINDS = [...DETECTORS, ...SAMPLES, 'cbpe', 'dle', 'worstSlice', 'threshold'] as const;
const SOURCES = ['field', 'fields', 'prediction', 'error', 'label', 'observe', 'metric'] as const;
/** Classical charts of means; the other detectors take individuals. */
const CHARTS: ReadonlySet<string> = new Set(['pageHinkley', 'cusum', 'ewma', 'gma', 'shewhart']);
/** Those that take 0 and 1 only, or numbers in between. */
const OF_ERRORS: ReadonlySet<string> = new Set(['ecdd', 'ddm', 'eddm', 'hddmA', 'hddmW']);

export function monitors(c: Context): MonitorPlan[] {
  const words = new Map<string, string>();
  return c.scenario.monitor.flatMap((spec, index): MonitorPlan[] => {
    const path: Path = ['monitor', index];
    const word = sliceWord(spec.name);
    const other = words.get(word);
    if (other !== undefined)
      c.report(
        [...path, 'name'],
        `this monitor and "${other}" have the same name in expectations: \`monitor.${word}\``,
      );
    words.set(word, spec.name);
    const given = KINDS.filter((kind) => spec[kind] !== undefined);
    if (given.length === 0) c.report(path, 'it watches nothing', { expected: `one of ${KINDS.join(', ')}` });
    if (given.length > 1)
      c.report([...path, given[1]], `it has both \`${given[0]}\` and \`${given[1]}\``, { expected: 'one of them' });
    const watches = given.length === 0 ? null : watched(c, spec, given[0], path);
    if (watches === null || spec.off) return [];
    const condition = (key: 'alarm' | 'warning'): Condition | null => {
      const text = spec[key];
      return text === undefined ? null : conditionOf(c, text, watches, [...path, key]);
    };
    return [
      {
        name: spec.name,
        watches,
        alarm: condition('alarm'),
        warning: condition('warning'),
        changes: spec.changes,
        within: spec.within,
      },
    ];
  });
}

function watched(c: Context, spec: Spec, kind: (typeof KINDS)[number], path: Path): MonitorKind | null {
  const own: Path = [...path, kind];
  if (!isSample(kind)) {
    for (const key of ['reference', 'correction'] as const)
      if (spec[key] !== undefined)
        c.report([...path, key], `\`${kind}\` has no \`${key}\``, { expected: `one of ${SAMPLES.join(', ')}` });
  }
  if (isDetector(kind)) return onStream(c, spec, kind, path);
  if (isSample(kind)) return onSamples(c, spec, kind, path);
  if (kind === 'threshold') {
    const [source] = sourcesOf(c, spec.threshold ?? {}, own);
    if (spec.alarm === undefined && spec.warning === undefined)
      c.report(own, 'it never alarms', { expected: '`alarm` or `warning`, such as "< 0.8"' });
    return source === undefined ? null : { kind, source };
  }
  if (kind === 'worstSlice') {
    const model = spec.worstSlice?.model ?? primary(c).model;
    if (!c.known(model, Object.keys(c.scenario.models), [...own, 'model'], 'a model')) return null;
    if (c.scenario.slices.length === 0) c.report(own, 'there are no slices', { expected: '`slices` of the scenario' });
    return { kind, model };
  }
  return estimate(c, spec, kind, own);
}

const isDetector = (kind: string): kind is DetectorName => DETECTORS.includes(kind as DetectorName);
const isSample = (kind: string): kind is SampleName => SAMPLES.includes(kind as SampleName);

function onStream(c: Context, spec: Spec, kind: DetectorName, path: Path): MonitorKind | null {
  const own: Path = [...path, kind];
  const given = spec[kind];
  if (given === undefined) return null;
  const { error, field, label, metric, model, observe, per, prediction, resetOnDeploy, ...rest } = given;
  const [source] = sourcesOf(c, { error, field, label, metric, model, observe, prediction }, own);
  for (const key of ['alarm', 'warning'] as const)
    if (spec[key] !== undefined)
      c.report([...path, key], `\`${kind}\` alarms by thresholds of its own`, {
        expected: `options within \`${kind}\``,
      });
  if (source === undefined) return null;
  const takes = per ?? (CHARTS.has(kind) || source.kind === 'metric' ? 'step' : 'individual');
  if (OF_ERRORS.has(kind) && source.kind === 'error' && source.categories === null)
    c.report(own, `\`${kind}\` takes errors that are 0 or 1, and \`${source.model}\` predicts a number`, {
      expected: 'pageHinkley, cusum, ewma, adwin or kswin',
    });
  if (takes === 'individual' && c.scenario.population.nodes !== undefined)
    c.report(own, 'it takes one individual after the other, and the population is made of nodes', {
      expected: '`per: step`',
    });
  const kswin = kind === 'kswin' ? spec.kswin : undefined;
  if (kswin !== undefined && (kswin.statSize ?? 30) * 2 > (kswin.windowSize ?? 100))
    c.report(own, 'as many values are drawn from the older part of the window as are newest', {
      expected: '`statSize` at most half of `windowSize`',
    });
  const options = { ...rest, detector: hyphened(kind) };
  return {
    kind: 'detector',
    source,
    per: takes,
    resetOnDeploy,
    key: JSON.stringify(options),
    make: (choose) => createDetector({ ...options, choose } as unknown as DetectorOptions),
  };
}

const hyphened = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function onSamples(c: Context, spec: Spec, kind: SampleName, path: Path): MonitorKind | null {
  const own: Path = [...path, kind];
  const given = sourcesOf(c, spec[kind] ?? {}, own);
  // All fields are those that it can compare.
  const sources = spec[kind]?.fields === 'all' ? given.filter((source) => fits(kind, source)) : given;
  if (sources.length === 0) {
    if (given.length > 0) c.report(own, `no field is of a kind that \`${kind}\` compares`);
    return null;
  }
  const reference = referenceOf(c, spec, sources, path);
  if (kind === 'mmd') {
    const { permutations, rows } = spec.mmd ?? { permutations: 100, rows: 200 };
    noNodes(c, kind, own);
    for (const source of sources)
      if (isCategory(source)) c.report(own, `\`mmd\` takes numbers, and \`${source.name}\` is a category`);
    return { kind, sources, reference, rows, permutations };
  }
  const { takes } = COMPARISONS[kind];
  for (const source of sources) {
    if (takes === 'numbers' && isCategory(source))
      c.report(own, `\`${kind}\` takes numbers, and \`${source.name}\` is a category`, {
        expected: 'chiSquare, psi or jensenShannon',
      });
    if (takes === 'categories' && categoriesOf(source) === null)
      c.report(own, `\`${kind}\` takes categories, and \`${source.name}\` is a number`, {
        expected: 'ks, psi, jensenShannon or wasserstein',
      });
  }
  return { kind: 'comparison', sources, comparison: kind, reference, correction: spec.correction ?? 'bonferroni' };
}

/** Whether it can compare what this source gives. */
function fits(kind: SampleName, source: MonitorSource): boolean {
  const takes = kind === 'mmd' ? 'numbers' : COMPARISONS[kind].takes;
  if (takes === 'numbers') return !isCategory(source);
  return takes === 'both' || categoriesOf(source) !== null;
}

const categoriesOf = (source: MonitorSource): number | null => ('categories' in source ? source.categories : null);
/** 0 and 1 are numbers as well. */
const isCategory = (source: MonitorSource): boolean => (categoriesOf(source) ?? 0) > 2 || isText(source);
const isText = (source: MonitorSource): boolean => source.kind === 'column' && source.isText;

function referenceOf(c: Context, spec: Spec, sources: readonly MonitorSource[], path: Path): MonitorReference {
  const given = spec.reference ?? 'lab';
  const at: Path = spec.reference === undefined ? path : [...path, 'reference'];
  if (typeof given === 'object')
    return 'sliding' in given ? { kind: 'sliding', steps: given.sliding } : { kind: 'first', steps: given.first };
  const decision = Object.keys(c.scenario.decide);
  for (const source of sources) {
    if (source.kind === 'formula' && [...source.formula.reads].some((name) => decision.includes(name.split('.')[0])))
      c.report(at, 'nothing is decided in the lab', { expected: '{ sliding: k } or { first: k }' });
    if (given === 'training' && (source.kind === 'error' || source.kind === 'label'))
      c.report(at, `\`${source.kind}\` has no training sample`, { expected: 'lab, { sliding: k } or { first: k }' });
  }
  if (given === 'lab') return { kind: 'lab' };
  const [first] = sources;
  return { kind: 'training', model: first.kind === 'column' && first.model !== null ? first.model : primary(c).model };
}

function estimate(c: Context, spec: Spec, kind: 'cbpe' | 'dle', own: Path): MonitorKind | null {
  const { models } = c.scenario;
  const given = spec[kind];
  const model = given?.model ?? primary(c).model;
  if (given === undefined || !c.known(model, Object.keys(models), [...own, 'model'], 'a model')) return null;
  noNodes(c, kind, own);
  const isBinary = kindOf(c, models[model]) === 'binary';
  if (kind === 'cbpe' && !isBinary)
    c.report(own, `\`cbpe\` is of probabilities, and \`${model}\` predicts a number`, { expected: 'dle' });
  if (kind === 'dle' && isBinary)
    c.report(own, `\`dle\` is of numbers, and \`${model}\` predicts a probability`, { expected: 'cbpe' });
  if (kind === 'cbpe') return { kind, model, metric: spec.cbpe?.metric ?? 'accuracy' };
  return { kind, model, metric: spec.dle?.metric ?? 'mae' };
}

function noNodes(c: Context, kind: string, own: Path): void {
  const { nodes, weight } = c.scenario.population;
  if (nodes !== undefined) c.report(own, `\`${kind}\` needs draws, and the population is made of nodes`);
  if (weight !== undefined) c.report(own, `\`${kind}\` counts rows, and those of this population have weights`);
}

/** What the keys of a monitor's kind say of its sources. */
interface Sources {
  readonly field?: string;
  readonly fields?: 'all' | readonly string[];
  readonly prediction?: string;
  readonly error?: string;
  readonly label?: string;
  readonly observe?: string | number;
  readonly metric?: string;
  readonly model?: string;
}

function sourcesOf(c: Context, given: Sources, own: Path): MonitorSource[] {
  const [name, other] = SOURCES.filter((key) => given[key] !== undefined);
  if (name === undefined) {
    c.report(own, 'it does not say what it watches', { expected: `one of ${SOURCES.join(', ')}` });
    return [];
  }
  if (other !== undefined)
    c.report([...own, other], `it has both \`${name}\` and \`${other}\``, { expected: 'one of them' });
  if (given.model !== undefined && name !== 'metric')
    c.report([...own, 'model'], '`model` goes with `metric`', { expected: `\`${name}\` alone` });
  const at: Path = [...own, name];
  const { models } = c.scenario;
  const knownModel = (model: string): boolean => c.known(model, Object.keys(models), at, 'a model');
  switch (name) {
    case 'field':
      return fieldSource(c, given.field ?? '', at);
    case 'fields': {
      const { model } = primary(c);
      const all = () => (models[model]?.features ?? []).filter((feature) => c.fields.has(feature));
      const fields = given.fields === 'all' ? all() : (given.fields ?? []);
      if (fields.length === 0) c.report(at, 'there are no fields to watch', { expected: 'a list of fields' });
      return fields.flatMap((field, k) => fieldSource(c, field, given.fields === 'all' ? at : [...at, k]));
    }
    case 'prediction': {
      const model = given.prediction ?? '';
      return knownModel(model)
        ? [{ kind: 'column', name: model, column: model, categories: null, isText: false, model }]
        : [];
    }
    case 'error':
    case 'label': {
      const model = given[name] ?? '';
      if (!knownModel(model)) return [];
      const categories = kindOf(c, models[model]) === 'binary' ? 2 : null;
      return [{ kind: name, name: `${name} of ${model}`, model, categories }];
    }
    case 'observe':
      return observed(c, given.observe ?? 0, at);
    case 'metric': {
      const model = given.model ?? primary(c).model;
      if (!c.known(model, Object.keys(models), [...own, 'model'], 'a model')) return [];
      const metrics = metricsOf(kindOf(c, models[model]));
      if (!c.known(given.metric ?? '', metrics, at, 'a metric')) return [];
      return [{ kind: 'metric', name: `${given.metric} of ${model}`, model, metric: given.metric ?? '' }];
    }
  }
}

/** What is no number to watch: how many there were, and what only exists where a scenario asks for it. */
const UNWATCHED = new Set(['n', 'over', 'under', 'unbounded']);

const metricsOf = (kind: 'numeric' | 'binary'): string[] => metricNames(kind).filter((name) => !UNWATCHED.has(name));

function fieldSource(c: Context, field: string, at: Path): MonitorSource[] {
  if (c.late.has(field)) {
    c.report(at, `\`${field}\` is not seen before the outcome`, { expected: 'a field that can be seen, or `label`' });
    return [];
  }
  if (!c.known(field, c.early(), at, 'a field that the pipeline can see')) return [];
  const levels = c.levelsOf(field);
  const binary = c.fields.get(field)?.binary === true;
  const categories = levels?.length ?? (binary ? 2 : null);
  return [{ kind: 'column', name: field, column: `seen.${field}`, categories, isText: levels !== null, model: null }];
}

/** A formula over what is seen at once. */
function observed(c: Context, source: string | number, at: Path): MonitorSource[] {
  const formula = c.observed(source, at);
  return formula === null ? [] : [{ kind: 'formula', name: String(source), formula }];
}

function conditionOf(c: Context, text: string, watches: MonitorKind, path: Path): Condition | null {
  const [, p, relation, value] = /^\s*(p)?\s*(<=|>=|<|>)\s*(.*?)\s*$/i.exec(text) ?? [];
  const hasP =
    watches.kind === 'mmd' || (watches.kind === 'comparison' && COMPARISONS[watches.comparison as ComparisonName].hasP);
  if (p !== undefined && !hasP) {
    c.report(path, 'it has no p-value', { expected: 'a condition of its statistic, such as "> 0.2"' });
    return null;
  }
  if (p !== undefined && relation.startsWith('>')) {
    c.report(path, 'a small p-value is the one that tells', { expected: 'such as "p < 0.01"' });
    return null;
  }
  return { on: p === undefined ? 'statistic' : 'p', relation: relation as Condition['relation'], value: Number(value) };
}
