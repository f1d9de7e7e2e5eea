import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import { BEST_BY, OBJECTIVES, type Objective, PRESETS } from '../sweep/index.js';
import { DEFAULT_TOLERANCE, parseShard, type Shard } from '../sweep/node.js';
import { append, choiceOption, integer, percentOption, seconds } from './arguments.js';
import { DependentOption } from './dependent-option.js';
import { addQueueOptions, type QueueOptions } from './queue-options.js';
import { addSubjectOptions, type SubjectOptions } from './run-options.js';

export interface SweepCommandOptions extends SubjectOptions, QueueOptions {
  readonly axis?: readonly string[];
  readonly preset?: readonly string[];
  readonly jobs: number;
  readonly cellTimeout?: number;
  readonly bestBy: Objective;
  readonly tolerance: number;
  readonly timing?: boolean;
  readonly out?: string;
  readonly resume?: boolean;
  readonly recordings: boolean;
  readonly shard?: Shard;
  readonly merge?: readonly string[];
  readonly queue?: string;
  readonly attach?: string;
  readonly verify: number;
}

export function addSweepOptions(command: Command): Command {
  const presets = PRESETS.map(({ name }) => name).join(' | ');
  const sweep = addSubjectOptions(command)
    .option('--axis <name=value,…>', 'Setting to vary, with its values; repeatable', append)
    .option('--preset <name>', `Predefined axes: ${presets}; repeatable`, append)
    .addOption(jobsOption('Number of cells to run in parallel'))
    .option('--cell-timeout <seconds>', 'Time limit for one cell', seconds('--cell-timeout'))
    .addOption(
      choiceOption('--best-by <figure>', 'Figure by which the best cell is chosen first', BEST_BY).default(
        OBJECTIVES[0],
      ),
    )
    .addOption(
      percentOption(
        '--tolerance <percent>',
        'Share of a figure below which settings count as equal, so that the defaults are recommended',
        DEFAULT_TOLERANCE,
      ),
    )
    .option('--timing', 'Report operations per second, which vary between runs')
    .option(
      '--out <dir>',
      'Write a journal, a recording of each cell, and then the result as JSON to this directory',
    )
    .option('--no-recordings', 'With --out: keep no recordings, which `slablab map` draws as an atlas')
    .addOption(new DependentOption('--resume', 'Continue the sweep of an existing journal', '--out'))
    .addOption(
      new DependentOption(
        '--shard <i/n>',
        'Run only part i of n, on a machine of its own; --merge puts the parts together',
        '--out',
      ).argParser(parseShard),
    )
    .option('--merge <dir...>', 'Merge the parts in these directories instead of running anything')
    .option(
      '--queue <url>',
      'Run the cells on the workers of a queue on this Redis or Valkey server (see `slablab worker --help`)',
    )
    .addOption(
      new DependentOption(
        '--attach <id>',
        'Collect the cells of a sweep that was left running; `slablab queue` lists them',
        '--queue',
      ),
    )
    .addOption(
      percentOption(
        '--verify <percent>',
        'Share of the cells to run on two workers, whose results must be equal; requires --queue',
        0,
      ),
    );
  return addQueueOptions(sweep);
}

/** Returns `--jobs`, which `sweep` and `bench` share. */
export function jobsOption(description: string): Option {
  return new Option('--jobs <number>', description)
    .argParser(integer('--jobs', 1))
    .default(availableParallelism(), 'number of CPUs');
}
