const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Makes signals wait for `stop`, which ends child processes, before they end this process. Returns a function that
 * restores their default handling.
 */
export function stopOnSignals(stop: () => Promise<void>): () => void {
  return onSignals((signal) => {
    // The signal is sent again without a handler, so that the parent process sees its exit by a signal.
    void stop().finally(() => process.kill(process.pid, signal));
  });
}

/**
 * Calls `stop` when `aborted` is, for a process that handles signals itself. A signal during that ends the process at
 * once, after `kill`. Returns a function that undoes it.
 */
export function stopOnAbort(aborted: AbortSignal, stop: () => Promise<void>, kill: () => void): () => void {
  let restore = () => {};
  const onAbort = () => {
    restore = onSignals((signal) => {
      kill();
      process.kill(process.pid, signal);
    });
    void stop();
  };
  aborted.addEventListener('abort', onAbort, { once: true });
  return () => {
    aborted.removeEventListener('abort', onAbort);
    restore();
  };
}

/** Calls `use` with the first signal. Returns a function that restores the default handling. */
function onSignals(use: (signal: NodeJS.Signals) => void): () => void {
  const onSignal = (signal: NodeJS.Signals) => {
    restore();
    use(signal);
  };
  const restore = () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return restore;
}
