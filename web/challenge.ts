/** Set the policy, beat the oracle's cost: a game on one seed, against who knows the whole run beforehand. */
import type { ComparePolicy } from '../src/server/protocol.js';
import { board, type Entry } from './challenge-board.js';
import {
  batches,
  billOf,
  cheapest,
  excess,
  MEDALS,
  medalOf,
  oraclePolicies,
  oracleWords,
  type Run,
  suggestedPrice,
} from './challenge-oracle.js';
import { StepStrip } from './challenge-strip.js';
import type { CompareContext } from './compare.js';
import { CompareError, comparePatiently } from './compare-client.js';
import { labelled, make } from './compare-dom.js';
import { count, figure, metricWords, percent } from './compare-figures.js';
import { type Choice, choiceOf, policyOf, stepsOf, type When } from './compare-policy.js';

export interface ChallengeHooks {
  /** A try was made: what it was. */
  onTry?(policy: ComparePolicy): void;
}

interface Try {
  readonly policy: ComparePolicy;
  readonly run: Run;
}

/** What one knows of a run on a seed: kept for as long as the page is open. */
interface Session {
  readonly tries: Try[];
  /** Runs of the oracle's set, as far as they are known. */
  readonly known: Map<string, Run>;
  /** Of a training, where the scenario has no costs; null until it is set. */
  price: number | null;
}

const MOST_EVERY = 60;
/** Steps that are written out; a schedule of more is seen on the strip alone. */
const MOST_WRITTEN = 100;
let views = 0;

export class ChallengeView {
  private readonly group = `challenge-${views++}`;
  private readonly root = make('div', { class: 'challenge' });
  private readonly intro = make('p', { class: 'about' });
  private readonly hint = make('p', { class: 'note', id: `${this.group}-hint` });
  private readonly when = this.radios('when', [
    ['never', 'Never'],
    ['every', 'Every so many steps'],
    ['at', 'By hand: pick the steps below'],
  ]);
  private readonly window = this.radios('window', [
    ['all', 'All records, the lab’s too'],
    ['last', 'Those of the last steps'],
  ]);
  private readonly every = make('input', { type: 'range', min: 1, step: 1, 'aria-label': 'Steps between trainings' });
  private readonly everyOut = make('output', {});
  private readonly last = make('input', { type: 'range', min: 1, step: 1, 'aria-label': 'Steps back' });
  private readonly lastOut = make('output', {});
  private readonly picked = make('input', {
    type: 'text',
    inputmode: 'numeric',
    autocomplete: 'off',
    placeholder: 'none: type 20, 45, 60',
  });
  private readonly price = make('input', { type: 'number', min: 0, step: 'any' });
  private readonly priceField = make('div', { class: 'price' });
  private readonly strip = new StepStrip({ toggle: (t) => this.toggle(t) });
  private readonly attempt = make('button', { type: 'button', class: 'primary' }, 'Try');
  private readonly stop = make('button', { type: 'button' }, 'Stop');
  private readonly progress = make('progress', { max: 1, value: 0, 'aria-label': 'Policies that the oracle has seen' });
  private readonly search = make('span', { class: 'done' });
  private readonly status = make('p', { class: 'status', role: 'status' });
  private readonly result = make('div', { class: 'result', 'aria-live': 'polite' });
  private readonly board = make('div', { class: 'table', role: 'region', 'aria-label': 'Leader board', tabindex: 0 });
  private readonly sessions = new Map<string, Session>();
  private session: Session = { tries: [], known: new Map(), price: null };
  private context: CompareContext | null = null;
  private words = metricWords('accuracy');
  private chosen: number[] = [];
  private leave = new AbortController();
  private isTrying = false;
  private isSearching = false;

