/** The page of a run: the gap, the world, the three vantage points, hands, story, slices, and the way out. */
import { sliceWord } from '../src/scenario/readers.js';
import type { ExplainRequest, RunFacts, SeedsRequest } from '../src/server/protocol.js';
import type { ChartMark, ChartSpec } from './chart-spec.js';
import { chartSvg } from './chart-svg.js';
import { h, reducedMotion, say, sayCoded } from './dom.js';
import { GapPanel, gapText } from './gap-panel.js';
import { Hands } from './hands.js';
import { Happenings } from './happenings.js';
import { type Key, Keys } from './keys.js';
import { EVERYBODY, isNumber, type Looked, lookedAt, numbersOf } from './looked.js';
import { alarmLevels } from './monitor-panels.js';
import { OutMenu } from './out.js';
import { paletteOf } from './palette.js';
import { Player, type Recording } from './player.js';
import { dashesOf, numberPanels, type Panel, slicePanels } from './run-panels.js';
import { lookedSeries, marksOf, metricUnit, scaleOf } from './run-series.js';
import { keysOf, SeedsPanel } from './seeds-panel.js';
import { SmallMultiples } from './small-multiples.js';
import type { PageState } from './state.js';
import { Story } from './story.js';
import { TimeChart } from './time-chart.js';
import { Transport } from './transport.js';
import { WhyPanel } from './why-panel.js';
import { WorldView } from './world-view.js';

export interface RunPageHooks {
  /** What belongs into the address has changed. */
  state(change: Partial<PageState>): void;
  /** The address of this moment. */
  link(change: Partial<PageState>): string;
  go(view: PageState['view']): void;
  /** Another scenario, as text. */
  openText(text: string): void;
}

export class RunPage {
  private readonly player: Player;
  private readonly parts;
  private readonly title = h('h1', { id: 'name' }, 'Loading …');
  private readonly about = h('p', { class: 'about', id: 'about' });
  private readonly source = h('p', { class: 'quiet small', id: 'source' });
  private readonly problem = h('div', { class: 'problem', role: 'alert', id: 'problem', hidden: true });
  private readonly metric = h('select', { id: 'metric' });
  private readonly model = h('select', { id: 'model' });
  private readonly modelLabel = h('label', { for: 'model', hidden: true }, 'of', this.model);
  private readonly slice = h('select', { id: 'slice' });
  private readonly sliceLabel = h('label', { for: 'slice', hidden: true }, 'in', this.slice);
  private readonly panels = {
    slices: h('section', { hidden: true, 'aria-label': 'Slices' }),
    numbers: h('section', { hidden: true, 'aria-label': 'Measures' }),
  };
  private readonly dashes = h('p', { class: 'quiet small' });
  private small: readonly Panel[] = [];
  private readonly keys: Keys;
  private asked = 0;
  private metricsShown = '';
  private state: PageState;
  private marks: readonly ChartMark[] = [];
  private shownFrame: object | null = null;

