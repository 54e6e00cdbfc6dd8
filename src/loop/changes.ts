/** When the world changed in a run: what monitors are scored by. */
import type { Changes } from './monitors.js';

export class ChangeLog {
  private readonly wasActive = new Map<string, boolean>();
  private readonly acted: { readonly id: string; readonly from: number; to: number }[] = [];
  private readonly touched: number[] = [];

  /** Whether a mechanism begins or ends to act at step t. */
  mark(id: string, isActive: boolean, t: number): boolean {
    const was = this.wasActive.get(id) ?? false;
    this.wasActive.set(id, isActive);
    if (isActive === was) return false;
    if (isActive) this.acted.push({ id, from: t, to: Number.POSITIVE_INFINITY });
    else for (const own of this.acted) if (own.id === id && own.to === Number.POSITIVE_INFINITY) own.to = t;
    return true;
  }

  /** A hand moves the world: it is otherwise from step t on. */
  touch(t: number): void {
    this.touched.push(t);
  }

  /** What acts from the first step on was there in the lab if the lab had it, too; a `curated` lab had no sense. */
  changes(curated: boolean): Changes {
    const { acted, touched } = this;
    const isNew = ({ from, id }: { from: number; id: string }): boolean =>
      from > 0 || !(id.startsWith('collect.') || (id.startsWith('sense.') && !curated));
    return {
      spans: [
        ...acted.filter(isNew).map(({ from, to }) => [from, to - 1] as const),
        ...touched.map((t) => [t, Number.POSITIVE_INFINITY] as const),
      ],
      steps: [...acted.flatMap(({ from, to }) => [from, to]), ...touched].filter((t) => t > 0 && Number.isFinite(t)),
    };
  }
}
