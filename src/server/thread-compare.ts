/** A comparison in its own thread: loaded, then one line made each time that it is asked. */
import { type ComparedLine, compareVariants, variantsOf } from '../study/compare.js';
import { keepsFiles, prepared } from './hands.js';
import { amount, beyond, individualsOf } from './limits.js';
import type { CompareJob } from './messages.js';
import { Refused, unfit } from './refused.js';
import { checkMemory } from './thread-memory.js';
import { read } from './thread-run.js';

/** Asking what is held takes longer than a small step. */
const MILLISECONDS_BETWEEN_CHECKS = 20;

export class ThreadCompare {
  private constructor(private readonly lines: Iterator<ComparedLine, void>) {}

  /** Throws a `Refused` or a `ScenarioError` where it cannot be had. */
  static async load({ limits, off, policies, seed, seeds, set, source }: CompareJob): Promise<ThreadCompare> {
    const loaded = prepared(await read(source), { off, set }, limits);
    const variants = variantsOf(loaded, policies);
    let work = 0;
    for (const variant of variants) {
      keepsFiles(loaded, variant.loaded);
      const large = beyond(variant.loaded, limits);
      if (large.length > 0) throw unfit(large);
      work += individualsOf(variant.loaded.plan) * variant.loaded.plan.steps * seeds;
    }
    if (work > limits.allWork)
      throw new Refused(
        `${amount(work)} individuals times steps times policies times seeds are more than this server takes: at most ${amount(limits.allWork)}.`,
      );
    let checked = performance.now();
    const look = () => {
      if (performance.now() - checked < MILLISECONDS_BETWEEN_CHECKS) return;
      checkMemory();
      checked = performance.now();
    };
    return new ThreadCompare(compareVariants(variants, { seeds, look, ...(seed === null ? {} : { seed }) }));
  }

  next(): string | null {
    const { done, value } = this.lines.next();
    return done ? null : JSON.stringify(value);
  }
}
