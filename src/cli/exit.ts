import { CommanderError } from 'commander';
import { InputError, InterruptedError } from '../base/index.js';
import { EngineError, ReconciliationError } from '../engine/index.js';
import { isSystemError, OutputError } from '../output/node.js';
import type { ServeSummary } from '../serve/node.js';
import { exitCodeAfter } from './abort-on-signals.js';
import type { ExitCode } from './command-result.js';
import { printMessage } from './output.js';

/** Reports an error of a command, and returns the exit code for it. */
export function reportError(error: unknown): ExitCode {
  // Commander has already printed its message, the help or the version.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (isForUser(error)) {
    printMessage(error.message);
    return exitCodeOf(error);
  }
  printMessage(`defect: ${error instanceof Error ? error.stack : String(error)}`);
  return 1;
}

function isForUser(error: unknown): error is Error {
  const kinds = [InputError, EngineError, OutputError, InterruptedError];
  return kinds.some((kind) => error instanceof kind) || isSystemError(error);
}

/** Returns 1 for a ledger that does not reconcile, the code of the signal for an interruption, and 2 for other errors. */
export function exitCodeOf(error: Error): ExitCode {
  if (error instanceof InterruptedError) return exitCodeAfter(error.signalName);
  return error instanceof ReconciliationError ? 1 : 2;
}

/** Returns 1 for a lab that stopped before it was ended, since its figures are incomplete. */
export function exitCodeOfLab({ lab }: ServeSummary): ExitCode {
  return lab !== null && lab.failure === null ? 0 : 1;
}
