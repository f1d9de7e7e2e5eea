import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { InputError } from '../base/index.js';
import { OBJECTIVES, type Objective, PRESETS } from '../sweep/index.js';
import { addSubjectOptions, append, oneOf, positiveInteger, type SubjectOptions } from './run-options.js';

export const FORMATS = ['table', 'csv', 'json', 'markdown'] as const;
export type SweepFormat = (typeof FORMATS)[number];

export interface SweepCommandOptions extends SubjectOptions {
  readonly axis?: readonly string[];
  readonly preset?: readonly string[];
  readonly jobs: number;
  readonly cellTimeout?: number;
  readonly bestBy: Objective;
  readonly format?: SweepFormat;
  readonly timing?: boolean;
  readonly out?: string;
  readonly resume?: boolean;
}

export function addSweepOptions(command: Command): Command {
  return addSubjectOptions(command)
    .option('--axis <name=value,…>', 'what to vary, and its values; can be repeated', append)
    .option('--preset <name>', `axes ready made: ${PRESETS.map(({ name }) => name).join(' | ')}`, append)
    .option('--jobs <number>', 'cells at a time', positiveInteger('--jobs'), availableParallelism())
    .option('--cell-timeout <seconds>', 'longest time for one cell', seconds('--cell-timeout'))
    .option(
      '--best-by <figure>',
      `what the best cell is sought by first: ${OBJECTIVES.join(' | ')}`,
      oneOf('a figure for --best-by', OBJECTIVES),
      OBJECTIVES[0],
    )
    .option('--format <format>', FORMATS.join(' | '), oneOf('a --format', FORMATS))
    .option('--timing', 'also operations per second, which differ from run to run')
    .option('--out <dir>', 'keep a journal there, cell by cell, and at the end the result as JSON')
    .option('--resume', 'go on with the journal in --out');
}

function seconds(option: string): (value: string) => number {
  return (value) => {
    const number = /^\d{1,6}(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
    if (number > 0) return number;
    throw new InputError(`${option} ${value}: must be a number of seconds above 0`);
  };
}

/** --json is short for --format json. */
export function formatOf<Format extends string>({
  json = false,
  format,
}: {
  readonly json?: boolean;
  readonly format?: Format;
}): Format | 'json' | 'table' {
  if (json && format !== undefined && format !== 'json') {
    throw new InputError(`--json with --format ${format}: they contradict each other; drop one of the two`);
  }
  return json ? 'json' : (format ?? 'table');
}
