import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  update(operations: number): void;
  stop(): void;
}

const NONE: Progress = { update() {}, stop() {} };

/** A bar on stderr, where that is a terminal. The total is an estimate, so the bar may end a little short. */
export function progressBar(wanted: boolean, estimatedOperations: number | undefined): Progress {
  if (!wanted || !process.stderr.isTTY || estimatedOperations === undefined) return NONE;
  const bar = new SingleBar(
    {
      format: '{bar} {percentage}% of about {total} operations, {eta_formatted} left',
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: null,
      barsize: 24,
    },
    Presets.shades_classic,
  );
  bar.start(estimatedOperations, 0);
  return {
    update: (operations) => bar.update(Math.min(operations, estimatedOperations)),
    stop: () => bar.stop(),
  };
}
