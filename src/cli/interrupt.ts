/** Ctrl+C while files are written: what is half done is said or taken away, never left as if it were whole. */

/** As a shell has it: 128 and the number of the signal. */
const CODES = { SIGINT: 130, SIGTERM: 143 } as const;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Ends the process on the first signal, after `told` has cleaned up and said (to the standard error) what is left. Returns
 * what takes it back. Others must have their turn now and then, or no signal is ever heard.
 */
export function onInterrupt(told: () => string): () => void {
  const listeners = SIGNALS.map((signal) => {
    const end = () => {
      process.stderr.write(`${process.stderr.isTTY === true ? '\r\x1b[K' : ''}${told()}\n`);
      process.exit(CODES[signal]);
    };
    process.once(signal, end);
    return { signal, end };
  });
  return () => {
    for (const { end, signal } of listeners) process.off(signal, end);
  };
}
