/** What is seen of a running world: the newest frame as JSON, and never more of them than the eye can follow. */
import type { Plan } from '../loop/plan.js';
import { ViewError, type ViewRequest, WorldView } from '../loop/view.js';
import type { World } from '../loop/world.js';
import { Refused } from './refused.js';

const MOST_FRAMES_A_SECOND = 30;

export class Look {
  /** Whether somebody looks. */
  watched = false;
  private view: WorldView | null = null;
  private world: World | null = null;
  private last = Number.NEGATIVE_INFINITY;

  /** Draws this from now on. Throws a `Refused` for an axis that does not exist. */
  ask(plan: Plan, request: ViewRequest): void {
    try {
      this.view = new WorldView(plan, request);
    } catch (error) {
      throw error instanceof ViewError ? new Refused(`${capital(error.message)}.`.replace(/\?\.$/, '?')) : error;
    }
  }

  /** After each step; the world is the same one through a whole run. Not every step is drawn, but none is missed. */
  readonly at = (world: World): void => {
    this.world = world;
    if (this.watched) this.view?.pass(world);
  };

  /** The frame of the last step, if it is time for one. */
  due(): string | null {
    return performance.now() - this.last < 1000 / MOST_FRAMES_A_SECOND ? null : this.frame();
  }

  /** The frame of the last step; null before the first, or where nobody looks. */
  frame(): string | null {
    if (!this.watched || this.view === null || this.world === null) return null;
    const text = JSON.stringify(this.view.take(this.world));
    this.last = performance.now();
    return text;
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
