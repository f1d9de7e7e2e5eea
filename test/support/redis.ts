import { CommandLog, CommandWriter } from '#slablab/src/commands/index.js';
import {
  commandTable,
  embeddedStringBytes,
  findServer,
  RedisServer,
  redisSds,
  STRUCT_KIND_NAMES,
  type StructKind,
  sdsBytes,
} from '#slablab/src/model/index.js';
import type { ServerOptions } from '#slablab/src/model/server/redis-server.js';
import { chunkMemory, Kind, type OpChunk, OpWriter } from '#slablab/src/stream/index.js';
import { kindNames } from './operations.js';
/** jemalloc's size classes for a quantum of 8 (`q3`), up to 64 MiB: as production servers of all versions have them. */
export const SIZE_CLASSES: readonly number[] = sizeClasses();

/** For a quantum of 16 (`q4`), as Debian's servers have them. */
export const COARSE_SIZE_CLASSES: readonly number[] = SIZE_CLASSES.filter(
  (size) => size === 8 || size > 128 || size % 16 === 0,
);

function sizeClasses(): number[] {
  const sizes = [8, 16, 24, 32, 40, 48, 56, 64];
  for (let base = 64; base < 64 * 1024 * 1024; base *= 2) {
    for (let quarter = 1; quarter <= 4; quarter++) sizes.push(base + (base / 4) * quarter);
  }
  return sizes;
}

export interface TestServer {
  readonly server: RedisServer;
  readonly log: CommandLog;
  readonly writer: OpWriter;
  /** Carries out a command of client 0, now. */
  execute(...words: readonly string[]): void;
  /** As another client, or at another time. */
  executeAs(client: number, timeMs: number, ...words: readonly string[]): void;
  /** What was asked of the allocator since the last call: "malloc 24 (dict entry)", "free 24 (dict entry)". */
  operations(): string[];
  /** The operations since the last call, for an engine. */
  chunks(): OpChunk[];
  /** Usable bytes of all that is live. */
  liveBytes(): number;
}

/** A server whose operations can be read as text. */
export function newServer(version = 'redis-7.2', options: Partial<ServerOptions> = {}): TestServer {
  const writer = new OpWriter();
  const log = new CommandLog();
  const found = findServer(version)!;
  const server = new RedisServer(writer, {
    version: found,
    sizeClasses: SIZE_CLASSES,
    commands: commandTable(found),
    log,
    ...options,
  });
  const words = new CommandWriter();
  /** By handle. */
  const live: (Region | undefined)[] = [];
  const taken: OpChunk[] = [];
  let now = 0;
  function executeAs(client: number, timeMs: number, ...text: readonly string[]): void {
    const command = words.words(...text);
    command.client = client;
    command.timeMs = now = Math.max(now, timeMs);
    server.execute(command);
    taken.push(...server.finish());
  }
  function operations(): string[] {
    const lines: string[] = [];
    for (const { length, what, handle, size } of [...taken.splice(0), ...writer.takeAll()]) {
      for (let at = 0; at < length; at++) {
        lines.push(line(live, what[at]!, handle[at]!, size[at]!));
      }
      chunkMemory.giveBack(what.buffer);
    }
    return lines;
  }
  return {
    server,
    log,
    writer,
    executeAs,
    execute: (...text) => executeAs(0, now, ...text),
    chunks: () => [...taken.splice(0), ...writer.takeAll()],
    operations,
    liveBytes() {
      operations();
      let bytes = 0;
      for (const region of live) {
        if (region !== undefined) bytes += SIZE_CLASSES.find((usable) => usable >= region.size)!;
      }
      return bytes;
    },
  };
}

interface Region {
  readonly size: number;
  readonly owner: string;
}

function line(live: (Region | undefined)[], what: number, handle: number, size: number): string {
  const kind = what & 0xff;
  if (kind === Kind.free) {
    const region = live[handle];
    if (region === undefined) throw new Error(`free of handle ${handle}, which is not live`);
    live[handle] = undefined;
    return `free ${region.size} (${region.owner})`;
  }
  const owner = STRUCT_KIND_NAMES[(what >>> 8) as StructKind];
  const name = kindNames.get(kind);
  if (handle === 0) return `${name} ${size}`;
  if (kind === Kind.realloc && live[handle] === undefined)
    throw new Error(`realloc of handle ${handle}, not live`);
  live[handle] = { size, owner };
  return `${name} ${size} (${owner})`;
}

/** What receiving a command of short arguments asks for. */
export function reads(...words: readonly string[]): string[] {
  return [
    `malloc ${words.length * 8} (argument array)`,
    ...words.flatMap(({ length }) =>
      length <= 44
        ? [`malloc ${embeddedStringBytes(16, length)} (argument object)`]
        : [`malloc ${sdsBytes(redisSds, length)} (argument string)`, 'malloc 16 (argument object)'],
    ),
  ];
}
