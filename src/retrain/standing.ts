/** How a monitor stands at the end of a step: what triggers and windows may go by. */
export interface Standing {
  readonly level: 'none' | 'warning' | 'alarm';
  /** First step of the warning (or alarm) that lasts; null: there is none. Where an alarm came, rows since then are suspect. */
  readonly since: number | null;
  /** The last step at which it alarmed; null: it never did. */
  readonly alarmed: number | null;
}
