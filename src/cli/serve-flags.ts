import type { Command } from 'commander';
import { InputError, unknownName, utf8AsLatin1 } from '../base/index.js';
import { KNOWN_BUILDS } from '../engine/index.js';
import { serverVersion } from '../run/index.js';
import { findPassword, type Password, type ServeOptions } from '../serve/node.js';
import type { CommonOptions } from './command-result.js';
import { say } from './output.js';
import { addWatchOptions, refuseWithoutWatch, type WatchOptions } from './watch.js';
import { integerOption } from './whole.js';

/** Of everything that listens. */
export interface ListenCommandOptions extends CommonOptions, WatchOptions {
  readonly host: string;
  readonly port: number;
  readonly passwordFile?: string;
  readonly maxClients: number;
  readonly maxQuery: number;
  readonly maxQueries: number;
  readonly maxReplies: number;
  readonly maxBehind: number;
  readonly server?: string;
  readonly build?: string;
  readonly conf?: string;
  readonly owners?: boolean;
  readonly pattern?: readonly string[];
  readonly watchEvery?: number;
}

const MIB = 1024 * 1024;

export function addListenOptions(command: Command): Command {
  const listening = command
    .option('--port <number>', 'port to listen on; 0: any free one', integerOption('--port', 0, 65_535), 6380)
    .option('--host <address>', 'address to listen on; not loopback: only with a password', '127.0.0.1')
    .option(
      '--password-file <file>',
      'its first line is what clients have to AUTH with (or: SLABLAB_PASSWORD)',
    )
    .option('--max-clients <number>', 'clients at a time', integerOption('--max-clients', 1, 100_000), 10_000)
    .option('--max-query <size>', 'longest command', size('--max-query'), 512 * MIB)
    .option('--max-queries <size>', 'commands in arrival, of all clients', size('--max-queries'), 1024 * MIB)
    .option(
      '--max-replies <size>',
      'replies that clients have not read, of all of them',
      size('--max-replies'),
      1024 * MIB,
    )
    .option(
      '--max-behind <size>',
      'how far the lab may be behind before clients wait',
      size('--max-behind'),
      256 * MIB,
    )
    .option('--server <version>', 'server version to model (default: the one that is there)')
    .option('--build <name>', 'allocator build (default: the one that is like the server)')
    .option('--conf <string>', "the lab's allocator configuration")
    .option('--owners', 'keep whose every region is, for MEMORY PINS')
    .option(
      '--pattern <glob>',
      'a pattern of keys for --owners (default: inferred); can be repeated',
      append,
    );
  return addWatchOptions(listening, 'the map').option(
    '--watch-every <seconds>',
    `with --watch: how often the map is taken (default: ${DEFAULT_WATCH_EVERY})`,
    integerOption('--watch-every', 1, 86_400),
  );
}

const DEFAULT_WATCH_EVERY = 2;

export function watchEveryMs({ watchEvery = DEFAULT_WATCH_EVERY }: ListenCommandOptions): number {
  return watchEvery * 1000;
}

export function serveOptionsOf(options: ListenCommandOptions): ServeOptions {
  const { host, port, server, build, conf = '', quiet = false } = options;
  if (server !== undefined) serverVersion(server);
  if (build !== undefined && !KNOWN_BUILDS.some((known) => known === build)) {
    throw unknownName('a build', build, KNOWN_BUILDS);
  }
  refuseWithoutWatch(options, { '--watch-every': options.watchEvery });
  const { owners = false, pattern = [], watch: isWatched = false } = options;
  if (!owners && pattern.length > 0) throw new InputError('--pattern is for --owners: give that as well');
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
    maxBehindBytes: options.maxBehind,
    onNote: (note) => {
      if (!quiet) say(note);
    },
    ...(server === undefined ? {} : { server }),
    ...(build === undefined ? {} : { build }),
  };
}

function append(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

const UNITS: Readonly<Record<string, number>> = { '': 1, kb: 1024, mb: MIB, gb: 1024 * MIB };

function size(option: string): (value: string) => number {
  return (value) => {
    const [, digits = '', unit = ''] = /^(\d{1,9})(|kb|mb|gb)$/i.exec(value) ?? [];
    const bytes = Number(digits) * (UNITS[unit.toLowerCase()] ?? 1);
    if (digits !== '' && bytes >= 1024) return bytes;
    throw new InputError(`${option} ${value}: write a size of at least 1kb, for example 64mb`);
  };
}
