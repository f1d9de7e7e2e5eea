import { type Command, Option } from 'commander';
import type { Runtime } from '../engine/engine.js';
import { HOOK_MODES, type HookMode } from '../engine/snapshot.js';
import { DEFAULT_SERVER } from '../redis/index.js';
import { InputError, unknownName } from '../trace/index.js';
import type { CommonOptions } from './command-result.js';

export interface RunCommandOptions extends CommonOptions {
  readonly server?: string;
  readonly build?: string;
  readonly conf?: string;
  readonly hooks: HookMode;
  readonly runtime: Runtime;
  readonly worker?: boolean;
  readonly set?: readonly string[];
  readonly sweepEvery?: number;
  readonly saveOps?: string;
  readonly out?: string;
}

const RUNTIMES = ['wasm', 'native'] as const;

export function addRunOptions(command: Command): Command {
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
    .option('--worker', 'run the WebAssembly in a worker thread')
    .option(
      '--set <name=value>',
      'a parameter of the workload; for a file of commands, a setting of the server; can be repeated',
      append,
    )
    .option(
      '--sweep-every <operations>',
      'extra phases sweep-1, sweep-2, …',
      positiveInteger('--sweep-every'),
      0,
    )
    .option('--save-ops <file>', 'save the operation stream; `slablab run <file>` replays it')
    .option('--out <dir>', 'write <workload>-<build>.json there');
}

function oneOf<const C extends string>(what: string, known: readonly C[]): (value: string) => C {
  return (value) => {
    const found = known.find((name) => name === value);
    if (found === undefined) throw unknownName(what, value, known);
    return found;
  };
}

function append(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function positiveInteger(option: string): (value: string) => number {
  return (value) => {
    if (/^[1-9]\d{0,14}$/.test(value)) return Number(value);
    throw new InputError(`${option} ${value}: must be a whole number of at least 1`);
  };
}
