/** Policies side by side: edited here, run by the server on the same draws, drawn as the runs come in. */
import type { RunFacts, Scalar } from '../src/server/protocol.js';
import { firstPolicies, likeOf } from '../src/study/asked-policies.js';
import { comparisonNotes, runsOf } from '../src/study/comparison-words.js';
import type { ChartBand, ChartSeries } from './chart-spec.js';
import { CompareError, compareLines } from './compare-client.js';
import { labelled, make, wholeOf } from './compare-dom.js';
import { PolicyEditor } from './compare-editor.js';
import { count } from './compare-figures.js';
import { CompareResults } from './compare-results.js';
import type { CompareState } from './compare-state.js';
import { compareTable } from './compare-table.js';
import { verdict } from './compare-verdict.js';
import { ParetoChart, type ParetoPoint } from './pareto.js';
import { TimeChart } from './time-chart.js';

export interface CompareContext {
  readonly request: {
    readonly scenario?: string;
    readonly text?: string;
    readonly set: Readonly<Record<string, Scalar>>;
    readonly off: readonly string[];
    readonly seed: number;
  };
  readonly facts: RunFacts;
}

export interface CompareHooks {
  onState(state: CompareState): void;
}

const YARDSTICKS =
  'never; the best fixed period; the oracle, which is the cheapest schedule in hindsight; for each policy that waits for a reason, one that trains at random as often';
const MOST_SEEDS = 50;
const FIRST_SEEDS = 10;
/** Of the time, at most one fifth goes into drawing what has come. */
const DRAW_SHARE = 4;
const LEAST_PAUSE = 120;

export class CompareView {
  private readonly editor: PolicyEditor;
  private readonly seeds = make('input', { type: 'number', min: 1, max: MOST_SEEDS, step: 1, value: FIRST_SEEDS });
  private readonly yardsticks = make('input', { type: 'checkbox' });
  private readonly start = make('button', { type: 'button', class: 'primary' }, 'Compare');
  private readonly stop = make('button', { type: 'button' }, 'Stop');
  private readonly progress = make('progress', { max: 1, value: 0, 'aria-label': 'Runs that have come' });
  private readonly done = make('span', { class: 'done' });
  private readonly status = make('p', { class: 'status', role: 'status' });
  private readonly results = make('div', { class: 'results' });
  private readonly says = make('p', { class: 'verdict' });
  private readonly bandsHost = make('div', { class: 'bands' });
  private readonly bandsNote = make('figcaption', {});
  private readonly frontNote = make('figcaption', {});
  private readonly runsNote = make('p', { class: 'note' });
  private readonly notes = make('div', { class: 'note wide' });
  private readonly frontHost = make('div', { class: 'front-host' });
  private readonly table = make('div', { class: 'table', role: 'region', 'aria-label': 'Table', tabindex: 0 });
  private readonly root: HTMLElement;
  private readonly chart: TimeChart;
  private readonly pareto: ParetoChart;
  private context: CompareContext | null = null;
  private state: CompareState = { policies: [], seeds: FIRST_SEEDS, yardsticks: false };
  private found: CompareResults | null = null;
  private running: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private pause = LEAST_PAUSE;

