import { CommanderError } from 'commander';
import { InputError } from '../base/index.js';
import { EngineError, ReconciliationError } from '../engine/index.js';
import type { ServeSummary } from '../serve/node.js';
import type { ExitCode } from './command-result.js';
import { printMessage } from './output.js';
import { isSystemError } from './system-errors.js';

/** Reports an error of a command, and returns the exit code for it. */
export function reportError(error: unknown): ExitCode {
  // Commander has already printed its message, the help or the version.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof InputError || error instanceof EngineError || isSystemError(error)) {
    printMessage(error.message);
    return exitCodeOf(error);
  }
  printMessage(`defect: ${error instanceof Error ? error.stack : String(error)}`);
  return 1;
}

/** Returns 1 for a ledger that does not reconcile, which is a failed check, and 2 for errors in the input. */
export function exitCodeOf(error: Error): ExitCode {
  return error instanceof ReconciliationError ? 1 : 2;
}

/** Returns 1 for a lab that stopped before it was ended, since its figures are incomplete. */
export function exitCodeOfLab({ lab }: ServeSummary): ExitCode {
  return lab !== null && lab.failure === null ? 0 : 1;
}
