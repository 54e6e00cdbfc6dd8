/**
 * A run at hand: its records and frames, and the step that is looked at.
 *
 * The run itself is made elsewhere, on the server or long ago; the step that is looked at either follows its newest step or
 * stands, or moves through what has been made already. A hand on a step of the past begins the run again from its seed up to
 * that step: it is the same run until then, and another from there on.
 */
import type { Intervention, TraceRecord } from '../src/loop/trace.js';
import type {
  Control,
  ControlAnswer,
  RunFacts,
  RunRequest,
  RunStatus,
  Scalar,
  ViewFrame,
  ViewRequest,
} from '../src/server/protocol.js';
import { control, createRun, dropRun, RefusedError, told } from './api.js';
import { Frames } from './frames.js';
import { RunData } from './run-data.js';
import { RunStream } from './stream.js';

export interface PlayerListener {
  /** Something to draw has changed. */
  changed(): void;
  /** Another run has begun: all that is drawn is out of date. */
  began(facts: RunFacts): void;
  /** Something could not be done, in a sentence and what belongs to it; null takes an earlier message away. */
  problem(lines: readonly string[] | null): void;
}

export interface Recording {
  readonly facts: RunFacts;
  readonly records: readonly TraceRecord[];
  readonly frames: readonly ViewFrame[];
}

export class Player {
  data = new RunData();
  readonly frames = new Frames();
  facts: RunFacts | null = null;
  /** The hands so far, of this run. */
  hands: Intervention[] = [];
  /** The step that is looked at; -1 before the first. */
  at = -1;
  playing = false;
  /** Held on what was the newest step: the server may make another before it hears of it. */
  isHeld = false;
  /** Holds at events that come. */
  stopsAtEvents = false;
  speed: number | null = 10;
  status: RunStatus | null = null;
  /** Id of the run on the server; null for a recording. */
  id: string | null = null;
  isRecording = false;
  private request: RunRequest | null = null;
  private isRefused = false;
  private stream: RunStream | null = null;
  private stopAt: number | null = null;
  /**
   * The step up to which new ones are followed. Held on the newest step, one stays there, though the server may make another
   * before it hears of it.
   */
  private goal = Number.POSITIVE_INFINITY;
  private timer = 0;
  private generation = 0;
  /** Another run is being begun: what is pressed meanwhile is meant for it. */
  private opening: { plays: boolean } | null = null;
  private orders: Promise<void> = Promise.resolve();

  constructor(private readonly listener: PlayerListener) {}

  get head(): number {
    return this.data.t;
  }

  /** Steps that there will be: of a loop that has diverged, those that there are. */
  get length(): number {
    return this.data.end?.status === 'diverged' ? Math.max(2, this.head + 1) : (this.facts?.steps ?? 1);
  }

  /** Does the step that is looked at follow the newest one? */
  get isLive(): boolean {
    return this.at >= this.head;
  }

  get isEnded(): boolean {
    return this.data.end !== null || this.status?.state === 'failed';
  }

  /** The step up to which the run is being made while nobody plays it; null where it stands. */
  get wayTo(): number | null {
    const isOnTheWay = !this.playing && !this.isEnded && this.status?.state === 'running' && this.goal > this.head;
    return isOnTheWay && Number.isFinite(this.goal) ? Math.min(this.goal, (this.facts?.steps ?? 1) - 1) : null;
  }

  // --- Beginning ---

  /** Begins a run; it plays unless the request holds it at a step. */
  async open(request: RunRequest): Promise<void> {
    const generation = ++this.generation;
    const opening = { plays: this.playing || request.until === undefined };
    this.opening = opening;
    this.isRefused = false;
    this.listener.problem(null);
    try {
      const { facts, id } = await createRun({ ...request, speed: this.speed });
      if (generation !== this.generation) {
        dropRun(id);
        return;
      }
      this.leave();
      this.opening = null;
      this.request = request;
      this.id = id;
      this.facts = facts;
      this.hands = [...(request.interventions ?? [])];
      this.goal = (request.until ?? Number.POSITIVE_INFINITY) - 1;
      this.listener.began(facts);
      this.stream = new RunStream(id, {
        record: (record) => this.take(record),
        frame: (frame) => {
          this.frames.add(frame);
          this.listener.changed();
        },
        status: (status) => this.told(status),
        connection: (state) => this.connected(state),
      });
      const isHeld = request.until !== undefined;
      this.playing = opening.plays;
      if (opening.plays) this.goal = Number.POSITIVE_INFINITY;
      if (opening.plays === isHeld) this.order({ do: isHeld ? 'resume' : 'pause' });
    } catch (error) {
      if (generation !== this.generation) return;
      this.opening = null;
      this.refuse(error);
    }
  }

