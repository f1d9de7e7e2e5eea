import { type Command, Option } from 'commander';
import { InputError } from '../base/index.js';
import type { Runtime } from '../engine/index.js';
import { DEFAULT_THRESHOLDS } from '../verify/index.js';
import { BASELINES, type Baseline, PACES, type Pace, SETTLE_MS } from '../verify/node.js';
import type { CommonOptions } from './command-result.js';

export interface VerifyCommandOptions extends CommonOptions {
  readonly serverBin: string;
  readonly serverConfig?: readonly string[];
  readonly port?: number;
  readonly live?: string;
  readonly server?: string;
  readonly build?: string;
  readonly conf?: string;
  readonly runtime: Runtime;
  readonly set?: readonly string[];
  readonly baseline: Baseline;
  readonly pace: Pace;
  readonly settle: number;
  readonly patience: number;
  readonly slabsWithin: number;
  readonly regionsWithin: number;
  readonly usedWithin: number;
}

/** A server is surveyed only at rest: what it frees in the first seconds of it would differ from run to run. */
const LONGEST_MS = 600_000;

export function addVerifyOptions(command: Command): Command {
  return command
    .option('--server-bin <path>', 'the real server: a name on PATH, or a path', 'redis-server')
    .option('--server-config <line>', 'a line for its configuration file; can be repeated', append)
    .option('--port <number>', 'its port on 127.0.0.1 (default: a free one)', whole('--port', 1, 65_535))
    .option('--live <url>', 'no run of its own: ask the lab of `slablab serve --upstream` on that port')
    .option('--server <version>', 'server version to model (default: that of --server-bin)')
    .option('--build <name>', 'allocator build (default: the one that is like that of --server-bin)')
    .option('--conf <string>', 'allocator configuration, for both sides')
    .addOption(
      new Option('--runtime <runtime>', 'where the lab runs').choices(['wasm', 'native']).default('wasm'),
    )
    .option(
      '--set <name=value>',
      'a parameter of the workload; for a file, a setting of the server on both sides; can be repeated',
      append,
    )
    .addOption(
      new Option('--baseline <which>', 'what is judged: growth over an idle server, or all that is held')
        .choices(BASELINES)
        .default('idle'),
    )
    .addOption(
      new Option('--pace <which>', "commands as fast as they are answered, or at the stream's own times")
        .choices(PACES)
        .default('max'),
    )
    .option('--settle <ms>', 'rest before each survey', whole('--settle', 0, LONGEST_MS), SETTLE_MS)
    .option('--patience <ms>', 'longest wait for a reply', whole('--patience', 1, LONGEST_MS), 30_000)
    .addOption(
      within('--slabs-within', 'sum over classes of slabs apart, of all slabs', DEFAULT_THRESHOLDS.slabs),
    )
    .addOption(within('--regions-within', 'the same for regions', DEFAULT_THRESHOLDS.regions))
    .addOption(within('--used-within', 'used_memory apart', DEFAULT_THRESHOLDS.usedMemory));
}

function append(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function whole(option: string, min: number, max: number): (value: string) => number {
  return (value) => {
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    throw new InputError(`${option} ${value}: must be a whole number, ${min} to ${max}`);
  };
}

function within(option: string, what: string, byDefault: number): Option {
  return new Option(`${option} <percent>`, what)
    .argParser(percent(option))
    .default(byDefault, `${byDefault * 100}%`);
}

/** With its sign, so that nobody has to guess whether 1 is one percent or all. */
function percent(option: string): (value: string) => number {
  return (value) => {
    const number = /^(\d{1,3}(?:\.\d+)?)%$/.exec(value)?.[1];
    if (number !== undefined) return Number(number) / 100;
    throw new InputError(`${option} ${value}: write a percentage with its sign, for example 0.5%`);
  };
}