  constructor(
    host: HTMLElement,
    private readonly hooks: ChallengeHooks = {},
  ) {
    this.priceField.append(
      labelled('A training costs', this.price, 'field short'),
      make(
        'p',
        { class: 'note' },
        'The scenario names no costs. A run costs its error, summed over the steps, and this price for each training, in the same unit. It begins at one hundredth of the error of never retraining: set your own.',
      ),
    );
    const rule = make(
      'div',
      { class: 'choices' },
      make(
        'fieldset',
        {},
        make('legend', {}, 'When to retrain'),
        ...this.when.lines.slice(0, 2),
        this.slider(this.every, this.everyOut),
        this.when.lines[2],
      ),
      make('fieldset', {}, make('legend', {}, 'On what'), ...this.window.lines, this.slider(this.last, this.lastOut)),
    );
    this.strip.element.setAttribute('aria-describedby', this.hint.id);
    const bar = make('div', { class: 'bar' }, this.attempt, this.stop, this.progress, this.search);
    this.root.append(
      this.intro,
      rule,
      this.strip.element,
      this.hint,
      labelled('Retrains at the end of steps', this.picked, 'field wide'),
      this.priceField,
      bar,
      this.status,
      this.result,
      this.board,
    );
    host.append(this.root);
    for (const control of [...this.when.inputs, ...this.window.inputs, this.every, this.last]) {
      control.addEventListener('input', () => this.chose(control));
    }
    this.picked.addEventListener('change', () => {
      this.chosen = stepsOf(this.picked.value, this.steps - 1);
      this.when.set('at');
      this.show();
    });
    this.price.addEventListener('input', () => {
      if (!Number.isFinite(this.price.valueAsNumber) || this.price.valueAsNumber < 0) return;
      this.session.price = this.price.valueAsNumber;
      this.showResults();
    });
    this.attempt.addEventListener('click', () => void this.try());
    this.stop.addEventListener('click', () => {
      this.leave.abort();
      this.leave = new AbortController();
      this.status.textContent = 'Stopped. Try again for the rest.';
    });
  }

  open(context: CompareContext): void {
    this.leave.abort();
    this.leave = new AbortController();
    this.isTrying = false;
    this.isSearching = false;
    this.context = context;
    const key = JSON.stringify([context.request, context.facts.steps]);
    this.session = this.sessions.get(key) ?? { tries: [], known: new Map(), price: null };
    this.sessions.set(key, this.session);
    const { facts, request } = context;
    const { steps } = facts;
    this.words = metricWords(facts.primary.metric);
    this.intro.textContent = `Choose when to retrain and on what; your run (${count(steps, 'step')}, seed ${request.seed}) is then set beside the oracle's. The oracle knows the whole run beforehand: of ${oraclePolicies(steps).length} policies (${oracleWords(steps)}) it takes the cheapest. A schedule picked by hand, or another window, is not among them and can beat it.`;
    this.hint.textContent = `Click a step to retrain at its end, click it again to take it back. By keyboard: arrows and Page keys move, Space picks, Delete takes back. Behind: actual ${this.words.name} when never retrained (grey), and in your last try (red).`;
    this.every.max = String(Math.max(1, Math.min(MOST_EVERY, steps - 1)));
    this.last.max = String(Math.max(1, Math.min(2 * MOST_EVERY, steps)));
    this.priceField.hidden = facts.hasCosts;
    this.price.value = this.session.price === null ? '' : String(this.session.price);
    this.take({
      when: { kind: 'every', steps: Math.min(20, Number(this.every.max)) },
      window: { kind: 'last', steps: Math.min(40, Number(this.last.max)) },
    });
    this.status.textContent = 'Choose, then press Try.';
    this.showResults();
    this.settle();
  }

  destroy(): void {
    this.leave.abort();
    this.strip.destroy();
    this.root.remove();
  }

  private get steps(): number {
    return this.context?.facts.steps ?? 1;
  }

  // --- The choice ---

  private radios(name: string, entries: readonly (readonly [value: string, text: string])[]) {
    const inputs = entries.map(([value]) => make('input', { type: 'radio', name: `${this.group}-${name}`, value }));
    const lines = entries.map(([, text], k) => make('label', { class: 'radio' }, inputs[k], text));
    return {
      inputs,
      lines,
      get: () => inputs.find(({ checked }) => checked)?.value ?? entries[0][0],
      set: (value: string) => {
        for (const input of inputs) input.checked = input.value === value;
      },
    };
  }

  private slider(input: HTMLInputElement, output: HTMLOutputElement): HTMLDivElement {
    return make('div', { class: 'slider' }, input, output);
  }

  /** A slider that is moved means its choice; by hand begins from what was chosen before. */
  private chose(control: HTMLInputElement): void {
    if (control === this.every) this.when.set('every');
    if (control === this.last) this.window.set('last');
    this.show();
  }

