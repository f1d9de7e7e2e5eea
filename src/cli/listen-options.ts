import type { Command } from 'commander';
import { GIB, MIB, utf8AsLatin1 } from '../base/index.js';
import { DEFAULT_SERVER } from '../model/index.js';
import { serverVersion } from '../run/index.js';
import { findPassword, type Password, type ServeOptions } from '../serve/node.js';
import { patternOption } from './accounts-options.js';
import { integer, sizeOption } from './arguments.js';
import type { CommonOptions } from './command-result.js';
import { DependentOption } from './dependent-option.js';
import { printMessage } from './output.js';
import { knownBuild } from './subject-argument.js';
import { addWatchOptions, type WatchOptions } from './watch-page.js';

/** The options of commands that listen for clients, which are `serve` and `attach`. */
export interface ListenCommandOptions extends CommonOptions, WatchOptions {
  readonly host: string;
  readonly port: number;
  readonly passwordFile?: string;
  readonly maxClients: number;
  readonly maxQuery: number;
  readonly maxQueries: number;
  readonly maxReplies: number;
  readonly maxBehind: number;
  readonly server?: string | undefined;
  readonly build?: string | undefined;
  readonly conf?: string;
  readonly owners?: boolean;
  readonly pattern?: readonly string[];
  readonly watchEvery?: number;
}

export function addListenOptions(command: Command): Command {
  const listening = command
    .option('--port <number>', 'Port to listen on; 0 chooses a free port', integer('--port', 0, 65_535), 6380)
    .option('--host <address>', 'Address to listen on; any but loopback requires a password', '127.0.0.1')
    .option(
      '--password-file <file>',
      'File whose first line is the password for AUTH (alternative: SLABLAB_PASSWORD)',
    )
    .option(
      '--max-clients <number>',
      'Limit of connected clients',
      integer('--max-clients', 1, 100_000),
      10_000,
    )
    .addOption(sizeOption('--max-query <size>', 'Limit of the size of one command', 512 * MIB))
    .addOption(sizeOption('--max-queries <size>', 'Limit of the total size of incomplete commands', GIB))
    .addOption(sizeOption('--max-replies <size>', 'Limit of the total size of unread replies', GIB))
    .addOption(
      sizeOption('--max-behind <size>', 'Backlog of the lab before clients are throttled', 256 * MIB),
    )
    .option(
      '--server <version>',
      `Server version to model (default: that of the real server, else ${DEFAULT_SERVER})`,
    )
    .option('--build <name>', 'Allocator build (default: the one that matches that server)')
    .option('--conf <string>', 'Allocator configuration of the lab')
    .option('--owners', 'Track the owner of every region, for MEMORY PINS')
    .addOption(patternOption());
  return addWatchOptions(listening, 'the map').addOption(
    new DependentOption(
      '--watch-every <seconds>',
      `Interval between maps (default: ${DEFAULT_WATCH_EVERY})`,
      '--watch',
    ).argParser(integer('--watch-every', 1, 86_400)),
  );
}

const DEFAULT_WATCH_EVERY = 2;

export function watchEveryMs({ watchEvery = DEFAULT_WATCH_EVERY }: ListenCommandOptions): number {
  return watchEvery * 1000;
}

export function serveOptionsOf(options: ListenCommandOptions): ServeOptions {
  const { host, port, server, build, conf = '', quiet = false } = options;
  if (server !== undefined) serverVersion(server);
  if (build !== undefined) knownBuild(build);
  const { owners = false, pattern = [], watch: isWatched = false } = options;
  const password: Password | undefined = findPassword(options.passwordFile, process.env);
  return {
    host,
    port,
    password,
    conf,
    owners: owners ? pattern.map(utf8AsLatin1) : undefined,
    isWatched,
    maxClients: options.maxClients,
    maxQueryBytes: options.maxQuery,
    maxQueriesBytes: options.maxQueries,
    maxRepliesBytes: options.maxReplies,
    maxBacklogBytes: options.maxBehind,
    onNote: (note) => {
      if (!quiet) printMessage(note);
    },
    server,
    build,
  };
}
