/** Set the policy, beat the oracle's cost: a game on one seed, against who knows the whole run beforehand. */
import type { ComparePolicy } from '../src/server/protocol.js';
import { board, type Entry } from './challenge-board.js';
import { ChoiceForm } from './challenge-choice.js';
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
import type { CompareContext } from './compare.js';
import { CompareError, comparePatiently } from './compare-client.js';
import { labelled, make } from './compare-dom.js';
import { count, figure, metricWords, percent } from './compare-figures.js';
import { choiceOf, policyOf } from './compare-policy.js';

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

export class ChallengeView {
  private readonly root = make('div', { class: 'challenge' });
  private readonly intro = make('p', { class: 'about' });
  private readonly form = new ChoiceForm();
  private readonly price = make('input', { type: 'number', min: 0, step: 'any' });
  private readonly priceField = make('div', { class: 'price' });
  private readonly attempt = make('button', { type: 'button', class: 'primary' }, 'Try');
  private readonly stop = make('button', { type: 'button' }, 'Stop');
  private readonly progress = make('progress', { max: 1, value: 0, 'aria-label': 'Policies seen' });
  private readonly search = make('span', { class: 'done' });
  private readonly status = make('p', { class: 'status', role: 'status' });
  private readonly result = make('div', { class: 'result', 'aria-live': 'polite' });
  private readonly board = make('div', { class: 'table', role: 'region', 'aria-label': 'Leader board', tabindex: 0 });
  private readonly sessions = new Map<string, Session>();
  private session: Session = { tries: [], known: new Map(), price: null };
  private context: CompareContext | null = null;
  private words = metricWords('accuracy');
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
        'The scenario names no costs: a run costs its error, summed over the steps, and this price for each training. It begins at a hundredth of the error of never retraining.',
      ),
    );
    const bar = make('div', { class: 'bar' }, this.attempt, this.stop, this.progress, this.search);
    this.root.append(this.intro, ...this.form.elements, this.priceField, bar, this.status, this.result, this.board);
    host.append(this.root);
    this.price.addEventListener('input', () => {
      if (!Number.isFinite(this.price.valueAsNumber) || this.price.valueAsNumber < 0) return;
      this.session.price = this.price.valueAsNumber;
      this.showResults();
    });
    this.attempt.addEventListener('click', () => void this.try());
    this.stop.addEventListener('click', () => {
      this.leave.abort();
      this.leave = new AbortController();
      this.status.textContent = 'Stopped.';
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
    this.priceField.hidden = facts.hasCosts;
    this.price.value = this.session.price === null ? '' : String(this.session.price);
    this.form.begin(steps, this.words.name);
    this.showSteps();
    this.status.textContent = 'Choose, then press Try.';
    this.showResults();
    this.settle();
  }

  destroy(): void {
    this.leave.abort();
    this.form.destroy();
    this.root.remove();
  }

  private get steps(): number {
    return this.context?.facts.steps ?? 1;
  }

  /** Behind the steps: what happens when, and what came of never retraining and of the last try. */
  private showSteps(): void {
    const { mechanisms = [] } = this.context?.facts ?? {};
    const never = this.session.known.get('never');
    const last = this.session.tries.at(-1)?.run;
    this.form.draw({
      steps: this.steps,
      mechanisms: mechanisms
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
    const policy = policyOf(this.form.choice);
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
      this.showSteps();
      void this.findOracle();
      this.showResults();
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
    } catch (error) {
      this.failed(error, leave);
    } finally {
      if (this.session === session) {
        this.isSearching = false;
        this.showResults();
      }
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
    this.board.replaceChildren(board(entries, yardstick, { take: (policy) => this.form.take(choiceOf(policy)) }));
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
      return [
        yours,
        make('p', { class: 'says' }, `The oracle ${this.isSearching ? 'is still looking' : 'has no policy to show'}.`),
      ];
    const share = excess(mine, yardstick);
    const medal = medalOf(mine, yardstick);
    const says =
      medal === 'equal'
        ? 'You pay what the oracle pays.'
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