  private toggle(t: number): void {
    const now = this.scheduled;
    this.chosen = now.includes(t) ? now.filter((one) => one !== t) : [...now, t].sort((a, b) => a - b);
    this.when.set('at');
    this.show();
  }

  private take({ when, window }: Choice): void {
    this.when.set(when.kind === 'own' ? 'never' : when.kind);
    this.window.set(window.kind === 'last' ? 'last' : 'all');
    if (when.kind === 'every') this.every.value = String(when.steps);
    if (when.kind === 'at') this.chosen = [...when.steps];
    if (window.kind === 'last') this.last.value = String(window.steps);
    this.show();
  }

  private get choice(): Choice {
    const kind = this.when.get();
    const when: When =
      kind === 'every'
        ? { kind, steps: this.every.valueAsNumber }
        : kind === 'at'
          ? { kind, steps: this.chosen }
          : { kind: 'never' };
    return {
      when,
      window: this.window.get() === 'last' ? { kind: 'last', steps: this.last.valueAsNumber } : { kind: 'all' },
    };
  }

  /** The steps at which the choice retrains, up to the last one that serves anybody. */
  private get scheduled(): number[] {
    const { when } = this.choice;
    if (when.kind === 'at') return [...when.steps];
    if (when.kind !== 'every') return [];
    return Array.from({ length: Math.floor((this.steps - 1) / when.steps) }, (_, k) => (k + 1) * when.steps - 1);
  }

  private show(): void {
    const { context } = this;
    if (context === null) return;
    this.everyOut.textContent = `every ${count(this.every.valueAsNumber, 'step')}`;
    this.lastOut.textContent = `the last ${count(this.last.valueAsNumber, 'step')}`;
    const { scheduled } = this;
    this.picked.value = scheduled.length <= MOST_WRITTEN ? scheduled.join(', ') : '';
    const never = this.session.known.get('never');
    const last = this.session.tries.at(-1)?.run;
    this.strip.show({
      steps: this.steps,
      chosen: scheduled,
      mechanisms: context.facts.mechanisms
        .filter(({ from, off, to }) => !off && from < this.steps && (from > 0 || to !== null))
        .map(({ from, id, to }) => ({ name: id.slice(id.indexOf('.') + 1), from, to })),
      lines: [
        ...(never === undefined ? [] : [{ kind: 'never' as const, values: never.actual }]),
        ...(last === undefined ? [] : [{ kind: 'try' as const, values: last.actual }]),
      ],
    });
  }

  // --- The runs ---

  private async try(): Promise<void> {
    if (this.context === null || this.isTrying) return;
    const { leave, session } = this;
    const policy = policyOf(this.choice);
    this.isTrying = true;
    this.status.textContent = 'Running …';
    this.settle();
    try {
      const asked: ComparePolicy = { ...policy, name: `mine: ${policy.name}` };
      const never = session.known.has('never') ? [] : oraclePolicies(this.steps).slice(0, 1);
      for await (const run of this.runs([...never, asked], leave.signal)) {
        if (run.policy === asked.name) session.tries.push({ policy, run });
        else session.known.set(run.policy, run);
      }
      if (this.leave !== leave) return;
      if (session.price === null) this.suggest(session);
      this.hooks.onTry?.(policy);
      this.status.textContent = `Your run: ${policy.name}.`;
      this.show();
      this.showResults();
      void this.findOracle();
    } catch (error) {
      this.failed(error, leave);
    } finally {
      if (this.session === session) this.isTrying = false;
      this.settle();
    }
  }

  /** Runs what the oracle has not seen yet. */
  private async findOracle(): Promise<void> {
    const { context, leave, session } = this;
    if (context === null || this.isSearching) return;
    const { individuals, steps } = context.facts;
    const missing = oraclePolicies(steps).filter(({ name }) => !session.known.has(name));
    if (missing.length === 0) return;
    this.isSearching = true;
    this.settle();
    try {
      for (const batch of batches(missing, individuals, steps)) {
        for await (const run of this.runs(batch, leave.signal)) {
          session.known.set(run.policy, run);
          if (this.session === session) this.showSearch();
        }
      }
      if (this.session === session) this.showResults();
    } catch (error) {
      this.failed(error, leave);
    } finally {
      if (this.session === session) this.isSearching = false;
      this.settle();
    }
  }

