import { hashOf, latin1Bytes } from '../../base/index.js';
import { NOT_AN_INTEGER, SYNTAX_ERROR } from '../../commands/index.js';
import type { Heap } from '../heap/index.js';
import { type Database, type Keyspace, StringEncoding, sampledUsage, ValueType } from '../keyspace/index.js';
import type { ServerVersion } from '../versions/index.js';

/** Elements that are looked at to guess what all take, if a client does not say how many. */
const DEFAULT_SAMPLES = 5;

/** What it takes of a server. */
export interface UsageServer {
  readonly keyspace: Keyspace;
  readonly heap: Heap;
  readonly version: ServerVersion;
  readonly isCluster: boolean;
}

export type UsageAnswer =
  | { readonly error: string }
  /** Undefined: there is no such key. */
  | { readonly error?: undefined; readonly bytes: number | undefined };

/**
 * Bytes of a key: its value by so many samples (Infinity: all elements), its name and its entry. An entry among the
 * expires is not counted.
 */
export function memoryUsage(server: UsageServer, row: number, samples = DEFAULT_SAMPLES): number {
  return valueUsage(server, row, samples) + keyUsage(server, row);
}

/** The words behind MEMORY USAGE, of which the first names the key. Looks nothing up as a server does: changes nothing. */
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

/** SAMPLES and its number, any number of times; or what is wrong. */
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

function valueUsage({ keyspace, heap, version }: UsageServer, row: number, samples: number): number {
  if (keyspace.typeOf(row) !== ValueType.string) {
    return sampledUsage(keyspace.modelOf(row).parts(), samples, version.sizes.object);
  }
  switch (keyspace.encodingOf(row)) {
    case StringEncoding.raw:
      return heap.usableOf(keyspace.payload(row)) + version.sizes.object;
    case StringEncoding.embedded:
      return heap.usableOf(keyspace.object(row));
    default:
      return version.sizes.object;
  }
}

function keyUsage({ keyspace, heap, version, isCluster }: UsageServer, row: number): number {
  const name = keyspace.nameHandle(row);
  // The name is part of the entry.
  if (name === 0) return heap.usableOf(keyspace.main.entry(row));
  return heap.usableOf(name) + version.sizes.dictEntry + (isCluster ? version.keys.clusterUsage : 0);
}
