/** What a screen reader is told: the latest, and at most once a second. */
const PAUSE = 1000;

export class Voice {
  private saidAt = Number.NEGATIVE_INFINITY;
  private later: ReturnType<typeof setTimeout> | null = null;
  private text: () => string = () => '';

  constructor(private readonly element: HTMLElement) {}

  /** `soon`: somebody has asked, and waits for the answer. */
  say(text: () => string, soon: boolean): void {
    this.text = text;
    const wait = soon ? 0 : this.saidAt + PAUSE - performance.now();
    if (wait <= 0) this.speak();
    else this.later ??= setTimeout(() => this.speak(), wait);
  }

  stop(): void {
    if (this.later !== null) clearTimeout(this.later);
    this.later = null;
  }

  private speak(): void {
    this.stop();
    this.saidAt = performance.now();
    this.element.textContent = this.text();
  }
}
