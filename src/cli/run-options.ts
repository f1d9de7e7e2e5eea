import { type Command, Option } from 'commander';
import { InputError, unknownName } from '../base/index.js';
import { HOOK_MODES, type HookMode, type Runtime } from '../engine/index.js';
import { DEFAULT_SERVER } from '../model/index.js';
import type { CommonOptions } from './command-result.js';
import { addWatchOptions, type WatchOptions } from './watch.js';

/** What is run, and in what: the same for one run and for many. */
export interface SubjectOptions extends CommonOptions {
  readonly server?: string;
  readonly build?: string;
  readonly conf?: string;
  readonly hooks: HookMode;
  readonly runtime: Runtime;
  readonly set?: readonly string[];
  readonly rest?: number;
}

export interface RunCommandOptions extends SubjectOptions, WatchOptions {
  readonly worker?: boolean;
  readonly sweepEvery?: number;
  readonly types?: boolean;
  readonly owners?: boolean;
  readonly pattern?: readonly string[];
  readonly slab?: number;
  readonly saveOps?: string;
  readonly regions?: boolean;
  readonly out?: string;
}

/** A day: the steps of it are replayed one by one. */
const MAX_REST_MS = 86_400_000;

const RUNTIMES = ['wasm', 'native'] as const;

export function addSubjectOptions(command: Command): Command {
  return command
    .option('--server <version>', `server version to model (default: ${DEFAULT_SERVER})`)
    .option('--build <name>', 'allocator build (default: the one that the server bundles)')
    .option('--conf <string>', 'allocator configuration, as JE_MALLOC_CONF would be given')
    .addOption(
      new Option('--hooks <placement>', `where allocations are counted: ${HOOK_MODES.join(' | ')}`)
        .default('complete')
        .argParser(oneOf('a placement of --hooks', HOOK_MODES)),
    )
    .addOption(
      new Option('--runtime <runtime>', `where the allocator runs: ${RUNTIMES.join(' | ')}`)
        .default('wasm')
        .argParser(oneOf('a --runtime', RUNTIMES)),
    )
    .option(
      '--set <name=value>',
      'a parameter of the workload; for a file of commands, a setting of the server; can be repeated',
      append,
    )
    .option(
      '--rest <ms>',
      'virtual time to let go by at the end, with decay but without traffic: a phase `rested`',
      positiveInteger('--rest', MAX_REST_MS),
    );
}

export function addRunOptions(command: Command): Command {
  const running = addSubjectOptions(command)
    .option('--worker', 'run the WebAssembly in a worker thread')
    .option(
      '--sweep-every <operations>',
      'extra phases sweep-1, sweep-2, …',
      positiveInteger('--sweep-every'),
      0,
    )
    .option('--types', 'say what memory is for, by the type of value')
    .option('--owners', 'say what pins slabs, by key pattern, type and struct; with --types')
    .option(
      '--pattern <pattern>',
      'with --owners: keys that belong together, as KEYS takes them; can be repeated (default: inferred from the names)',
      append,
    )
    .option(
      '--slab <page>',
      'with --owners: what is left in the slab (or large extent) that begins at this page',
      wholeNumber('--slab'),
    )
    .option('--save-ops <file>', 'save the operation stream; `slablab run <file>` replays it')
    .option('--regions', 'with --out or --watch: record what each single region is, too')
    .option(
      '--out <dir>',
      'write <workload>-<build>.json there, and the snapshots as <workload>-<build>.slabs',
    );
  return addWatchOptions(running, 'the map of each sweep');
}

export function oneOf<const C extends string>(what: string, known: readonly C[]): (value: string) => C {
  return (value) => {
    const found = known.find((name) => name === value);
    if (found === undefined) throw unknownName(what, value, known);
    return found;
  };
}

export function append(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function wholeNumber(option: string): (value: string) => number {
  return (value) => {
    if (/^(0|[1-9]\d{0,9})$/.test(value)) return Number(value);
    throw new InputError(`${option} ${value}: must be a whole number of at least 0`);
  };
}

export function positiveInteger(option: string, max = Number.MAX_SAFE_INTEGER): (value: string) => number {
  const range = max === Number.MAX_SAFE_INTEGER ? 'of at least 1' : `from 1 to ${max}`;
  return (value) => {
    if (/^[1-9]\d{0,14}$/.test(value) && Number(value) <= max) return Number(value);
    throw new InputError(`${option} ${value}: must be a whole number ${range}`);
  };
}
