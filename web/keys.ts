/** Keys for everything, and the list of them. */
import { h, isTyping } from './dom.js';

export interface Key {
  /** As in `KeyboardEvent.key`. */
  readonly keys: readonly string[];
  readonly shown: string;
  readonly does: string;
  readonly run: () => void;
}

export class Keys {
  private readonly dialog: HTMLDialogElement;
  private readonly listen = (event: KeyboardEvent) => this.press(event);

  constructor(private readonly keys: readonly Key[]) {
    this.dialog = h(
      'dialog',
      { 'aria-labelledby': 'keys-title' },
      h('h2', { id: 'keys-title' }, 'Keys'),
      h('dl', {}, ...keys.flatMap(({ does, shown }) => [h('dt', {}, h('kbd', {}, shown)), h('dd', {}, does)])),
      h('form', { method: 'dialog' }, h('button', { class: 'primary' }, 'Close')),
    );
    document.body.append(this.dialog);
    document.addEventListener('keydown', this.listen);
  }

  help(): void {
    this.dialog.showModal();
  }

  destroy(): void {
    document.removeEventListener('keydown', this.listen);
    this.dialog.remove();
  }

  private press(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || this.dialog.open) return;
    if (isTyping(event.target)) return;
    const { target } = event;
    // Keys that a control itself answers to are its own.
    const isControl =
      target instanceof HTMLElement && target.closest('button, a, summary, input, [role="button"]') !== null;
    if (isControl && (event.key === ' ' || event.key === 'Enter')) return;
    const isRange = target instanceof HTMLInputElement && target.type === 'range';
    if (isRange && (event.key.startsWith('Arrow') || event.key === 'Home' || event.key === 'End')) return;
    const key = this.keys.find(({ keys }) => keys.includes(event.key));
    if (key === undefined) return;
    event.preventDefault();
    key.run();
  }
}
