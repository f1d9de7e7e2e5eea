import type { Command } from 'commander';
import { formatBytes } from '../base/index.js';
import type { Runtime } from '../engine/index.js';
import { DEFAULT_THRESHOLDS, LEAST_AMOUNTS } from '../verify/index.js';
import { BASELINES, type Baseline, PACES, type Pace, SETTLE_MS } from '../verify/node.js';
import { append, choiceOption, integer, percentOption } from './arguments.js';
import type { CommonOptions } from './command-result.js';
import { runtimeOption } from './run-options.js';

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

const MAX_WAIT_MS = 600_000;

export function addVerifyOptions(command: Command): Command {
  return command
    .option('--server-bin <path>', 'Real server to start: a path, or a name on PATH', 'redis-server')
    .option('--server-config <line>', 'Line to add to its configuration file; repeatable', append)
    .option(
      '--port <number>',
      'Port of the real server on 127.0.0.1 (default: a free port)',
      integer('--port', 1, 65_535),
    )
    .option(
      '--live <url>',
      'Compare a running `slablab serve --upstream` or `slablab attach` with its server, without an input',
    )
    .option('--server <version>', 'Server version to model (default: that of --server-bin)')
    .option('--build <name>', 'Allocator build (default: the one that matches --server-bin)')
    .option('--conf <string>', 'Allocator configuration of both sides')
    .addOption(runtimeOption())
    .option(
      '--set <name=value>',
      'Workload parameter, or setting of both servers for a file; repeatable',
      append,
    )
    .addOption(
      choiceOption(
        '--baseline <which>',
        'Memory to compare, its growth since the server was idle or all of it',
        BASELINES,
      ).default('idle'),
    )
    .addOption(
      choiceOption(
        '--pace <which>',
        'Pace of the commands, as fast as replies arrive or at their recorded times',
        PACES,
      ).default('max'),
    )
    .option(
      '--settle <ms>',
      'Idle time before each comparison',
      integer('--settle', 0, MAX_WAIT_MS),
      SETTLE_MS,
    )
    .option('--patience <ms>', 'Timeout for a reply', integer('--patience', 1, MAX_WAIT_MS), 30_000)
    .addOption(
      percentOption(
        '--slabs-within <percent>',
        `Allowed difference in slabs, summed over size classes; ${LEAST_AMOUNTS.slabs} are always allowed`,
        DEFAULT_THRESHOLDS.slabs,
      ),
    )
    .addOption(
      percentOption(
        '--regions-within <percent>',
        `Allowed difference in regions, summed over size classes; ${LEAST_AMOUNTS.regions} are always allowed`,
        DEFAULT_THRESHOLDS.regions,
      ),
    )
    .addOption(
      percentOption(
        '--used-within <percent>',
        `Allowed difference in used_memory; ${formatBytes(LEAST_AMOUNTS.usedMemory)} are always allowed`,
        DEFAULT_THRESHOLDS.usedMemory,
      ),
    );
}