  private async *runs(policies: readonly ComparePolicy[], signal: AbortSignal): AsyncGenerator<Run> {
    if (this.context === null) return;
    for await (const line of comparePatiently({ ...this.context.request, policies, seeds: 1 }, signal)) {
      if (line.type === 'run') yield line;
    }
  }

  private failed(error: unknown, leave: AbortController): void {
    if (leave.signal.aborted) return;
    if (!(error instanceof CompareError)) throw error;
    this.status.textContent = error.message;
    this.status.classList.add('failed');
  }

  private suggest(session: Session): void {
    const never = session.known.get('never');
    if (never === undefined) return;
    session.price = suggestedPrice(never, this.words);
    this.price.value = String(session.price);
  }

  // --- What came of it ---

  private settle(): void {
    const isBusy = this.isTrying || this.isSearching;
    if (this.isTrying) this.status.classList.remove('failed');
    // A disabled button would lose the focus of who works by keyboard.
    this.attempt.setAttribute('aria-disabled', String(this.isTrying));
    this.stop.hidden = !isBusy;
    this.progress.hidden = !this.isSearching;
    this.search.hidden = !this.isSearching;
    if (this.isSearching) this.showSearch();
  }

  private showSearch(): void {
    const all = oraclePolicies(this.steps).length;
    this.progress.max = all;
    this.progress.value = this.session.known.size;
    this.search.textContent = `The oracle looks through its policies: ${this.session.known.size} of ${all}`;
  }

  /** Null while the oracle is still looking. */
  private get oracle(): Run | null {
    const { known } = this.session;
    if (known.size < oraclePolicies(this.steps).length) return null;
    return cheapest([...known.values()], this.words, this.session.price ?? 0);
  }

  private showResults(): void {
    const { session, words } = this;
    const { known, tries } = session;
    const price = session.price ?? 0;
    const { oracle } = this;
    const yardstick = oracle === null ? null : billOf(oracle, words, price).total;
    const last = tries.at(-1);
    this.board.hidden = last === undefined;
    this.result.hidden = last === undefined;
    if (last === undefined) return;
    const mine = billOf(last.run, words, price).total;
    this.result.replaceChildren(...this.headline(mine, oracle, yardstick));
    const entry = (kind: Entry['kind'], policy: ComparePolicy, run: Run, isNew = false): Entry => ({
      kind,
      policy,
      bill: billOf(run, words, price),
      trainings: run.trainings,
      isNew,
    });
    const never = known.get('never');
    const named = (run: Run): ComparePolicy => ({ name: run.policy, set: {} });
    const entries = [
      ...tries.map(({ policy, run }, k) => entry('try', policy, run, k === tries.length - 1)),
      ...(oracle === null ? [] : [entry('oracle', named(oracle), oracle)]),
      ...(never === undefined || never === oracle ? [] : [entry('never', named(never), never)]),
    ];
    const focused = this.board.contains(document.activeElement);
    this.board.replaceChildren(board(entries, yardstick, { take: (policy) => this.take(choiceOf(policy)) }));
    if (focused) this.board.focus();
  }

  private headline(mine: number, oracle: Run | null, yardstick: number | null): Node[] {
    const number = (label: string, value: number, kind: string) =>
      make(
        'p',
        { class: `number ${kind}` },
        make('span', {}, label),
        make('b', {}, Number.isFinite(value) ? figure(value) : 'diverged'),
      );
    const yours = number('Your run cost', mine, 'mine');
    if (oracle === null || yardstick === null)
      return [yours, make('p', { class: 'says' }, 'The oracle is still looking.')];
    const share = excess(mine, yardstick);
    const medal = medalOf(mine, yardstick);
    const says =
      medal === 'equal'
        ? 'You pay what the oracle pays, without having known the run.'
        : Number.isFinite(mine)
          ? `You pay ${percent(share)} ${share > 0 ? 'more' : 'less'} than the oracle.`
          : 'Your run diverged: it has no cost.';
    return [
      yours,
      number(`The oracle: ${oracle.policy}`, yardstick, 'oracle'),
      make(
        'p',
        { class: 'says' },
        ...(medal === 'none' ? [] : [make('span', { class: `medal ${medal}` }, MEDALS[medal])]),
        says,
      ),
    ];
  }
}
