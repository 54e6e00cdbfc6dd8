/** A thread in which scenarios run: answers questions, one after the other. */
import { parentPort } from 'node:worker_threads';
import { ScenarioError } from '../scenario/diagnostic.js';
import { framesOf } from '../study/export/replay.js';
import type { Answer, Kind, Question, Questions } from './messages.js';
import { Refused, unfit } from './refused.js';
import { loadComparison } from './thread-compare.js';
import { ThreadExplain } from './thread-explain.js';
import { checkMemory } from './thread-memory.js';
import { picture } from './thread-picture.js';
import { shownName, ThreadRun } from './thread-run.js';
import { loadSeeds } from './thread-seeds.js';
import { warm } from './thread-warm.js';

let run: ThreadRun | null = null;
/** A comparison, an explanation or a study over seeds, which tells line by line. */
let study: { next(): Promise<string | null> } | null = null;

/** Questions that have come and are not answered. */
let open = 0;

async function answer(question: Question): Promise<Questions[Kind]['answer']> {
  if (question.kind === 'warm') return warm(() => open > 1);
  if (question.kind === 'picture') return picture(question.asks);
  if (question.kind === 'load') {
    const loaded = await ThreadRun.load(question.asks);
    run = loaded.run;
    return loaded.answer;
  }
  if (question.kind === 'frames') return framesOf(question.asks.run, question.asks.options);
  if (question.kind === 'compare') {
    study = await loadComparison(question.asks);
    return null;
  }
  if (question.kind === 'explain') {
    study = await ThreadExplain.load(question.asks);
    return null;
  }
  if (question.kind === 'seeds') {
    study = await loadSeeds(question.asks);
    return null;
  }
  if (question.kind === 'line') return (await study?.next()) ?? null;
  if (run === null) throw new Error('there is no run');
  switch (question.kind) {
    case 'pull': {
      const pulled = await run.pull(question.asks.steps, question.asks.milliseconds);
      checkMemory();
      return pulled;
    }
    case 'hand':
      return run.hand(question.asks);
    case 'view':
      return run.view(question.asks);
    case 'watch':
      return run.watch(question.asks);
    case 'frame':
      return run.frame();
    case 'stop':
      return run.stop();
  }
}

function failure(number: number, kind: Kind, caught: unknown): Answer {
  const error = caught instanceof ScenarioError ? unfit(caught.diagnostics) : caught;
  const inner = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (!(error instanceof Refused)) return { number, broken: 'The run came upon an error of the program.', inner };
  const diagnostics = error.diagnostics?.map((d) => ({ ...d, file: shownName(d.file) }));
  const [first] = diagnostics ?? [];
  // What goes wrong in a step ends the run: there is no step that could be refused.
  if (kind === 'pull' || kind === 'stop' || kind === 'line')
    return { number, broken: first?.message ?? error.message, inner };
  return { number, refused: { error: error.message, ...(diagnostics === undefined ? {} : { diagnostics }) } };
}

// In turn: a question that waits for a file must not be overtaken.
let turn: Promise<void> = Promise.resolve();
parentPort?.on('message', (question: Question) => {
  open++;
  turn = turn.then(async () => {
    try {
      const said = await answer(question);
      // Copied, not transferred: the first buffer that is given away makes the engine throw away all its code for columns.
      parentPort?.postMessage({ number: question.number, answer: said });
    } catch (error) {
      parentPort?.postMessage(failure(question.number, question.kind, error));
    } finally {
      open--;
    }
  });
});
