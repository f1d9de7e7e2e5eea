const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export interface Interruption {
  /** Aborts when the first signal arrives. */
  readonly signal: AbortSignal;
  /** Returns the name of the signal that arrived, or undefined. */
  signalName(): NodeJS.Signals | undefined;
  /** Restores the default handling of signals. */
  stop(): void;
}

/**
 * Lets Ctrl-C end a long command with the results so far. A second signal ends the process, in case the first takes too
 * long.
 */
export function abortOnSignals(): Interruption {
  const controller = new AbortController();
  let name: NodeJS.Signals | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    name = signal;
    stop();
    controller.abort();
  };
  const stop = () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return { signal: controller.signal, signalName: () => name, stop };
}
