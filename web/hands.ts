/** Hands on the world: knobs, mechanisms as switches, the retraining policy, and the run's seed. */
import type { Intervention } from '../src/loop/trace.js';
import type { RunFacts, Scalar } from '../src/server/protocol.js';
import { coded, h, say } from './dom.js';
import { scaleOf } from './knob-scale.js';
import { number } from './numbers.js';
import { changeTo, type Form, formAfter, formOf, WHEN, WINDOW } from './retrain-forms.js';

export interface HandsHooks {
  set(set: Readonly<Record<string, Scalar>>): void;
  retrain(): void;
  restart(change: { seed?: number }): void;
}

/** What the hands show: the run's facts, the hands so far, and the step that is looked at. */
export interface HandsState {
  readonly facts: RunFacts;
  readonly hands: readonly Intervention[];
  readonly at: number;
  readonly isRecording: boolean;
}

type Update = (state: HandsState) => void;

export class Hands {
  private updates: Update[] = [];

  constructor(
    private readonly host: HTMLElement,
    private readonly hooks: HandsHooks,
  ) {}

  /** Builds the controls of a run. */
  open(facts: RunFacts, isRecording: boolean): void {
    this.updates = [];
    const groups = [
      this.knobs(facts),
      this.mechanisms(facts),
      this.policy(facts),
      isRecording ? null : this.run(facts),
    ].filter((group) => group !== null);
    const note = isRecording
      ? h(
          'p',
          { class: 'quiet small' },
          'This run has ended and lies in a file: it can be looked at from all sides. To change it, run the scenario with driftloop.',
        )
      : null;
    const set = h(
      'fieldset',
      { disabled: isRecording, class: 'plain' },
      h('legend', { class: 'hidden' }, 'Hands on the world'),
      ...groups,
    );
    this.host.replaceChildren(h('h2', {}, 'Hands'), ...(note === null ? [] : [note]), set);
  }

  show(state: HandsState): void {
    for (const update of this.updates) update(state);
  }

  private knobs({ knobs }: RunFacts): HTMLElement | null {
    if (knobs.length === 0) return null;
    return h('section', { class: 'group' }, ...knobs.map((knob, k) => this.knob(knob, `knob-${k}`)));
  }

  private knob(knob: RunFacts['knobs'][number], id: string): HTMLElement {
    const { label, path } = knob;
    const scale = scaleOf(knob);
    const { max, min, step } = scale;
    const output = h('output', { for: id, 'aria-live': 'off' });
    const written = (value: number) => {
      say(output, number(value));
      input.setAttribute('aria-valuetext', number(value));
    };
    const input = h('input', {
      id,
      type: 'range',
      min,
      max,
      step,
      oninput: () => written(scale.value(Number(input.value))),
      onchange: () => this.hooks.set({ [path]: scale.value(Number(input.value)) }),
    });
    this.updates.push((state) => {
      if (document.activeElement === input && input.matches(':active')) return;
      const value = valueAt(state, path, knob.value);
      if (typeof value !== 'number') {
        // Nothing stands there: the thumb says nothing of it.
        say(output, 'not set');
        input.setAttribute('aria-valuetext', 'not set');
        return;
      }
      input.value = String(scale.place(value));
      written(value);
    });
    return h('div', { class: 'knob' }, h('label', { for: id }, label), output, input);
  }

  private mechanisms({ mechanisms }: RunFacts): HTMLElement | null {
    if (mechanisms.length === 0) return null;
    const items = mechanisms.map((mechanism, k) => {
      const id = `mechanism-${k}`;
      const state = h('span', { class: 'when' });
      const input = h('input', {
        id,
        type: 'checkbox',
        role: 'switch',
        'aria-describedby': `${id}-about`,
        onchange: () => this.hooks.set({ [`${mechanism.id}.off`]: !input.checked }),
      });
      this.updates.push((now) => {
        const isOff = valueAt(now, `${mechanism.id}.off`, mechanism.off) === true;
        input.checked = !isOff;
        say(state, isOff ? 'off' : whenText(mechanism, now.at));
      });
      const [block, ...name] = mechanism.id.split('.');
      return h(
        'li',
        { class: `mechanism ${block}` },
        input,
        h('label', { for: id }, h('span', { class: 'block' }, block), ' ', name.join('.')),
        state,
        h('p', { id: `${id}-about`, class: 'quiet small' }, ...coded(mechanism.about)),
      );
    });
    return h('section', { class: 'group' }, h('h3', {}, 'Mechanisms'), h('ul', { class: 'plain' }, ...items));
  }

