import { terminalOf } from '../report/index.js';
import type { CommandResult, CommonOptions, ExitCode } from './command-result.js';

/** Prints a result: its text or JSON on stdout, its messages on stderr. */
export function show(result: CommandResult, { json = false, quiet = false }: CommonOptions): ExitCode {
  process.stdout.write(
    json ? `${JSON.stringify(result.json, null, 2)}\n` : result.text(terminalOf(process.stdout, process.env)),
  );
  if (!quiet) for (const message of result.messages) printMessage(message);
  if (result.error !== undefined) printMessage(result.error.message);
  return result.exitCode;
}

/** Prints a line on stderr. */
export function printMessage(message: string): void {
  process.stderr.write(`slablab: ${message}\n`);
}

/** Ignores the error of a closed pipe, as in `slablab … | head -1`. */
export function tolerateClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
