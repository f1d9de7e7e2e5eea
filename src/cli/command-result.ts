import type { Terminal } from '../report/index.js';
import type { OutputFormat } from './output-format.js';

/**
 * - 0: success
 * - 1: a check failed, or a command could not be carried out
 * - 2: bad usage, bad input, or output that could not be written
 * - 129, 130, 143: ended by SIGHUP, SIGINT or SIGTERM, with the results so far
 */
export type ExitCode = 0 | 1 | 2 | 129 | 130 | 143;

/** The result of a command, which output.ts prints as text or as JSON. */
export interface CommandResult {
  readonly json: unknown;
  /** The pieces of its JSON text, if it is large. */
  readonly jsonPieces?: () => Iterable<string>;
  readonly text: (terminal: Terminal) => string;
  /** Markdown and CSV of its own; without them, both are made of the text and of the JSON. */
  readonly markdown?: () => string;
  readonly csv?: () => string;
  /** An ExitCode, or the code of the program that `record` ran. */
  readonly exitCode: number;
  /** Lines for stderr after the result, which --quiet drops. */
  readonly messages: readonly string[];
  /** The error that ended the command early, which --quiet does not drop. */
  readonly error?: Error;
}

/** The options of every command. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly format?: OutputFormat;
  readonly quiet?: boolean;
  /** False with `--no-pager`. */
  readonly pager?: boolean;
}
