/** How long something still takes, from how long it took so far. */

/** `, 40 s left`; nothing in the first seconds, and at the end. */
export function timeLeft(done: number, total: number, seconds: number): string {
  if (done <= 0 || done >= total || seconds < 2) return '';
  const left = (seconds * (total - done)) / done;
  if (left < 60) return `, ${Math.ceil(left)} s left`;
  if (left < 3600) return `, ${Math.ceil(left / 60)} min left`;
  return `, ${(left / 3600).toFixed(1)} h left`;
}
