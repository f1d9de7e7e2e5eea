/** Ctrl-C ends a long command with what it has. A second one ends the process, should the first take too long. */

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export interface Interruption {
  readonly signal: AbortSignal;
  /** What it was aborted by. */
  by(): NodeJS.Signals | undefined;
  /** From now on signals do what they always do. */
  forget(): void;
}

export function abortOnSignals(): Interruption {
  const controller = new AbortController();
  let by: NodeJS.Signals | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    by = signal;
    forget();
    controller.abort();
  };
  const forget = () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return { signal: controller.signal, by: () => by, forget };
}
