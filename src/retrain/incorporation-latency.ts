/**
 * Incorporation latency: how long what was there to be learnt has waited, weighted by how much it was.
 *
 * Regret (such as rows not yet trained on) piles up until a retraining takes it in; the latency is the area under it over time.
 * A retraining sets both to nothing.
 *
 * Source: as in Modyn's cost triggers (which forget to reset it).
 *
 * @example
 * const latency = new IncorporationLatency();
 * latency.add(2, 10); // 2 came, evenly over 10 seconds: 10
 */
export class IncorporationLatency {
  /** Regret that waits. */
  current = 0;
  /** Area under it so far. */
  cumulative = 0;

  /** Regret that came evenly over a time. */
  add(regret: number, duration: number): number {
    this.cumulative += this.current * duration + (regret * duration) / 2;
    this.current += regret;
    return this.cumulative;
  }

  /** Regret that came at known moments of the time from `start` on. */
  addAt(points: readonly (readonly [moment: number, regret: number])[], start: number, duration: number): number {
    this.cumulative += this.current * duration;
    for (const [moment, regret] of points) {
      this.cumulative += regret * (start + duration - moment);
      this.current += regret;
    }
    return this.cumulative;
  }

  reset(): void {
    this.current = 0;
    this.cumulative = 0;
  }
}
