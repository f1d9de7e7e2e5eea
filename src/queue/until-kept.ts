import { setTimeout as sleep } from 'node:timers/promises';

/** The answers of a server that cannot take a result now, and will when it has memory or its data again. */
const PASSING = /\b(OOM|LOADING|READONLY|MISCONF|BUSY|TRYAGAIN|MASTERDOWN) /;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 3000;

/** Repeats an action until the server takes it, so that a passing difficulty costs no try. The signal ends it. */
export async function untilKept<T>(
  action: () => Promise<T>,
  signal: AbortSignal,
  onRefusal: (error: Error) => void = () => {},
): Promise<T> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      return await action();
    } catch (error) {
      if (signal.aborted || !PASSING.test((error as Error).message)) throw error;
      onRefusal(error as Error);
      await sleep(pause, undefined, { signal });
    }
  }
}