  /** A run that has ended, from a file. */
  replay({ facts, frames, records }: Recording): void {
    this.leave();
    this.isRecording = true;
    this.facts = facts;
    for (const record of records) this.data.take(record);
    for (const frame of frames) this.frames.add(frame);
    this.hands = [...(this.data.end?.interventions ?? [])];
    this.at = this.head;
    this.listener.began(facts);
    this.listener.changed();
  }

  private leave(): void {
    this.stream?.close();
    this.stream = null;
    if (this.id !== null) dropRun(this.id);
    this.id = null;
    this.data = new RunData();
    this.frames.clear();
    this.status = null;
    this.stopAt = null;
    this.at = -1;
    this.halt();
  }

  destroy(): void {
    this.generation++;
    this.leave();
  }

  // --- What comes ---

  private take(record: TraceRecord): void {
    const follows = this.at >= this.head;
    this.data.take(record);
    if (record.twin === undefined && record.type === 'event' && this.stopsAtEvents && record.t > 0 && this.playing)
      this.stopAt = record.t;
    if (record.twin === undefined && record.type === 'step' && follows && (record.t <= this.goal || this.at < 0))
      this.moveTo(record.t);
    this.listener.changed();
  }

  /** Looks at a step on the way forward; stops there where it is told to. */
  private moveTo(t: number): void {
    this.at = t;
    if (this.stopAt !== null && t >= this.stopAt) {
      this.at = this.stopAt;
      this.pause();
    }
  }

  private told(status: RunStatus): void {
    this.status = status;
    if (status.state === 'failed') this.listener.problem([status.error ?? 'The run could not go on.']);
    const isOver = status.state === 'ended' || status.state === 'failed';
    if (isOver && this.isLive) this.playing = false;
    this.listener.changed();
  }

  private connected(state: 'open' | 'waiting' | 'lost'): void {
    if (this.isEnded || (state === 'open' && this.isRefused)) return;
    this.isRefused = false;
    if (state === 'lost') this.playing = false;
    this.listener.problem(
      state === 'open'
        ? null
        : [
            state === 'waiting'
              ? 'The connection is gone; trying again …'
              : 'The connection is lost. See whether the server still runs, then press Reset.',
          ],
    );
    this.listener.changed();
  }

  // --- Hands on the time ---

  play(): void {
    if (this.opening !== null) this.opening.plays = true;
    if (this.playing || this.opening !== null) return;
    this.forget();
    this.stopAt = null;
    if (this.at >= this.head && this.isEnded) this.at = 0;
    this.playing = true;
    this.goal = Number.POSITIVE_INFINITY;
    if (this.at < this.head) this.advance();
    else this.order({ do: 'resume' });
    this.listener.changed();
  }

  pause(): void {
    if (this.opening !== null) this.opening.plays = false;
    this.playing = false;
    this.isHeld = this.isLive;
    this.stopAt = null;
    this.goal = this.at;
    this.halt();
    if (this.status?.state === 'running') this.order({ do: 'pause' });
    this.listener.changed();
  }

  /** Plays up to a step and holds there; at once where it has been made already. */
  playTo(t: number): void {
    if (t <= this.head) {
      this.scrub(t);
      return;
    }
    if (!this.playing || !this.isLive) {
      this.pause();
      this.at = this.head;
      this.play();
    }
    this.stopAt = t;
  }

  /** So many steps on, or back. Steps on that are still being made count: three presses of a key are three steps. */
  step(by: number): void {
    this.forget();
    const from = this.playing || by < 0 ? this.at : Math.max(this.at, this.goal);
    const to = from + by;
    if (to > this.head && !this.isEnded && this.id !== null) {
      if (this.playing) this.pause();
      this.at = this.head;
      this.goal = to;
      this.order({ do: 'step', steps: to - Math.max(from, this.head) });
    } else this.scrub(to);
  }