  constructor(
    private readonly host: HTMLElement,
    private readonly hooks: RunPageHooks,
    state: PageState,
    isRecording = false,
  ) {
    this.state = state;
    this.player = new Player({
      changed: () => this.redraw(),
      began: (facts) => this.began(facts),
      problem: (lines) => this.trouble(lines),
    });
    const section = (name: string, label: string) => h('section', { class: name, 'aria-label': label });
    const places = {
      gap: section('gap', 'The gap'),
      story: section('story-panel', 'Story'),
      world: section('world', 'The world'),
      time: h('div', { class: 'main-chart' }),
      seeds: section('seeds', 'Over seeds'),
      hands: section('hands', 'Hands on the world'),
      slices: h('div', {}),
      numbers: h('div', {}),
      why: section('why', 'Why'),
      happenings: section('happenings', 'What happened'),
      out: section('out-menu', 'Out'),
      transport: section('transport', 'Transport'),
    };
    this.panels.slices.append(h('h2', {}, 'Slices, the worst first'), places.slices);
    this.panels.numbers.append(h('h2', {}, 'Measures'), this.dashes, places.numbers);
    host.replaceChildren(
      h(
        'div',
        { class: 'run-page' },
        h(
          'header',
          { class: 'run-head' },
          this.title,
          places.gap,
          h('div', { class: 'lesson-text' }, this.about, this.source),
        ),
        this.problem,
        places.story,
        h(
          'div',
          { class: 'stage' },
          places.world,
          h(
            'section',
            { class: 'time', 'aria-label': 'The three vantage points' },
            h(
              'div',
              { class: 'chart-head' },
              h('label', { for: 'metric' }, 'Metric'),
              this.metric,
              this.modelLabel,
              this.sliceLabel,
            ),
            places.time,
            places.seeds,
          ),
          places.hands,
          h('div', { class: 'panels' }, this.panels.slices, this.panels.numbers),
        ),
        places.why,
        h('div', { class: 'below' }, places.happenings, places.out),
        places.transport,
      ),
    );
    const { player } = this;
    const onCursor = (t: number | null) => this.point(t);
    const onPick = (t: number) => player.scrub(t);
    this.parts = {
      gap: new GapPanel(places.gap),
      story: new Story(places.story, player),
      world: new WorldView(places.world, { onFields: (x, y) => this.axes(x, y) }),
      chart: new TimeChart(places.time, { onCursor, onPick }),
      hands: new Hands(places.hands, {
        set: (set) => player.set(set),
        retrain: () => player.retrain(),
        restart: ({ seed }) => this.restart(seed),
      }),
      slices: new SmallMultiples(places.slices, { onCursor, onPick }),
      // Each of these speaks of something else: none shares an axis with another.
      numbers: new SmallMultiples(places.numbers, { onCursor, onPick }),
      seeds: new SeedsPanel(places.seeds, {
        request: () => this.seedsRequest(),
        series: () => lookedSeries(player.data, this.looked()),
        changed: () => this.redraw(),
        wanted: (seeds) => {
          this.state = { ...this.state, seeds };
          this.hooks.state({ seeds });
        },
      }),
      why: new WhyPanel(places.why, () => this.explainRequest(), { onCursor, onPick }),
      happenings: new Happenings(places.happenings, player),
      out: new OutMenu(places.out, player, {
        chart: (key) => this.chartSvg(key),
        charts: () => this.small,
        world: () => this.worldSvg(),
        link: () => this.link(),
        openText: (text) => this.hooks.openText(text),
      }),
      transport: new Transport(places.transport, player),
    };
    for (const [name, select] of [
      ['metric', this.metric],
      ['model', this.model],
      ['slice', this.slice],
    ] as const)
      select.addEventListener('change', () => {
        this.state = { ...this.state, [name]: select.value };
        this.hooks.state({ [name]: select.value });
        this.redraw();
      });
    const keys: Key[] = [
      { keys: [' ', 'k'], shown: 'space', does: 'play or pause', run: () => this.parts.transport.toggle() },
      { keys: ['ArrowLeft', ','], shown: '←', does: 'one step back', run: () => player.step(-1) },
      { keys: ['ArrowRight', '.'], shown: '→', does: 'one step on', run: () => player.step(1) },
      { keys: ['Home'], shown: 'Home', does: 'the first step', run: () => player.scrub(0) },
      { keys: ['End'], shown: 'End', does: 'the newest step', run: () => player.scrub(player.head) },
      { keys: ['['], shown: '[', does: 'the event before', run: () => this.toEvent(-1) },
      { keys: [']'], shown: ']', does: 'the event after', run: () => this.toEvent(1) },
      { keys: ['n', 'PageDown'], shown: 'N', does: 'the next part of the story', run: () => this.parts.story.go(1) },
      { keys: ['p', 'PageUp'], shown: 'P', does: 'the part before', run: () => this.parts.story.go(-1) },
      { keys: ['r'], shown: 'R', does: 'retrain now', run: () => player.retrain() },
      { keys: ['b'], shown: 'B', does: 'draw or hide bands over seeds', run: () => this.parts.seeds.toggle() },
      { keys: ['l'], shown: 'L', does: 'copy the link to this moment', run: () => void this.parts.out.copyLink() },
      { keys: ['c'], shown: 'C', does: 'compare policies', run: () => this.hooks.go('compare') },
      { keys: ['g'], shown: 'G', does: 'the gallery', run: () => this.hooks.go('gallery') },
      { keys: ['?'], shown: '?', does: 'this list', run: () => this.keys.help() },
    ];
    // In a file there is no run to put a hand on, and no other view.
    this.keys = new Keys(keys.filter(({ keys: [key] }) => !(isRecording && ['r', 'b', 'l', 'c', 'g'].includes(key))));
  }

  /** Runs what the address says. */
  start(): void {
    const { hands, off, scenario, seed, set, speed, t, text, x, y } = this.state;
    this.player.speed = speed;
    void this.player.open({
      ...(text === '' ? { scenario } : { text }),
      ...(seed === null ? {} : { seed }),
      set,
      off,
      interventions: hands,
      ...(t === null ? {} : { until: t + 1 }),
      view: { ...(x === '' ? {} : { x }), ...(y === '' ? {} : { y }) },
    });
  }

  /** Shows a run that lies in a file. */
  replay(recording: Recording): void {
    this.player.replay(recording);
  }

  help(): void {
    this.keys.help();
  }

