import { terminalOf } from '../report/index.js';
import type { CommandResult, CommonOptions, ExitCode } from './command-result.js';

/** Shows a result: on stdout nothing but the text or the JSON, on stderr the rest. */
export function show(result: CommandResult, { json = false, quiet = false }: CommonOptions): ExitCode {
  process.stdout.write(
    json ? `${JSON.stringify(result.json, null, 2)}\n` : result.text(terminalOf(process.stdout, process.env)),
  );
  if (!quiet) for (const message of result.messages) say(message);
  if (result.error !== undefined) say(result.error.message);
  return result.exitCode;
}

export function say(message: string): void {
  process.stderr.write(`slablab: ${message}\n`);
}

/** A reader that has seen enough (`slablab … | head -1`) is no error. */
export function tolerateClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