  constructor(
    host: HTMLElement,
    private readonly hooks: CompareHooks,
  ) {
    this.editor = new PolicyEditor({ changed: (policies) => this.edited({ policies: [...policies] }) });
    this.seeds.addEventListener('change', () => {
      const seeds = wholeOf(this.seeds, FIRST_SEEDS);
      this.seeds.value = String(seeds);
      this.edited({ seeds });
    });
    this.yardsticks.addEventListener('change', () => this.edited({ yardsticks: this.yardsticks.checked }));
    this.start.addEventListener('click', () => void this.compare());
    this.stop.addEventListener('click', () => this.running?.abort());
    const about = make(
      'p',
      { class: 'about' },
      'Every policy meets the same people and the same luck: on each seed all draws are the same, so that policies differ only by what they do.',
    );
    const bar = make(
      'div',
      { class: 'bar' },
      labelled('Seeds', this.seeds, 'field short'),
      make('label', { class: 'check', title: YARDSTICKS }, this.yardsticks, make('span', {}, 'Yardsticks')),
      this.start,
      this.stop,
      this.progress,
      this.done,
    );
    this.results.append(
      this.says,
      make('figure', {}, make('h3', {}, 'Over the steps'), this.bandsHost, this.bandsNote),
      make('figure', {}, make('h3', {}, 'Upkeep against errors'), this.frontHost, this.frontNote),
      make('div', { class: 'wide head' }, make('h3', {}, 'In numbers'), this.runsNote),
      this.table,
      this.notes,
    );
    this.root = make('div', { class: 'compare' }, about, this.editor.element, bar, this.status, this.results);
    host.append(this.root);
    // The chart's own hand is enough: there is no other chart over these steps.
    this.chart = new TimeChart(this.bandsHost, { onCursor() {} });
    this.pareto = new ParetoChart(this.frontHost);
    this.settle();
  }

  /** Shows the policies of a state, or those that suit the scenario; nothing runs until a person says so. */
  open(context: CompareContext, state?: CompareState, note = ''): void {
    this.running?.abort();
    this.running = null;
    this.context = context;
    this.found = null;
    const { facts } = context;
    const policies = state?.policies.length ? state.policies : firstPolicies(facts.policies, facts.steps).slice(0, 8);
    const seeds = Math.min(MOST_SEEDS, Math.max(1, state?.seeds ?? FIRST_SEEDS));
    this.state = { policies, seeds, yardsticks: facts.hasCosts && (state?.yardsticks ?? false) };
    this.seeds.value = String(seeds);
    this.yardsticks.checked = this.state.yardsticks;
    this.editor.show(policies, facts);
    this.say(`${note} Choose policies, then press Compare.`.trim());
    this.settle();
  }

  destroy(): void {
    this.running?.abort();
    if (this.timer !== null) clearTimeout(this.timer);
    this.chart.destroy();
    this.pareto.destroy();
    this.root.remove();
  }

  private edited(change: Partial<CompareState>): void {
    this.state = { ...this.state, ...change };
    if (this.found !== null) this.say('The policies were edited: what is shown is of before. Compare again.');
    this.hooks.onState(this.state);
  }

  private say(text: string, failed = false): void {
    this.status.textContent = text;
    this.status.classList.toggle('failed', failed);
  }

  private async compare(): Promise<void> {
    const { context, state } = this;
    if (context === null || this.running !== null) return;
    if (!this.editor.check()) {
      this.say('A policy is not understood: what was expected stands under it.', true);
      return;
    }
    const running = new AbortController();
    this.running = running;
    const results = new CompareResults(state.policies);
    this.found = results;
    let refused: CompareError['policies'] = new Map();
    this.say('Comparing …');
    this.settle();
    this.stop.focus();
    try {
      const request = { ...context.request, ...state };
      for await (const line of compareLines(request, running.signal)) {
        results.take(line);
        this.redrawSoon();
      }
      this.say(`Done: ${count(results.done, 'run')}.`);
    } catch (error) {
      if (this.running !== running) return;
      if (running.signal.aborted) this.say(`Stopped after ${results.done} of ${count(results.total, 'run')}.`);
      else if (error instanceof CompareError) {
        this.say(error.message, true);
        refused = error.policies;
      } else throw error;
    } finally {
      // Another scenario may have been opened in the meantime.
      if (this.running === running) {
        const hadFocus = document.activeElement === this.stop;
        this.running = null;
        this.settle();
        if (hadFocus) this.start.focus();
        if (refused.size > 0) this.editor.refuse(refused);
      }
    }
  }