  destroy(): void {
    cancelAnimationFrame(this.asked);
    this.player.destroy();
    this.keys.destroy();
    this.parts.chart.destroy();
    this.parts.seeds.destroy();
    this.parts.why.destroy();
    this.parts.world.destroy();
    this.host.replaceChildren();
  }

  private began(facts: RunFacts): void {
    document.title = `${facts.name} · driftloop`;
    say(this.title, facts.name);
    sayCoded(this.about, facts.about);
    sayCoded(
      this.source,
      facts.source === null
        ? ''
        : `${facts.source.cites}${facts.source.note === undefined ? '' : `. ${facts.source.note}`}`,
    );
    this.metricsShown = '';
    this.shownFrame = null;
    this.parts.happenings.reset();
    this.parts.why.open(!this.player.isRecording && facts.mechanisms.some(({ off }) => !off));
    this.parts.seeds.open(!this.player.isRecording, this.state.seeds);
    this.parts.hands.open(facts, this.player.isRecording);
    this.parts.story.open(facts);
    this.parts.world.fields(facts.fields, this.player.isRecording);
    this.parts.out.open(facts.file ?? this.state.text);
    this.redraw();
  }

  private trouble(lines: readonly string[] | null): void {
    const [first = '', ...more] = lines ?? [];
    this.problem.hidden = lines === null;
    if (this.problem.dataset.said !== lines?.join('\n'))
      this.problem.replaceChildren(
        h('p', {}, first),
        ...(more.length === 0 ? [] : [h('ul', {}, ...more.map((line) => h('li', {}, line)))]),
      );
    this.problem.dataset.said = lines?.join('\n');
    // Of a run that never began there is nothing to show, and nothing to put a hand on.
    const isNothing = lines !== null && this.player.facts === null;
    this.host.firstElementChild?.classList.toggle('nothing', isNothing);
    if (!isNothing) return;
    say(this.title, 'This run cannot begin');
    this.problem.append(h('p', {}, h('a', { href: '#/' }, 'To the gallery'), ', or go back and change what is wrong.'));
  }

  private restart(seed?: number): void {
    const change = seed === undefined ? {} : { seed };
    this.state = { ...this.state, ...change, t: null, hands: [] };
    this.hooks.state({ ...change, t: null, hands: [] });
    this.player.restart(change);
  }

  private axes(x: string, y: string): void {
    this.state = { ...this.state, x, y };
    this.hooks.state({ x, y });
    this.player.view({ x, y });
  }

  private toEvent(by: 1 | -1): void {
    const { at } = this.player;
    const steps = this.marks.map(({ t }) => t).filter((t) => t >= 0);
    const goal = by > 0 ? steps.find((t) => t > at) : steps.findLast((t) => t < at);
    if (goal !== undefined) this.player.scrub(goal);
  }

  // --- Drawing ---

  /** At most once a frame, whatever comes. */
  private redraw(): void {
    if (this.asked !== 0) return;
    this.asked = requestAnimationFrame(() => {
      this.asked = 0;
      this.draw();
    });
  }

  private draw(): void {
    const { player } = this;
    const { facts } = player;
    if (facts === null) return;
    this.marks = marksOf(player.data);
    this.listMetrics(facts);
    const looked = this.looked();
    this.parts.gap.draw(player, looked);
    this.parts.story.draw();
    // At one step, the scenario's own change comes before a hand.
    const hands = [...player.data.schedule, ...player.hands].sort((a, b) => a.at - b.at);
    this.parts.hands.show({ facts, hands, at: player.at, isRecording: player.isRecording });
    const seeds = this.seedsRequest();
    if (seeds !== null) this.parts.seeds.follow(...keysOf(seeds));
    this.parts.chart.draw(this.spec());
    const [slices, numbers] = [
      slicePanels(player.data, player.length, looked, this.shownStep),
      numberPanels(player.data, { ...facts, steps: player.length }, this.shownStep),
    ];
    this.small = [...slices, ...numbers];
    this.panels.slices.hidden = slices.length === 0;
    this.panels.numbers.hidden = numbers.length === 0;
    say(this.dashes, dashesOf(numbers));
    this.parts.slices.draw(slices);
    this.parts.numbers.draw(numbers);
    this.parts.happenings.draw(this.marks);
    this.parts.transport.draw();
    this.parts.out.draw();
    this.drawWorld(facts);
  }

  private drawWorld(facts: RunFacts): void {
    const { at, frames, isLive, playing, speed } = this.player;
    const frame = isLive ? frames.latest : frames.at(at);
    this.parts.world.hush(playing);
    if (frame === null || frame === this.shownFrame) return;
    const jumps = this.shownFrame === null || !playing || reducedMotion();
    this.shownFrame = frame;
    const model = facts.primary.model;
    this.parts.world.show(
      frame,
      { decision: facts.decisions[0] ?? null, outcome: facts.outcome, model },
      { duration: jumps ? 0 : Math.min(600, speed === null ? 60 : 1000 / speed) },
    );
  }

