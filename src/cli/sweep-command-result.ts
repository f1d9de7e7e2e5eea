import { InterruptedError } from '../base/index.js';
import { gapLinesOf } from '../report/index.js';
import { sweepCsv, sweepMarkdown, sweepReport } from '../report/node.js';
import type { RunResult } from '../run/index.js';
import { type CellShelf, type SweepResult, sweepJson } from '../sweep/node.js';
import { exitCodeAfter } from './abort-on-signals.js';
import type { CommandResult, ExitCode } from './command-result.js';
import { joinedErrors, type Outputs } from './outputs.js';
import type { OpenJournal } from './sweep-journal.js';
import type { SweepCommandOptions } from './sweep-options.js';

/** Describes the end of a sweep that could be interrupted. */
export interface SweepEnd {
  readonly signal: NodeJS.Signals | undefined;
  readonly journal: OpenJournal | undefined;
  /** The number of cells that it was to run. It has them all if a signal came too late. */
  readonly wanted: number;
  /** Says what is kept of it and how it continues, if not by --resume. */
  readonly kept?: string;
}

/** Returns the printed result of a sweep, which does not depend on the machines of its cells. */
export function sweepCommandResult(
  result: SweepResult,
  outputs: Outputs,
  options: SweepCommandOptions,
  end?: SweepEnd & { readonly shelf: CellShelf },
): CommandResult {
  const isEarly = end !== undefined && result.cells.length < end.wanted;
  const ends = isEarly ? [interruptionOf(result, end)] : [];
  const error = joinedErrors([...ends, ...outputs.errors]);
  const shelf = end?.shelf;
  return {
    get json() {
      return shelf === undefined ? result : { ...result, cells: [...shelf.wholes(result.cells)] };
    },
    ...(shelf === undefined ? {} : { jsonPieces: () => sweepJson(result, shelf) }),
    text: (terminal) => sweepReport(result, terminal, { hasTiming: options.timing ?? false }),
    csv: () => sweepCsv(result),
    markdown: () => sweepMarkdown(result),
    exitCode: sweepExitCode(result, end?.signal, outputs),
    messages: [...outputs.messages, ...gapLinesOf(gapsByCell(result))],
    ...(error === undefined ? {} : { error }),
  };
}

function gapsByCell({ cells }: SweepResult): [name: string, gaps: RunResult['gaps']][] {
  return cells.map(({ cell, run }) => [`cell ${cell}`, run?.gaps]);
}

/** Says what an interrupted sweep has kept, and how to go on. */
function interruptionOf({ cells }: SweepResult, { signal, journal, wanted, kept }: SweepEnd): Error {
  const inJournal =
    journal === undefined
      ? 'these are printed only; with --out, --resume could continue'
      : `these are kept in ${journal.path}; repeat the command with --resume to continue`;
  return new InterruptedError(`${signal}`, ` after ${cells.length} of ${wanted} cells: ${kept ?? inJournal}`);
}

function sweepExitCode(
  { cells }: SweepResult,
  signal: NodeJS.Signals | undefined,
  { errors }: Outputs,
): ExitCode {
  if (signal !== undefined) return exitCodeAfter(signal);
  if (cells.some(({ error }) => error?.name === 'ReconciliationError')) return 1;
  const isCarriedOut = cells.every(({ run }) => run?.gaps === undefined);
  const isFailed = cells.length > 0 && cells.every(({ error }) => error !== null);
  return errors.length > 0 || isFailed ? 2 : isCarriedOut ? 0 : 1;
}