  /** Buttons and what is shown, as they are between two comparisons and during one. */
  private settle(): void {
    const isRunning = this.running !== null;
    this.editor.disabled = isRunning;
    this.seeds.disabled = isRunning;
    this.yardsticks.disabled = isRunning || this.context?.facts.hasCosts !== true;
    this.start.disabled = isRunning;
    this.stop.hidden = !isRunning;
    this.progress.hidden = !isRunning;
    this.done.hidden = !isRunning;
    this.redraw();
  }

  /** Drawing many long runs takes its time: the longer it took, the longer it waits. */
  private redrawSoon(): void {
    this.timer ??= setTimeout(() => this.redraw(), this.pause);
  }

  private redraw(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const { found } = this;
    const isEmpty = found === null || found.isEmpty;
    this.results.hidden = isEmpty;
    const total = found?.total ?? 0;
    this.progress.max = Math.max(1, total);
    this.progress.value = found?.done ?? 0;
    this.done.textContent = total === 0 ? '' : `${found?.done ?? 0} of ${count(total, 'run')}`;
    if (found === null || isEmpty) return;
    const began = performance.now();
    this.says.textContent = verdict(found);
    this.drawBands(found);
    this.drawFront(found);
    const known = found.found();
    this.runsNote.textContent =
      found.end === null ? `So far: ${found.done} of ${count(found.total, 'run')}.` : runsOf(found.end, found.steps);
    this.notes.replaceChildren(...comparisonNotes(known, found.hasCosts).map((note) => make('p', {}, note)));
    this.table.replaceChildren(compareTable(found));
    this.pause = Math.max(LEAST_PAUSE, DRAW_SHARE * (performance.now() - began));
  }

  private drawBands(found: CompareResults): void {
    const series: ChartSeries[] = [];
    const bands: ChartBand[] = [];
    for (const name of found.names) {
      const runs = found.count(name);
      // Yardsticks are in the table and on the front: as lines they would hide what they are put beside.
      if (runs === 0 || found.isBeside(name)) continue;
      const index = found.index(name);
      const { high, low, median } = found.bands(name);
      series.push({ key: name, label: name, kind: 'policy', values: median, index });
      if (runs > 1) bands.push({ label: `${name}: 10 % to 90 % of seeds`, low, high, kind: 'policy', index });
    }
    const { words } = found;
    this.chart.draw({
      title: `Actual ${words.name} of each policy`,
      unit: words.unit,
      steps: found.steps,
      series,
      bands,
      cursor: null,
    });
    this.bandsNote.textContent = `Actual ${words.name} of each step; ${words.better} is better. ${(found.end?.alike ?? 0) > 0 ? 'One run each.' : 'Lines: medians over the seeds; bands: 10 % to 90 % of them.'}`;
  }

  private drawFront(found: CompareResults): void {
    const { hasCosts, words } = found;
    const isAlike = (found.end?.alike ?? 0) > 0;
    const points = found.found().policies.flatMap(({ front, name }): ParetoPoint[] => {
      const place = found.place(name);
      return place === null
        ? []
        : [{ name, hue: found.hue(name), named: !found.isBeside(name) || likeOf(name) === null, front, ...place }];
    });
    this.pareto.draw({
      title: 'Upkeep against errors of each policy',
      x: hasCosts ? 'cost of errors (less is better)' : `${words.error} (less is better)`,
      y: hasCosts ? 'cost of upkeep (less is better)' : 'trainings (less is better)',
      points,
    });
    const upkeep = hasCosts
      ? 'Upkeep: labels, trainings, deployments and alarms.'
      : 'The scenario names no costs: the number of trainings stands for upkeep.';
    const hasBeside = points.some(({ hue }) => hue === 'yardstick');
    const beside = hasBeside ? ' Grey: yardsticks; those without a name train at random.' : '';
    const bars = isAlike ? '' : ' Points are means, bars their 95 % intervals.';
    this.frontNote.textContent = `Down and to the left is better. Filled: on the Pareto front. Hollow: another policy is as good in both and better in one.${beside}${bars} ${upkeep}`;
  }
}