  private listMetrics({ opening }: RunFacts): void {
    const { data } = this.player;
    const looked = this.looked();
    const { metric, model, slice } = looked;
    const [names, numbers, models, slices] = [
      data.metricsOf(model),
      numbersOf(data, opening),
      data.models,
      data.slices,
    ];
    const shown = JSON.stringify([names, numbers, models, slices, looked]);
    if (shown === this.metricsShown) return;
    this.metricsShown = shown;
    const option = (name: string) => h('option', { value: name }, metricUnit(name));
    this.metric.replaceChildren(
      ...(numbers.length === 0
        ? names.map(option)
        : [
            h('optgroup', { label: 'Metrics' }, ...names.map(option)),
            h('optgroup', { label: 'Measures' }, ...numbers.map(option)),
          ]),
    );
    this.model.replaceChildren(...models.map((name) => h('option', { value: name }, name)));
    this.slice.replaceChildren(
      h('option', { value: EVERYBODY }, 'everybody'),
      ...slices.map((name) => h('option', { value: name }, name)),
    );
    this.metric.value = metric;
    this.model.value = model;
    this.slice.value = slice ?? EVERYBODY;
    this.modelLabel.hidden = models.length < 2 || isNumber(metric);
    this.sliceLabel.hidden = slices.length === 0 || model !== data.model || isNumber(metric);
  }

  private looked(): Looked {
    const { data, facts } = this.player;
    if (facts === null) return { model: data.model, metric: data.metric, slice: null, beside: [] };
    return lookedAt(data, facts, this.state);
  }

  /** The run that is shown, with its hands, and the number that is looked at. */
  private explainRequest(): ExplainRequest | null {
    const run = this.runAgain();
    if (run === null) return null;
    const { metric, model, slice } = this.looked();
    const whose = slice === null ? `${model}.actual` : `slices.${sliceWord(slice)}`;
    return { ...run, metric: isNumber(metric) ? metric : `${whose}.${metric}` };
  }

  /** The same with other seeds; null before the first step, when nobody knows yet what there is to look at. */
  private seedsRequest(): SeedsRequest | null {
    const run = this.runAgain();
    return run === null || this.player.head < 0 ? null : { ...run, ...this.looked() };
  }

  /** What is needed to make the run that is shown again, with its hands. */
  private runAgain() {
    const { begun, facts, hands } = this.player;
    if (begun === null || facts === null) return null;
    const { off = [], scenario, set = {}, text } = begun;
    return { ...(text === undefined ? { scenario } : { text }), set, off, interventions: hands, seed: facts.seed };
  }

  /** The step that is looked at, where that is not simply the newest. */
  private get shownStep(): number | null {
    return this.player.isLive ? null : this.player.at;
  }

  private spec(): ChartSpec {
    const { data, facts } = this.player;
    const looked = this.looked();
    const series = lookedSeries(data, looked);
    const { metric, model, slice } = looked;
    const unit = metricUnit(metric);
    const whose = isNumber(metric) || data.models.length < 2 ? '' : ` of ${model}`;
    return {
      title: isNumber(metric)
        ? unit
        : `Lab, observed and actual: ${unit}${whose}${slice === null ? '' : ` in ${slice}`}`,
      unit,
      steps: this.player.length,
      series: facts === null ? series : [...series, ...alarmLevels(metric, facts, data.t + 1)],
      ...scaleOf(metric),
      ...this.parts.seeds.bands(series),
      gap: (promised, actual) => gapText(metric, promised, actual),
      marks: this.marks,
      cursor: this.shownStep,
      moving: this.player.playing,
    };
  }

  private point(t: number | null): void {
    this.parts.chart.cursor(t);
    this.parts.why.cursor(t);
    this.parts.slices.cursor(t);
    this.parts.numbers.cursor(t);
  }

  /** The large chart, or one of the small ones drawn large. */
  private chartSvg(key: string): string {
    const small = this.small.find((panel) => panel.key === key);
    const spec = small === undefined ? this.spec() : { ...small.spec, small: false };
    return chartSvg({ ...spec, cursor: null }, { width: 960, height: 480 }, paletteOf(this.host));
  }

  private worldSvg(): string | null {
    return this.shownFrame === null ? null : this.parts.world.svg(720, 540);
  }

  private link(): string {
    const { at, begun, hands, speed } = this.player;
    return this.hooks.link({ hands, t: Math.max(0, at), speed, seed: begun?.seed ?? this.state.seed });
  }
}
