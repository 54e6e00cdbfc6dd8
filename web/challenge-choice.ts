/** The choice of who plays: when to retrain, by rule or by hand on the strip of steps, and on what. */
import { StepStrip, type StripSpec } from './challenge-strip.js';
import { labelled, make } from './compare-dom.js';
import { count } from './compare-figures.js';
import { type Choice, stepsOf, type When } from './compare-policy.js';

const MOST_EVERY = 60;
/** Steps that are written out; a schedule of more is seen on the strip alone. */
const MOST_WRITTEN = 100;
let forms = 0;

export class ChoiceForm {
  private readonly group = `challenge-${forms++}`;
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
  private readonly strip = new StepStrip({ toggle: (t) => this.toggle(t) });
  readonly elements: readonly HTMLElement[];
  /** What is picked by hand. */
  private chosen: number[] = [];
  /** What was retrained at before the choice that is being made. */
  private before: number[] = [];
  private behind: Omit<StripSpec, 'chosen'> = { steps: 1, mechanisms: [], lines: [] };

  constructor() {
    const slider = (input: HTMLElement, output: HTMLElement) => make('div', { class: 'slider' }, input, output);
    const [never, every, byHand] = this.when.lines;
    const rules = make(
      'div',
      { class: 'choices' },
      make(
        'fieldset',
        {},
        make('legend', {}, 'When to retrain'),
        never,
        every,
        slider(this.every, this.everyOut),
        byHand,
      ),
      make('fieldset', {}, make('legend', {}, 'On what'), ...this.window.lines, slider(this.last, this.lastOut)),
    );
    this.strip.element.setAttribute('aria-describedby', this.hint.id);
    const written = labelled('Retrains at the end of steps', this.picked, 'field wide');
    this.elements = [rules, this.strip.element, this.hint, written];
    for (const control of [...this.when.inputs, ...this.window.inputs, this.every, this.last])
      control.addEventListener('input', () => this.chose(control));
    this.picked.addEventListener('change', () => this.pick(stepsOf(this.picked.value, this.behind.steps - 1)));
  }

  destroy(): void {
    this.strip.destroy();
  }

  /** Begins with a rule that suits a run of so many steps. `metric` is what the strip draws. */
  begin(steps: number, metric: string): void {
    this.every.max = String(Math.max(1, Math.min(MOST_EVERY, steps - 1)));
    this.last.max = String(Math.max(1, Math.min(2 * MOST_EVERY, steps)));
    this.hint.textContent = `Click a step to retrain at its end, again to take it back. Keys: arrows and Page keys move, Space picks and takes back. Behind: actual ${metric} when never retrained (thin), and in your last try (thick).`;
    this.behind = { steps, mechanisms: [], lines: [] };
    this.chosen = [];
    this.take({
      when: { kind: 'every', steps: Math.min(20, Number(this.every.max)) },
      window: { kind: 'last', steps: Math.min(40, Number(this.last.max)) },
    });
  }

  /** Puts what happens, and what came of past tries, behind the steps. */
  draw(behind: Omit<StripSpec, 'chosen'>): void {
    this.behind = behind;
    this.show();
  }

  take({ when, window }: Choice): void {
    this.when.set(when.kind === 'own' ? 'never' : when.kind);
    this.window.set(window.kind === 'last' ? 'last' : 'all');
    if (when.kind === 'every') this.every.value = String(when.steps);
    if (when.kind === 'at') this.chosen = [...when.steps];
    if (window.kind === 'last') this.last.value = String(window.steps);
    this.show();
  }

  get choice(): Choice {
    return {
      when: this.whenNow,
      window: this.window.get() === 'last' ? { kind: 'last', steps: this.last.valueAsNumber } : { kind: 'all' },
    };
  }

  private get whenNow(): When {
    const kind = this.when.get();
    if (kind === 'every') return { kind, steps: this.every.valueAsNumber };
    return kind === 'at' ? { kind, steps: this.chosen } : { kind: 'never' };
  }

  /** The steps at which the choice retrains, up to the last one that serves anybody. */
  private get scheduled(): number[] {
    const when = this.whenNow;
    if (when.kind === 'at') return [...when.steps];
    if (when.kind !== 'every') return [];
    return Array.from({ length: Math.floor((this.behind.steps - 1) / when.steps) }, (_, k) => (k + 1) * when.steps - 1);
  }

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

  /** A slider that is moved means its choice; by hand begins from what was chosen before. */
  private chose(control: HTMLInputElement): void {
    if (control === this.every) this.when.set('every');
    if (control === this.last) this.window.set('last');
    if (control.value === 'at' && this.chosen.length === 0) this.chosen = this.before;
    this.show();
  }

  private toggle(t: number): void {
    const now = this.scheduled;
    this.pick(now.includes(t) ? now.filter((one) => one !== t) : [...now, t].sort((a, b) => a - b));
  }

  private pick(steps: number[]): void {
    this.chosen = steps;
    this.when.set('at');
    this.show();
  }

  private show(): void {
    const { scheduled } = this;
    this.before = scheduled;
    this.everyOut.textContent = `every ${count(this.every.valueAsNumber, 'step')}`;
    this.lastOut.textContent = `the last ${count(this.last.valueAsNumber, 'step')}`;
    this.picked.value = scheduled.length <= MOST_WRITTEN ? scheduled.join(', ') : '';
    this.strip.show({ ...this.behind, chosen: scheduled });
  }
}
