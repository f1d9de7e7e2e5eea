import { hashOf, latin1Bytes } from '../../base/index.js';
import { NOT_AN_INTEGER, SYNTAX_ERROR } from '../../commands/index.js';
import { type Heap, usableRoom } from '../heap/index.js';
import {
  type Database,
  headerOfKind,
  type Keyspace,
  StringEncoding,
  sampledUsage,
  ValueType,
} from '../keyspace/index.js';
import type { ServerVersion } from '../versions/index.js';

/** Elements that are sampled if SAMPLES is not given. */
const DEFAULT_SAMPLES = 5;

/** The parts of a server that MEMORY USAGE reads. */
export interface UsageServer {
  readonly keyspace: Keyspace;
  readonly heap: Heap;
  readonly version: ServerVersion;
  readonly isCluster: boolean;
}

export type UsageAnswer =
  | { readonly error: string }
  /** `bytes` is undefined if the key does not exist. */
  | { readonly error?: undefined; readonly bytes: number | undefined };

/**
 * Returns the bytes of a key: its value from `samples` elements (Infinity: all), its name and its entry. The entry in the
 * expires table is not counted. A name in the object is counted only with a string that is embedded beside it.
 */
export function memoryUsage(server: UsageServer, row: number, samples = DEFAULT_SAMPLES): number {
  if (server.version.containers.keepsUsage) return keptUsage(server, row);
  return valueUsage(server, row, samples) + keyUsage(server, row);
}

/** Answers MEMORY USAGE with the words after it, the key first. It changes nothing: no bucket moves, no key expires. */
export function answerMemoryUsage(
  server: UsageServer,
  database: Database,
  words: readonly string[],
): UsageAnswer {
  const [key = '', ...options] = words;
  if (words.length === 0) {
    return { error: "ERR wrong number of arguments for 'memory|usage' command" };
  }
  const samples = parseSamples(options);
  if (typeof samples === 'string') return { error: samples };
  const name = latin1Bytes(key);
  const row = database.peek(hashOf(name, 0, name.length), name, 0, name.length);
  return { bytes: row === 0 ? undefined : memoryUsage(server, row, samples) };
}

/** Returns the number of SAMPLES, which may be repeated; or the text of an error. */
export function parseSamples(options: readonly string[]): number | string {
  let samples = DEFAULT_SAMPLES;
  for (let at = 0; at < options.length; at += 2) {
    const count = options[at + 1];
    if (options[at]?.toLowerCase() !== 'samples' || count === undefined) return SYNTAX_ERROR;
    if (!/^(0|-?[1-9]\d{0,17})$/.test(count)) return NOT_AN_INTEGER;
    if (count.startsWith('-')) return SYNTAX_ERROR;
    samples = Number(count);
  }
  return samples === 0 ? Infinity : samples;
}

/** kvobjAllocSize: the object with its name, and what the server keeps of the value's other allocations. */
function keptUsage({ keyspace, heap }: UsageServer, row: number): number {
  const object = heap.usableOf(keyspace.object(row));
  if (keyspace.typeOf(row) !== ValueType.string) {
    return sampledUsage(keyspace.modelOf(row).parts(), Infinity, object);
  }
  if (keyspace.encodingOf(row) !== StringEncoding.raw) return object;
  const header = headerOfKind(keyspace.kind(row));
  const room = header === 1 ? keyspace.detail(row) : usableRoom(heap, keyspace.payload(row), header);
  return object + header + room + 1;
}

function valueUsage({ keyspace, heap, version }: UsageServer, row: number, samples: number): number {
  const { isMeasured } = version.keyedObjects;
  const object = isMeasured ? heap.usableOf(keyspace.object(row)) : version.sizes.object;
  if (keyspace.typeOf(row) !== ValueType.string) {
    return sampledUsage(keyspace.modelOf(row).parts(), samples, object);
  }
  switch (keyspace.encodingOf(row)) {
    case StringEncoding.raw:
      return heap.usableOf(keyspace.payload(row)) + object;
    case StringEncoding.embedded:
      return heap.usableOf(keyspace.object(row));
    default:
      return object;
  }
}

function keyUsage({ keyspace, heap, version, isCluster }: UsageServer, row: number): number {
  if (version.keys.name === 'inObject') return 0;
  const name = keyspace.nameHandle(row);
  // An embedded name is part of the entry.
  if (name === 0) return heap.usableOf(keyspace.main.entry(row));
  return heap.usableOf(name) + version.sizes.dictEntry + (isCluster ? version.keys.clusterUsage : 0);
}
