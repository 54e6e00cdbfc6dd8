/** The list of policies that a person edits: each when, on what, and called what. */
import type { ComparePolicy } from '../src/server/protocol.js';
import { labelled, make, options, wholeOf } from './compare-dom.js';
import {
  type Choice,
  choiceOf,
  freeName,
  nameOf,
  policyOf,
  presets,
  stepsOf,
  type When,
  type Window,
  withChoice,
} from './compare-policy.js';

export const MOST_POLICIES = 8;

const WHENS = [
  ['own', 'as the scenario says'],
  ['never', 'never'],
  ['every', 'every so many steps'],
  ['at', 'at steps of one’s own'],
] as const;
const WINDOWS = [
  ['own', 'as the scenario says'],
  ['all', 'on all records'],
  ['last', 'on the last steps'],
] as const;
const EVERY = [5, 10, 20, 40];

export interface EditorHooks {
  /** A policy was edited, added, removed or renamed. */
  changed(policies: readonly ComparePolicy[]): void;
}

let editors = 0;

export class PolicyEditor {
  readonly element = make('fieldset', { class: 'policies' }, make('legend', {}, 'Policies'));
  private readonly list = make('ol', {});
  private readonly add = make('button', { type: 'button', class: 'add' }, 'Add a policy');
  private readonly presets: string;
  private policies: ComparePolicy[] = [];
  private steps = 1;

  constructor(private readonly hooks: EditorHooks) {
    this.presets = `compare-every-${editors++}`;
    const known = make('datalist', { id: this.presets }, ...EVERY.map((k) => make('option', { value: k })));
    this.add.addEventListener('click', () => this.addOne());
    this.element.append(this.list, known, this.add);
  }

  show(policies: readonly ComparePolicy[], steps: number): void {
    this.policies = [...policies];
    this.steps = steps;
    this.render();
  }

  set disabled(value: boolean) {
    this.element.disabled = value;
  }

  private render(): void {
    this.list.replaceChildren(...this.policies.map((_, k) => this.row(k)));
    this.limit();
  }

  private limit(): void {
    this.add.disabled = this.policies.length >= MOST_POLICIES;
    this.add.textContent = this.add.disabled ? `At most ${MOST_POLICIES} policies` : 'Add a policy';
    const removes = this.list.querySelectorAll<HTMLButtonElement>('.remove');
    for (const button of removes) button.disabled = this.policies.length === 1;
  }

  private put(k: number, policy: ComparePolicy): void {
    this.policies[k] = policy;
    this.hooks.changed(this.policies);
  }

  private othersOf(k: number): string[] {
    return this.policies.filter((_, j) => j !== k).map(({ name }) => name);
  }

  private row(k: number): HTMLLIElement {
    const policy = this.policies[k];
    const name = make('input', { type: 'text', value: policy.name, maxlength: 60, autocomplete: 'off' });
    const parts = make('div', { class: 'parts' });
    const remove = make('button', { type: 'button', class: 'remove', 'aria-label': `Remove ${policy.name}` }, 'Remove');
    const choose = (choice: Choice) => {
      const { name: before, set } = this.policies[k];
      // A name that a person gave stays; one that says what the policy was goes with it.
      const given = before.replace(/ \(\d+\)$/, '') !== nameOf(choiceOf({ set }));
      const next = given ? before : freeName(nameOf(choice), this.othersOf(k));
      name.value = next;
      remove.setAttribute('aria-label', `Remove ${next}`);
      this.put(k, { name: next, set: withChoice(set, choice) });
    };
    name.addEventListener('change', () => {
      const typed = name.value.trim() || nameOf(choiceOf(this.policies[k]));
      name.value = freeName(typed, this.othersOf(k));
      remove.setAttribute('aria-label', `Remove ${name.value}`);
      this.put(k, { ...this.policies[k], name: name.value });
    });
    remove.addEventListener('click', () => this.remove(k));
    parts.append(...this.controls(k, choose));
    const swatch = make('span', { class: `swatch scale-${k % 8}`, 'aria-hidden': 'true' });
    return make('li', {}, swatch, labelled('Name', name, 'field name'), parts, remove);
  }

  /** When and on what; the numbers only where they mean something. */
  private controls(k: number, choose: (choice: Choice) => void): HTMLElement[] {
    const when = make('select', {});
    options(when, WHENS);
    const every = this.number(this.steps, { list: this.presets });
    const at = make('input', { type: 'text', inputmode: 'numeric', placeholder: '20, 45, 60', autocomplete: 'off' });
    const window = make('select', {});
    options(window, WINDOWS);
    const last = this.number(Math.max(this.steps, 1));
    const fields = {
      when: labelled('Retrain', when),
      every: labelled('Steps between', every, 'field short'),
      at: labelled('Steps', at),
      window: labelled('Learn', window),
      last: labelled('Steps back', last, 'field short'),
    };
    const fill = () => {
      const choice = choiceOf(this.policies[k]);
      when.value = choice.when.kind;
      window.value = choice.window.kind;
      if (choice.when.kind === 'every') every.value = String(choice.when.steps);
      if (choice.when.kind === 'at') at.value = choice.when.steps.join(', ');
      if (choice.window.kind === 'last') last.value = String(choice.window.steps);
      fields.every.hidden = choice.when.kind !== 'every';
      fields.at.hidden = choice.when.kind !== 'at';
      fields.window.hidden = choice.when.kind === 'never' && when.value !== 'at';
      fields.last.hidden = fields.window.hidden || choice.window.kind !== 'last';
    };
    const whenNow = (): When => {
      if (when.value === 'every') return { kind: 'every', steps: wholeOf(every, Math.min(20, this.steps)) };
      if (when.value === 'at') {
        const steps = stepsOf(at.value, this.steps);
        return { kind: 'at', steps: steps.length > 0 ? steps : [Math.floor(this.steps / 2)] };
      }
      return { kind: when.value === 'own' ? 'own' : 'never' };
    };
    const windowNow = (): Window =>
      window.value === 'last'
        ? { kind: 'last', steps: wholeOf(last, Math.min(40, this.steps)) }
        : { kind: window.value === 'all' ? 'all' : 'own' };
    for (const control of [when, every, at, window, last]) {
      control.addEventListener('change', () => {
        choose({ when: whenNow(), window: windowNow() });
        fill();
      });
    }
    fill();
    return Object.values(fields);
  }

  private number(most: number, more: Record<string, string> = {}): HTMLInputElement {
    return make('input', { type: 'number', min: 1, max: most, step: 1, ...more });
  }

  /** The next preset that is not in the list yet. */
  private addOne(): void {
    const taken = this.policies.map((policy) => nameOf(choiceOf(policy)));
    const choices = presets(this.steps);
    const free = choices.find((choice) => !taken.includes(nameOf(choice))) ?? choices[0];
    const policy = policyOf(free);
    this.put(this.policies.length, { ...policy, name: freeName(policy.name, this.othersOf(-1)) });
    this.list.append(this.row(this.policies.length - 1));
    this.limit();
    this.list.querySelector<HTMLInputElement>('li:last-child input')?.focus();
  }

  private remove(k: number): void {
    this.policies = this.policies.filter((_, j) => j !== k);
    this.hooks.changed(this.policies);
    this.render();
    // The focus stays in the list, where the removed one was.
    const rows = this.list.querySelectorAll<HTMLInputElement>('li .name input');
    rows[Math.min(k, rows.length - 1)]?.focus();
  }
}
