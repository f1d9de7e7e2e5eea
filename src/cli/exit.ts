import { CommanderError } from 'commander';
import { InputError } from '../base/index.js';
import { EngineError, ReconciliationError } from '../engine/index.js';
import { isSystemError } from './blaming.js';
import type { ExitCode } from './command-result.js';
import { say } from './output.js';

/** Reports whatever a command threw, and says what the process is to exit with. */
export function reportError(error: unknown): ExitCode {
  // Commander has printed its message, the help or the version already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof InputError || error instanceof EngineError || isSystemError(error)) {
    say(error.message);
    return exitCodeOf(error);
  }
  say(`defect: ${error instanceof Error ? error.stack : String(error)}`);
  return 1;
}

/** A ledger that does not reconcile is a failed check; all else here is about what the user gave. */
export function exitCodeOf(error: Error): ExitCode {
  return error instanceof ReconciliationError ? 1 : 2;
}