  /** Looks at a step that has been made. */
  scrub(t: number): void {
    this.forget();
    this.pause();
    this.at = Math.max(0, Math.min(t, this.head));
    this.isHeld = false;
    this.listener.changed();
  }

  setSpeed(speed: number | null): void {
    this.speed = speed;
    if (this.id !== null) this.order({ do: 'speed', speed });
  }

  /** Moves through the past until the newest step is met, then follows it. */
  private advance(): void {
    this.halt();
    this.timer = window.setTimeout(
      () => {
        if (!this.playing) return;
        this.moveTo(this.at + 1);
        this.listener.changed();
        if (!this.playing) return;
        if (this.at < this.head) this.advance();
        else if (this.isEnded) this.pause();
        else this.order({ do: 'resume' });
      },
      this.speed === null ? 0 : 1000 / this.speed,
    );
  }

  private halt(): void {
    window.clearTimeout(this.timer);
  }

  // --- Hands on the world ---

  /** Puts values at paths of the scenario, from the next step on. */
  set(set: Readonly<Record<string, Scalar>>): void {
    this.hand({ set });
  }

  retrain(): void {
    this.hand({ retrain: true });
  }

  /** On the running world, before its next step; on the past, where another future begins. */
  private hand(hand: Pick<Intervention, 'set'> | { retrain: true }): void {
    if (this.isRecording || this.facts === null) return;
    if (this.at + 1 >= this.facts.steps) {
      this.say(['This is the last step: a hand acts on the step that follows. Go back a little, or press Reset.']);
      this.listener.changed();
    } else if (!this.isLive || this.isEnded) this.branch({ at: this.at + 1, ...hand });
    else this.order('set' in hand && hand.set !== undefined ? { do: 'set', set: hand.set } : { do: 'retrain' });
  }

  view(view: ViewRequest): void {
    if (this.id === null || this.request === null) return;
    this.request = { ...this.request, view };
    this.order({ do: 'view', view });
  }

  /** Begins again: with other values before the start, or as it was. */
  restart(change: Partial<RunRequest> = {}): void {
    if (this.request === null) return;
    const { until: _until, interventions: _hands, ...request } = this.request;
    this.open({ ...request, ...change });
  }

  /** The same run up to the step that is looked at, and another from there on. */
  private branch(hand: Intervention): void {
    if (this.request === null || this.at < 0) return;
    const kept = this.hands.filter(({ at }) => at <= this.at);
    this.open({ ...this.request, interventions: withHand(kept, hand), until: this.at + 1 });
  }

  /** Orders go out one after the other: two that overtake each other would leave the run in the wrong state. */
  private order(order: Control): void {
    const { generation, id } = this;
    if (id === null) return;
    this.orders = this.orders.then(() => this.send(id, generation, order));
  }

  private async send(id: string, generation: number, order: Control): Promise<void> {
    if (generation !== this.generation) return;
    try {
      const answer: ControlAnswer = await control(id, order);
      if (generation !== this.generation) return;
      if (answer.intervention !== undefined) {
        this.hands = withHand(this.hands, answer.intervention);
        this.forget();
        this.listener.changed();
      }
    } catch (error) {
      if (generation === this.generation) this.refuse(error);
    }
  }

  /** What was refused is told until something else is done. */
  private say(lines: readonly string[]): void {
    this.isRefused = true;
    this.listener.problem(lines);
  }

  private forget(): void {
    if (!this.isRefused || this.facts === null) return;
    this.isRefused = false;
    this.listener.problem(null);
  }

  private refuse(error: unknown): void {
    if (!(error instanceof RefusedError)) throw error;
    this.say(told(error.refusal));
    this.listener.changed();
  }

  /** What is needed to begin this run elsewhere, for the link. */
  get begun(): RunRequest | null {
    return this.request;
  }
}

/** A slider that is moved by keys leaves a hand at each press: of those on one step the last one counts. */
function withHand(hands: readonly Intervention[], hand: Intervention): Intervention[] {
  const same = JSON.stringify([hand.at, hand.retrain, Object.keys(hand.set ?? {})]);
  const rest = hands.filter(({ at, retrain, set = {} }) => JSON.stringify([at, retrain, Object.keys(set)]) !== same);
  return [...rest, hand];
}
