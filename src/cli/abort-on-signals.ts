import { setImmediate as nextTurn } from 'node:timers/promises';
import { InterruptedError } from '../base/index.js';

/** The signals of Ctrl-C, of a service manager and of a closed terminal, with the exit codes that shells give them. */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
type EndSignal = keyof typeof EXIT_CODES;
const SIGNALS = Object.keys(EXIT_CODES) as EndSignal[];

/** The longest time in which a busy command does not notice a signal. */
const TURN_MS = 50;

export interface Interruption {
  /** Aborts when the first signal arrives. */
  readonly signal: AbortSignal;
  /** Returns the name of the signal that arrived, or undefined. */
  signalName(): EndSignal | undefined;
  /** Lets signals arrive, and throws an InterruptedError after one. A busy command calls it between its steps. */
  check(): Promise<void>;
  /** Restores the default handling of signals. */
  stop(): void;
}

/**
 * Lets Ctrl-C end a long command with the results so far. A second signal ends the process, in case the first takes too
 * long.
 */
export function abortOnSignals(): Interruption {
  const controller = new AbortController();
  let name: EndSignal | undefined;
  let turnAt = performance.now() + TURN_MS;
  const onSignal = (signal: NodeJS.Signals) => {
    name = signal as EndSignal;
    stop();
    controller.abort(new InterruptedError(signal));
  };
  const stop = () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    signalName: () => name,
    async check() {
      if (performance.now() >= turnAt) {
        await nextTurn();
        turnAt = performance.now() + TURN_MS;
      }
      controller.signal.throwIfAborted();
    },
    stop,
  };
}

/** Returns the exit code of a command that the signal ended. */
export function exitCodeAfter(signalName: string): (typeof EXIT_CODES)[EndSignal] {
  return EXIT_CODES[signalName as EndSignal] ?? EXIT_CODES.SIGTERM;
}
