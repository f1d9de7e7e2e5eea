import type { RdbEvent, RdbResize, Slice } from '../input/index.js';
import { type RedisServer, savedDataSet } from '../model/index.js';

/**
 * Yields a data set of `keys` keys like those of a server: its own, copied under other names as often as needed. Copies
 * have names of the same length where names are ASCII and long enough.
 */
export function* dataSetOf(server: RedisServer, keys: number): Generator<RdbEvent> {
  const own = server.databases.map((database) => database.size);
  const all = own.reduce((sum, size) => sum + size, 0);
  const names = new CopyNames(server);
  let left = keys;
  for (let copy = 0; left > 0 && all > 0; copy++) {
    for (const event of savedDataSet(server)) {
      if (event.kind === 'rdb-entry') {
        if (left-- <= 0) break;
        yield copy === 0 ? event : { ...event, key: names.rename(event.key, copy) };
      } else if (copy === 0 && event.kind !== 'rdb-end') {
        yield event.kind === 'rdb-resize' ? resized(event, keys / all) : event;
      }
    }
  }
}

/** Returns the sizes of the tables that a file of all copies would name. */
function resized(event: RdbResize, factor: number): RdbResize {
  return {
    ...event,
    keys: Math.ceil(event.keys * factor),
    expires: Math.ceil(event.expires * factor),
  };
}

const NON_ASCII = 0x80;
const NUMBER_SIGN = 0x23;

/** Gives the names of copies. All names of a data set are ASCII, or copies have their number after their name. */
class CopyNames {
  readonly #isPlain: boolean;
  readonly #separator: string;

  constructor({ databases, keyspace }: RedisServer) {
    let longest = 0;
    let isPlain = true;
    for (const { keys } of databases) {
      for (const row of keys.rows()) {
        let run = 0;
        for (const byte of keyspace.nameOf(row)) {
          if (byte >= NON_ASCII) isPlain = false;
          run = byte === NUMBER_SIGN ? run + 1 : 0;
          longest = Math.max(longest, run);
        }
      }
    }
    this.#isPlain = isPlain;
    this.#separator = '#'.repeat(longest + 1);
  }

  /** Renames a key: the number of the copy is in the upper bits of the last bytes, or after the name. */
  rename(key: Slice, copy: number): Slice {
    const name = key.asBytes();
    const bits = Math.floor(Math.log2(copy)) + 1;
    const fits = this.#isPlain && bits <= name.length;
    const suffix = fits ? '' : `${this.#separator}${copy}`;
    const bytes = new Uint8Array(name.length + suffix.length);
    bytes.set(name);
    for (let at = 0; at < suffix.length; at++) bytes[name.length + at] = suffix.charCodeAt(at);
    for (let bit = 0; fits && bit < bits; bit++) {
      if ((copy >>> bit) % 2 === 1) bytes[name.length - 1 - bit]! |= NON_ASCII;
    }
    key.view(bytes, 0, bytes.length);
    return key;
  }
}
