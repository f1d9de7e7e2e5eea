/**
 * The keys of a modelled server at one moment, as `KEYS pattern`, `--bigkeys` and `MEMORY USAGE` report them.
 */
import { latin1 } from '../base/index.js';
import { memoryUsage, type RedisServer, StringEncoding, TYPE_NAMES, ValueType } from '../model/index.js';

interface KeyFigures {
  readonly name: string;
  readonly type: string;
  /** Bytes of a string; elements of any other type. */
  readonly size: number;
  /** MEMORY USAGE of a string; null for other types, for which servers only extrapolate from samples. */
  readonly memoryUsage: number | null;
}

export interface PatternFigures {
  readonly pattern: string;
  readonly keys: number;
  /** Bytes of the names and values of strings, without any overhead of the server. */
  readonly payloadBytes: number;
  /** Sum of MEMORY USAGE over strings. */
  readonly memoryUsage: number;
  /** Keys that have expired but are not deleted yet. */
  readonly dueKeys: number;
  readonly dueMemoryUsage: number;
}

export interface KeyCensus {
  readonly usedMemory: number;
  readonly patterns: readonly PatternFigures[];
  /** The keys with the longest values of each type, as `redis-cli --bigkeys` selects them; strings first. */
  readonly biggest: readonly KeyFigures[];
}

/** Counts keys by prefix. A key counts for the first prefix that it begins with, and for `*` if there is none. */
export function takeCensus(server: RedisServer, prefixes: readonly string[], biggestPerType = 3): KeyCensus {
  const { keyspace, nowMs } = server;
  const counts = [...prefixes, ''].map((prefix) => new Count(prefix));
  const biggest = new Map<string, KeyFigures[]>();
  for (const { keys } of server.databases) {
    for (const row of keys.rows()) {
      const name = latin1(keyspace.nameOf(row));
      const figures = figuresOf(server, row, name);
      const expiry = keyspace.expiryOf(row);
      counts.find(({ prefix }) => name.startsWith(prefix))?.add(figures, expiry !== 0 && expiry < nowMs);
      keepBiggest(biggest, figures, biggestPerType);
    }
  }
  return {
    usedMemory: server.heap.used,
    patterns: counts.filter(({ keys }) => keys > 0).map((count) => count.figures()),
    biggest: [...biggest.values()].flat(),
  };
}

class Count {
  keys = 0;
  #payload = 0;
  #usage = 0;
  #due = 0;
  #dueUsage = 0;

  constructor(readonly prefix: string) {}

  add({ name, type, size, memoryUsage }: KeyFigures, isDue: boolean): void {
    this.keys++;
    if (type === TYPE_NAMES[ValueType.string]) this.#payload += name.length + size;
    this.#usage += memoryUsage ?? 0;
    if (!isDue) return;
    this.#due++;
    this.#dueUsage += memoryUsage ?? 0;
  }

  figures(): PatternFigures {
    return {
      pattern: `${this.prefix}*`,
      keys: this.keys,
      payloadBytes: this.#payload,
      memoryUsage: this.#usage,
      dueKeys: this.#due,
      dueMemoryUsage: this.#dueUsage,
    };
  }
}

function figuresOf(server: RedisServer, row: number, name: string): KeyFigures {
  const { keyspace } = server;
  const type = TYPE_NAMES[keyspace.typeOf(row)];
  const isString = keyspace.typeOf(row) === ValueType.string;
  return {
    name,
    type,
    size: sizeOfValue(server, row),
    memoryUsage: isString ? memoryUsage(server, row) : null,
  };
}

/** Returns the bytes of a string, or the number of elements of any other value. */
export function sizeOfValue({ keyspace }: Pick<RedisServer, 'keyspace'>, row: number): number {
  if (keyspace.typeOf(row) !== ValueType.string) return keyspace.modelOf(row).size;
  const encoding = keyspace.encodingOf(row);
  if (encoding === StringEncoding.raw || encoding === StringEncoding.embedded) return keyspace.detail(row);
  const high = keyspace.detail(row) | 0;
  return `${high * 2 ** 32 + keyspace.payload(row)}`.length;
}

function keepBiggest(biggest: Map<string, KeyFigures[]>, figures: KeyFigures, count: number): void {
  const ranking = biggest.get(figures.type) ?? [];
  biggest.set(figures.type, ranking);
  const last = ranking[count - 1];
  if (last !== undefined && last.size >= figures.size) return;
  const at = ranking.findIndex(({ size }) => size < figures.size);
  ranking.splice(at < 0 ? ranking.length : at, 0, figures);
  ranking.length = Math.min(ranking.length, count);
}
