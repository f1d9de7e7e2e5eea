import { visibleLines } from '../base/index.js';
import { terminalOf } from '../report/index.js';
import type { CommandResult, CommonOptions } from './command-result.js';
import { formatted, outputFormat } from './output-format.js';
import { printInPager } from './pager.js';

/** Prints a result: in its format on stdout, its messages on stderr. Returns the exit code. */
export function show(result: CommandResult, options: CommonOptions): number {
  const { quiet = false, pager = true } = options;
  const format = outputFormat(options);
  const terminal = terminalOf(process.stdout, process.env);
  if (format === 'json' && result.jsonPieces !== undefined) {
    printing = printPieces(result.jsonPieces());
  } else {
    const text = format === 'text' ? result.text(terminal) : formatted(result, format);
    if (format === 'text' && pager && process.stdout.isTTY) printInPager(text, terminal);
    else process.stdout.write(text);
  }
  if (!quiet) for (const message of result.messages) printMessage(message);
  if (result.error !== undefined) printMessage(result.error.message);
  return result.exitCode;
}

let printing: Promise<void> = Promise.resolve();

/** Resolves when the pieces of a large result are printed. */
export function printed(): Promise<void> {
  return printing;
}

/** Prints pieces as fast as their reader takes them, so that memory has few at a time. */
async function printPieces(pieces: Iterable<string>): Promise<void> {
  const { stdout } = process;
  for (const piece of pieces) {
    if (stdout.destroyed) return;
    if (stdout.write(piece)) continue;
    await new Promise<void>((resolve) => {
      const go = () => {
        for (const event of ['drain', 'close', 'error']) stdout.off(event, go);
        resolve();
      };
      for (const event of ['drain', 'close', 'error']) stdout.on(event, go);
    });
  }
}

/** Prints a line on stderr. What is in it of names from outside cannot act on the terminal. */
export function printMessage(message: string): void {
  process.stderr.write(`slablab: ${visibleLines(message)}\n`);
}

/**
 * Watches for output that cannot be printed. Ignores a closed pipe, as in `slablab … | head -1`, whose reader has what it
 * wants. Any other error on stdout, such as a full disk, is reported, and `onFailure` is called.
 */
export function watchStandardStreams(onFailure: () => void): void {
  let isReported = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || isReported) return;
    isReported = true;
    printMessage(`standard output: ${error.message}; not all of the result was printed`);
    onFailure();
  });
  // There is nowhere to report that messages cannot be printed.
  process.stderr.on('error', () => {});
}
