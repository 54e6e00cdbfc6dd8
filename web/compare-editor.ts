/** The list of policies that a person edits, each in words. */

import { namedPolicy, OWN, PolicyError } from '../src/scenario/policy.js';
import type { RunFacts } from '../src/server/protocol.js';
import { isYardstick } from '../src/study/asked-policies.js';
import { make } from './compare-dom.js';
import { MOST_POLICIES } from './compare-state.js';

const MOST_LETTERS = 200;

export interface EditorHooks {
  /** A policy was edited, added or removed. */
  changed(policies: readonly string[]): void;
}

type Facts = Pick<RunFacts, 'hasCosts' | 'monitors' | 'policies' | 'steps'>;

let editors = 0;

export class PolicyEditor {
  readonly element = make('fieldset', { class: 'policies' }, make('legend', {}, 'Policies'));
  private readonly id = `compare-policies-${editors++}`;
  private readonly help = make('p', { class: 'note' });
  private readonly list = make('ol', {});
  private readonly known = make('datalist', { id: this.id });
  private readonly add = make('button', { type: 'button', class: 'add' }, 'Add a policy');
  private policies: string[] = [];
  /** What the server said of some, by their words. */
  private refused: ReadonlyMap<string, string> = new Map();
  private facts: Facts = { hasCosts: false, monitors: [], policies: {}, steps: 1 };

  constructor(private readonly hooks: EditorHooks) {
    this.add.addEventListener('click', () => this.addOne());
    this.element.append(this.help, this.list, this.known, this.add);
  }

  show(policies: readonly string[], facts: Facts): void {
    this.policies = [...policies];
    this.facts = facts;
    this.refused = new Map();
    const monitors = facts.monitors.map(({ name }) => name);
    const [alarm] = monitors;
    const examples = [
      'every 20, last 40',
      ...(alarm === undefined ? [] : [`on ${alarm}, cool 5`]),
      ...(facts.hasCosts ? ['cost-aware'] : []),
    ];
    this.help.replaceChildren(
      'In words, as on the command line: ',
      ...examples.flatMap((words, k) => [k === 0 ? '' : '; ', make('code', {}, words)]),
      monitors.length === 0 ? '.' : `. Monitors here: ${monitors.join(', ')}.`,
    );
    this.known.replaceChildren(...this.suggestions().map((value) => make('option', { value })));
    this.render();
  }

  set disabled(value: boolean) {
    this.element.disabled = value;
  }

  /** Shows what the server said of policies, and goes to the first. */
  refuse(refused: ReadonlyMap<string, string>): void {
    this.refused = refused;
    this.render();
    this.focusWrong();
  }

  /** Whether all can be understood; goes to the first that cannot. */
  check(): boolean {
    this.render();
    return !this.focusWrong();
  }

  private focusWrong(): boolean {
    const wrong = this.list.querySelector<HTMLInputElement>('input[aria-invalid="true"]');
    wrong?.focus();
    return wrong !== null;
  }

  private suggestions(): string[] {
    const { hasCosts, policies, steps } = this.facts;
    const monitors = this.facts.monitors.map(({ name }) => name);
    const periods = [20, 10, 5, 40].filter((k) => k < steps);
    return [
      ...new Set([
        ...Object.keys(policies),
        'never',
        OWN,
        ...monitors.map((name) => `on ${name}`),
        ...(hasCosts ? ['cost-aware'] : []),
        ...periods.map((k) => `every ${k}`),
        ...periods.map((k) => `every ${k}, last ${2 * k}`),
      ]),
    ];
  }

  private render(): void {
    this.list.replaceChildren(...this.policies.map((_, k) => this.row(k)));
    this.add.disabled = this.policies.length >= MOST_POLICIES;
    this.add.textContent = this.add.disabled ? `At most ${MOST_POLICIES} policies` : 'Add a policy';
  }

  private put(k: number, words: string): void {
    this.policies[k] = words;
    this.hooks.changed(this.policies);
  }

  /** What is wrong with the words of one, and what was expected; null where nothing is. */
  private problem(k: number): string | null {
    const words = this.policies[k];
    if (words === '') return 'Expected words such as `every 20`, or a name that the scenario has.';
    if (this.policies.indexOf(words) < k) return 'The same as one above.';
    const said = this.refused.get(words);
    if (said !== undefined || isYardstick(words)) return said ?? null;
    try {
      namedPolicy(this.facts.policies, words);
      return null;
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      return error.message.replace(`policy \`${words}\`: `, '');
    }
  }

  private row(k: number): HTMLLIElement {
    const words = this.policies[k];
    const note = `${this.id}-${k}`;
    const problem = this.problem(k);
    const stands = Object.hasOwn(this.facts.policies, words) ? this.facts.policies[words] : words;
    const field = make('input', {
      type: 'text',
      value: words,
      maxlength: MOST_LETTERS,
      list: this.id,
      autocomplete: 'off',
      spellcheck: 'false',
      'aria-label': `Policy ${k + 1}`,
      'aria-describedby': note,
      'aria-invalid': problem === null ? false : 'true',
    });
    const put = (next: string) => {
      this.put(k, next);
      const row = this.row(k);
      const hadFocus = document.activeElement === field;
      this.list.children[k]?.replaceWith(row);
      if (hadFocus) row.querySelector('input')?.focus();
    };
    field.addEventListener('change', () => put(field.value.trim().replace(/\s+/g, ' ')));
    const write = make('button', { type: 'button', class: 'write', 'aria-label': `Write out ${words}` }, 'Write out');
    write.title = 'Put the words into the field, to change them';
    write.hidden = stands === words;
    write.addEventListener('click', () => {
      put(stands);
      this.list.children[k]?.querySelector('input')?.focus();
    });
    const remove = make('button', { type: 'button', class: 'remove', 'aria-label': `Remove ${words}` }, 'Remove');
    remove.disabled = this.policies.length === 1;
    remove.addEventListener('click', () => this.remove(k));
    const swatch = make('span', { class: `swatch scale-${k % 8}`, 'aria-hidden': 'true' });
    const says = problem ?? (stands === words ? '' : stands);
    return make(
      'li',
      {},
      swatch,
      field,
      write,
      remove,
      make('p', { id: note, class: problem === null ? 'stands' : 'wrong', hidden: says === '' }, says),
    );
  }

  /** The next suggestion that is not in the list yet, to be written over. */
  private addOne(): void {
    const free = this.suggestions().find((words) => !this.policies.includes(words)) ?? '';
    this.put(this.policies.length, free);
    this.render();
    const field = this.list.querySelector<HTMLInputElement>('li:last-child input');
    field?.focus();
    field?.select();
  }

  private remove(k: number): void {
    this.policies = this.policies.filter((_, j) => j !== k);
    this.hooks.changed(this.policies);
    this.render();
    // The focus stays in the list, where the removed one was.
    const rows = this.list.querySelectorAll<HTMLInputElement>('li input');
    rows[Math.min(k, rows.length - 1)]?.focus();
  }
}
