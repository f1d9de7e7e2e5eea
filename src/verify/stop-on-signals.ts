const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Makes signals wait for `stop`, which ends child processes, before they end this process. Returns a function that
 * restores their default handling.
 */
export function stopOnSignals(stop: () => Promise<void>): () => void {
  const onSignal = (signal: NodeJS.Signals) => {
    restore();
    // The signal is sent again without a handler, so that the parent process sees its exit by a signal.
    void stop().finally(() => process.kill(process.pid, signal));
  };
  const restore = () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return restore;
}
