import type { SingleBar } from 'cli-progress';
import { formatBytes } from '../base/index.js';
import type { RunSource } from '../run/index.js';

export interface Progress {
  update(done: number): void;
  stop(): void;
}

const NONE: Progress = { update() {}, stop() {} };

/**
 * Shows progress on stderr if that is a terminal. The bar counts the bytes of a file, or the operations of a workload.
 * The total of operations is an estimate, so the bar may end early.
 */
export async function progressBar(wanted: boolean, source: RunSource): Promise<Progress> {
  if (!wanted || !process.stderr.isTTY) return NONE;
  const { bytes, estimatedOperations } = source;
  if (bytes !== undefined) {
    const { total } = bytes();
    const bar = await newBar(`{bar} {percentage}% of ${formatBytes(total)}, {eta_formatted} left`);
    bar.start(total, 0);
    return { update: () => bar.update(Math.min(bytes().read, total)), stop: () => bar.stop() };
  }
  if (estimatedOperations === undefined) return NONE;
  const bar = await newBar('{bar} {percentage}% of about {total} operations, {eta_formatted} left');
  bar.start(estimatedOperations, 0);
  return {
    update: (operations) => bar.update(Math.min(operations, estimatedOperations)),
    stop: () => bar.stop(),
  };
}

/** Shows the progress of the cells of a sweep or the cases of a suite. */
export async function cellsBar(wanted: boolean, cells: number): Promise<Progress> {
  if (!wanted || !process.stderr.isTTY) return NONE;
  const bar = await newBar('{bar} {percentage}%, {value} of {total} cells, {eta_formatted} left');
  bar.start(cells, 0);
  return { update: (done) => bar.update(done), stop: () => bar.stop() };
}

async function newBar(format: string): Promise<SingleBar> {
  // Loading takes time, which only output to a terminal needs.
  const { Presets, SingleBar } = await import('cli-progress');
  return new SingleBar(
    {
      format,
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: null,
      barsize: 24,
      formatTime: timeLeft,
    },
    Presets.shades_classic,
  );
}

/** Returns the time left in words. Before the first step there is no estimate, and the library passes a name for that. */
export function timeLeft(seconds: unknown): string {
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) return '?';
  const rest = Math.max(0, Math.ceil(seconds));
  if (rest < 60) return `${rest}s`;
  const minutes = Math.floor(rest / 60);
  return minutes < 60 ? `${minutes}m${rest % 60}s` : `${Math.floor(minutes / 60)}h${minutes % 60}m`;
}
