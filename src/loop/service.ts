/** Which version of a model serves whom: those that wait, one that is on trial, and those that have served. */
import type { Spread } from '../learn/uncertainty/index.js';
import type { Deployment, TrialKind } from '../retrain/deployment.js';
import { Trial } from './trial.js';
import type { Version } from './version.js';

/** Longest delay of a response: what was in service before is forgotten. */
const LONGEST_DELAY = 200;

/** What became of versions at the beginning of a step, for the trace. */
export interface Deployed {
  readonly kind: 'deploy' | 'trial' | 'rollback' | 'kept';
  readonly message: string;
}

const NOTHING: readonly Deployed[] = [];

/** How versions come into service, and what their model predicts. */
interface Rules {
  readonly deployment: Deployment;
  readonly of: 'numeric' | 'binary';
}

const onTrial = (kind: TrialKind, version: Version, number: number, steps: number, { deployment, of }: Rules): Trial =>
  new Trial(kind, version, number, steps, deployment.confidence, of);

interface Served {
  readonly since: number;
  readonly version: Version;
  readonly number: number;
}

export class Service {
  deployed: Version | null = null;
  /** Of the version that is deployed; 1 is the first. */
  number = 0;
  trial: Trial | null = null;
  /** Versions since they were put into service: people may respond to one that is no longer there. */
  private served: Served[] = [];
  private waiting: { readonly version: Version; readonly due: number }[] = [];
  /** Versions that have been in service, or on trial. */
  private numbered = 1;

  /** The first version serves, and has always served. */
  begin(version: Version): void {
    this.deployed = version;
    this.number = 1;
    this.served = [{ since: Number.NEGATIVE_INFINITY, version, number: 1 }];
  }

  /** What served at step t. */
  at(t: number): Served | null {
    return this.served.findLast(({ since }) => since <= t) ?? null;
  }

  /** The version in service has learnt how wide its intervals must be. */
  spread(spread: Spread): void {
    if (this.deployed !== null) this.deployed = { ...this.deployed, spread };
  }

  /** A version comes into service at step `due`. */
  expect(version: Version, due: number): void {
    this.waiting.push({ version, due });
  }

  /** Whether a new version is on its way. */
  get isInFlight(): boolean {
    return this.waiting.length > 0 || (this.trial !== null && this.trial.kind !== 'rollback');
  }

  /** Ends a trial that is over and deploys what is due at step t; tells what came of it. */
  deploy(t: number, deployment: Deployment, of: 'numeric' | 'binary'): readonly Deployed[] {
    if (this.waiting.length === 0 && this.trial === null) return NOTHING;
    const happened: Deployed[] = [];
    const rules = { deployment, of };
    if (this.trial?.isOver) happened.push(this.judge(this.trial, t, rules));
    if (this.trial !== null && this.trial.kind !== 'rollback') return happened;
    // Of several that are due, each is deployed in turn without a trial; with one, only the newest is tried.
    const due = this.waiting.filter((waiting) => waiting.due <= t);
    if (due.length === 0) return happened;
    this.waiting = this.waiting.filter((waiting) => waiting.due > t);
    const { version } = due[due.length - 1];
    const { trial } = deployment;
    if (trial === null) {
      this.numbered += due.length;
      happened.push(this.serve(version, this.numbered, t, rules));
      return happened;
    }
    this.numbered++;
    this.trial = onTrial(trial.kind, version, this.numbered, trial.steps, rules);
    const how = trial.kind === 'shadow' ? 'only watches' : `serves ${Number((100 * trial.share).toPrecision(3))} %`;
    happened.push({ kind: 'trial', message: `version ${this.numbered} ${how}` });
    return happened;
  }

  private serve(version: Version, number: number, t: number, rules: Rules, why = ''): Deployed {
    // The version before a version that is itself on probation is the one that has proved itself.
    const before = this.trial?.kind === 'rollback' ? this.trial : { version: this.deployed, number: this.number };
    const { rollback } = rules.deployment;
    this.trial =
      rollback !== null && before.version !== null
        ? onTrial('rollback', before.version, before.number, rollback, rules)
        : null;
    this.put(version, number, t);
    return { kind: 'deploy', message: `version ${number} is deployed${why}` };
  }

  private judge({ isBetter, kind, number, version, words }: Trial, t: number, rules: Rules): Deployed {
    this.trial = null;
    if (kind !== 'rollback') {
      if (isBetter) return this.serve(version, number, t, rules, `: ${words}`);
      return { kind: 'kept', message: `version ${number} does not replace version ${this.number}: ${words}` };
    }
    if (!isBetter) return { kind: 'trial', message: `version ${this.number} stays in service` };
    this.put(version, number, t);
    return { kind: 'rollback', message: `version ${number} comes back: ${words}` };
  }

  /** From step t on everybody meets this version. */
  private put(version: Version, number: number, t: number): void {
    this.deployed = version;
    this.number = number;
    while (this.served.length > 1 && this.served[1].since <= t - LONGEST_DELAY) this.served.shift();
    this.served.push({ since: t, version, number });
  }
}
