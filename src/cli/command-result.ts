import type { Terminal } from '../report/index.js';
/** 0: success; 1: a check failed; 2: bad usage or bad input; 130, 143: ended by Ctrl-C or a signal, and what was done is shown. */
export type ExitCode = 0 | 1 | 2 | 130 | 143;

/** What a command hands back. Whether it is shown as text or as JSON is decided in one place: output.ts. */
export interface CommandResult {
  readonly json: unknown;
  readonly text: (terminal: Terminal) => string;
  readonly exitCode: ExitCode;
  /** For stderr, after the result; --quiet drops them. */
  readonly messages: readonly string[];
  /** What went wrong although there is a result; --quiet does not drop it. */
  readonly error?: Error;
}

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}