  private policy({ models, primary }: RunFacts): HTMLElement | null {
    const model = models.find(({ name }) => name === primary.model);
    if (model === undefined) return null;
    const when = `${model.retrainPath}.when`;
    const window = `${model.retrainPath}.window`;
    const spec = model.retrain as { when?: unknown; window?: unknown };
    return h(
      'section',
      { class: 'group' },
      h('h3', {}, 'Retraining'),
      this.choice({ label: 'When', path: when, forms: WHEN, first: spec.when }),
      this.choice({ label: 'On', path: window, forms: WINDOW, first: spec.window }),
      h('button', { type: 'button', onclick: () => this.hooks.retrain(), title: 'Key: R' }, 'Retrain now'),
    );
  }

  /** One of some forms: `never`, or with a number `{ every: 20 }`. */
  private choice(spec: { label: string; path: string; forms: readonly Form[]; first: unknown }): HTMLElement {
    const { first, label, path } = spec;
    const own = formOf(first, spec.forms);
    const forms = spec.forms.filter(({ isRare, key }) => isRare !== true || key === own.key);
    const countOf = (key: string) => forms.find((form) => form.key === key)?.count;
    const id = path.replaceAll('.', '-');
    const select = h(
      'select',
      { id, onchange: () => change() },
      ...forms.map(({ count: asked, isFixed, key, text }) =>
        h('option', { value: key, disabled: isFixed }, asked === undefined ? text : `${text} …`),
      ),
    );
    const count = h('input', {
      type: 'number',
      // What is being typed is left alone.
      oninput: () => {
        isTyped = true;
      },
      onblur: () => {
        isTyped = false;
      },
      onchange: () => change(),
    });
    const unit = h('span');
    const tail = h('span', { class: 'count' }, count, ' ', unit);
    let isTyped = false;
    let now = { ...own, isReplaced: false };
    /** The number's unit and bounds are those of the form. */
    const ask = (key: string) => {
      const asked = countOf(key);
      tail.hidden = asked === undefined;
      if (asked === undefined) return;
      const { after, isWhole, most } = asked;
      say(unit, after);
      for (const [name, value] of Object.entries({ min: isWhole ? 1 : 0, max: most, step: isWhole ? 1 : 'any' }))
        count.setAttribute(name, String(value));
      const text = forms.find((form) => form.key === key)?.text;
      count.setAttribute('aria-label', `${label}: ${text} how many ${after}`);
    };
    const change = () => {
      isTyped = false;
      // What is no number, or none that can be, is as it was.
      if (!(Number(count.value) > 0)) count.value = String(now.value ?? '');
      this.hooks.set(changeTo(select.value, Number(count.value), now, path, forms));
    };
    this.updates.push(({ at, hands }) => {
      if (isTyped) return;
      now = formAfter(
        hands.filter((hand) => hand.at <= at + 1),
        path,
        forms,
        first,
      );
      select.value = now.key;
      count.value = String(now.value ?? countOf(now.key)?.start ?? '');
      ask(now.key);
    });
    select.addEventListener('change', () => ask(select.value));
    return h('div', { class: 'choice' }, h('label', { for: id }, label), select, tail);
  }

  private run({ seed }: RunFacts): HTMLElement {
    const input = h('input', {
      id: 'seed',
      type: 'number',
      min: 0,
      step: 1,
      value: seed,
      onchange: () => {
        const wanted = Number(input.value);
        if (input.value !== '' && Number.isSafeInteger(wanted) && wanted >= 0) this.hooks.restart({ seed: wanted });
        else input.value = String(seed);
      },
    });
    return h(
      'section',
      { class: 'group' },
      h('h3', {}, 'The run'),
      h('div', { class: 'choice' }, h('label', { for: 'seed' }, 'Seed'), input),
      h(
        'button',
        { type: 'button', title: 'Begin again as it was, without your hands', onclick: () => this.hooks.restart({}) },
        'Reset',
      ),
    );
  }
}

/** The value at a path after the hands up to the step that comes next. */
function valueAt({ at, hands }: HandsState, path: string, first: Scalar | null): Scalar | null {
  let value = first;
  for (const hand of hands) if (hand.at <= at + 1 && hand.set?.[path] !== undefined) value = hand.set[path];
  return value;
}

function whenText({ from, to }: RunFacts['mechanisms'][number], at: number): string {
  if (at < from) return `from step ${from}`;
  if (to !== null && at >= to) return `ended at step ${to}`;
  return 'acting';
}
