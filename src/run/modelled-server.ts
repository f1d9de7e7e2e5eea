import { unknownName } from '../base/index.js';
import type { AllocatorView } from '../engine/index.js';
import {
  findServer,
  foreignStartUpBytes,
  type RedisServer,
  SERVERS,
  type ServerVersion,
} from '../model/index.js';
import type { OpChunk } from '../stream/index.js';

/** Returns a server version by name. Throws an InputError that suggests the nearest name if there is none. */
export function serverVersion(name: string): ServerVersion {
  const server = findServer(name);
  if (server !== undefined) return server;
  const known = SERVERS.map((version) => version.name);
  throw unknownName('a server version', name, known);
}

/** Whether jemalloc serves the whole process. It then needs a quantum of 16, which the C ABI requires of malloc. */
export function servesWholeProcess({ quantum }: AllocatorView): boolean {
  return quantum === 16;
}

/** Returns the live bytes of a server that other libraries allocate in a build. */
export function foreignBytesOf(version: ServerVersion): (build: AllocatorView) => number {
  return (build) => (servesWholeProcess(build) ? foreignStartUpBytes(version, build.sizeClasses) : 0);
}

/** Continues a server without commands, if its active defragmentation is on. */
export function restOf(server: RedisServer | undefined, ms: number): Iterable<OpChunk> | undefined {
  return server?.settings.activeDefrag === true ? server.idle(ms) : undefined;
}
