/** An order for things that may name each other. */

/**
 * Each item comes after those it names; names of other things are passed over. `onCycle` is told of every circle: the item
 * at which it closes, and its names in order.
 */
export function inOrder<T>(
  items: ReadonlyMap<string, T>,
  namesOf: (item: T) => readonly string[],
  onCycle: (item: T, name: string, cycle: readonly string[]) => void,
): string[] {
  const order: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (name: string, trail: readonly string[]): void => {
    const item = items.get(name);
    if (item === undefined || state.get(name) === 'done') return;
    if (state.get(name) === 'open') {
      onCycle(item, name, [...trail.slice(trail.indexOf(name)), name]);
      return;
    }
    state.set(name, 'open');
    for (const other of namesOf(item)) visit(other, [...trail, name]);
    state.set(name, 'done');
    order.push(name);
  };
  for (const name of items.keys()) visit(name, []);
  return order;
}
