import type { Command } from 'commander';
import type { OwnerOrder } from '../analysis/index.js';
import { HOOK_MODES, type HookMode, plainConf, type Runtime } from '../engine/index.js';
import { DEFAULT_SERVER, TRAFFIC_SERVER } from '../model/index.js';
import type { TraceGrouping } from '../run/index.js';
import { ownerFrameOption, ownersByOption, ownersSortOption, patternOption } from './accounts-options.js';
import { append, choiceOption, integer } from './arguments.js';
import type { CommonOptions } from './command-result.js';
import { DependentOption } from './dependent-option.js';
import { addWatchOptions, type WatchOptions } from './watch-page.js';

/** The options of the modelled server, its allocator and its input, which `run` and `sweep` share. */
export interface SubjectOptions extends CommonOptions {
  readonly server?: string;
  readonly build?: string;
  readonly conf?: string;
  readonly hooks: HookMode;
  readonly runtime: Runtime;
  readonly set?: readonly string[];
  readonly rest?: number;
  readonly mark?: string;
}

export interface RunCommandOptions extends SubjectOptions, WatchOptions {
  readonly worker?: boolean;
  readonly sweepEvery?: number;
  readonly types?: boolean;
  readonly owners?: boolean;
  readonly pattern?: readonly string[];
  readonly ownersBy?: TraceGrouping;
  readonly ownerFrame?: number | string;
  readonly slab?: number;
  readonly ownersSort?: OwnerOrder;
  readonly ownersAges?: boolean;
  readonly saveOps?: string;
  readonly regions?: boolean;
  readonly out?: string;
}

/** One day, whose decay steps are replayed one by one. */
const MAX_REST_MS = 86_400_000;
const RUNTIMES: readonly Runtime[] = ['wasm', 'native'];

export function addSubjectOptions(command: Command): Command {
  return addServerOptions(command)
    .option(
      '--rest <ms>',
      'Virtual time after the traffic, with decay only; adds a phase `rested`',
      integer('--rest', 1, MAX_REST_MS),
    )
    .option(
      '--mark <place>',
      'Place of the mark of cohort DSR: a phase, a time such as 10m, or a number of commands (default: that of a workload)',
    );
}

/** Adds the options of the modelled server and its allocator. */
export function addServerOptions(command: Command): Command {
  return command
    .option(
      '--server <version>',
      `Server version to model (default: the nearest to the one that a file names, ${TRAFFIC_SERVER} for other files, ` +
        `${DEFAULT_SERVER} for workloads)`,
    )
    .option('--build <name>', 'Allocator build (default: the build that the server bundles)')
    .option('--conf <string>', 'Allocator configuration, in the syntax of JE_MALLOC_CONF', (text: string) =>
      plainConf(text),
    )
    .addOption(
      choiceOption('--hooks <placement>', 'Placement of the allocation hooks', HOOK_MODES).default(
        'complete',
      ),
    )
    .addOption(runtimeOption())
    .option('--set <name=value>', 'Workload parameter or server setting; repeatable', append);
}

/** Returns `--runtime`, which `run`, `sweep` and `verify` share. */
export function runtimeOption() {
  return choiceOption('--runtime <runtime>', 'Runtime of the allocator', RUNTIMES).default('wasm');
}

export function addRunOptions(command: Command): Command {
  const running = addSubjectOptions(command)
    .option('--worker', 'Run the WebAssembly module in a worker thread')
    .option(
      '--sweep-every <operations>',
      'Take a snapshot every so many operations, as phases sweep-1, sweep-2, …',
      integer('--sweep-every', 1),
    )
    .option('--types', 'Attribute memory to the types of values')
    .option(
      '--owners',
      'Attribute memory and pinned slabs to key patterns, types and structs, with keys and expiry; includes --types',
    )
    .addOption(patternOption())
    .addOption(ownersByOption())
    .addOption(ownerFrameOption())
    .addOption(ownersSortOption())
    .addOption(
      new DependentOption(
        '--owners-ages',
        'Show the age of the oldest region of each owner, and a page for --slab',
        '--owners',
      ),
    )
    .addOption(
      new DependentOption(
        '--slab <page>',
        'List the contents of the slab or large extent that begins at this page',
        '--owners',
      ).argParser(integer('--slab', 0)),
    )
    .option('--save-ops <file>', 'Save the operation stream, which `slablab run <file>` replays')
    .addOption(new DependentOption('--regions', 'Record the state of every region', '--out', '--watch'))
    .option(
      '--out <dir>',
      'Write the result <workload>-<build>.json and the recording <workload>-<build>.slabs to this directory',
    );
  return addWatchOptions(running, 'the map of each snapshot during the run');
}
