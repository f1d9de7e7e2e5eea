import { encodingOf, latin1, markBytes, shownBytes } from '../base/index.js';
import { COMMAND_NAMES } from '../commands/index.js';

import type { InputKind } from './input.js';
import { isRdbMagic } from './rdb/rdb-header.js';

/** The number of bytes at the start of a file that `detect` needs. */
export const DETECT_BYTES = 4096;

const MONITOR_LINE = /^\+?\d{1,12}\.\d{6} \[\d{1,10} [^\]]/;

export type Detected =
  | { readonly kind: InputKind | 'manifest' }
  | { readonly kind: undefined; readonly found: string; readonly remedy: string };

/** Returns the kind of a file, by its first bytes. Its name decides only between kinds that begin alike. */
export function detect(name: string, begin: Uint8Array): Detected {
  if (begin.length === 0) return { kind: undefined, found: 'it is empty', remedy: KNOWN };
  const mark = markBytes(begin);
  if (mark > 0) return detect(name, begin.subarray(mark));
  if (isRdbMagic(begin)) return { kind: /\.aof(\.gz)?$/i.test(name) ? 'aof' : 'rdb' };
  const text = latin1(begin);
  if (text.startsWith('#TS:')) return { kind: 'aof' };
  // An AOF and a file of RESP commands begin alike, but only an AOF may be truncated.
  if (/^\*[-\d]/.test(text)) return { kind: /\.aof(\.gz)?$/i.test(name) ? 'aof' : 'resp' };
  const [first = '', second = ''] = text.split('\n', 2);
  if (MONITOR_LINE.test(first) || (/^\+?OK\r?$/.test(first) && MONITOR_LINE.test(second))) {
    return { kind: 'monitor' };
  }
  if (/^\+?OK\s*$/.test(text)) return { kind: 'monitor' };
  if (/^(#.*\n)*file \S+ seq \d+ type [bhi]/.test(text)) return { kind: 'manifest' };
  if (startsWithCommand(text)) return { kind: 'resp' };
  if (LOGALLOC_LINE.test(first)) {
    const remedy = `\`slablab record --convert ${name} --out trace.ops\` makes an operation stream of it`;
    return { kind: undefined, found: "it is a log of logalloc, a program's own allocations", remedy };
  }
  if (FIGURES.test(text)) return { kind: undefined, ...figuresOf(name) };
  return { kind: undefined, ...unknown(begin) };
}

/** Whether a text begins with an inline command: its first word is the name of a command. */
function startsWithCommand(text: string): boolean {
  const word = /^\s*["']?([A-Za-z_]+)["']?(\s|$)/.exec(text)?.[1];
  return word !== undefined && COMMAND_NAMES.has(word.toLowerCase());
}

/** A call in Mozilla's logalloc format: the process, often the thread, and the function. */
const LOGALLOC_LINE =
  /^\d+ (\d+ )?(malloc|calloc|realloc|free|posix_memalign|aligned_alloc|memalign|valloc)\(/;

/** Matches what INFO, MEMORY MALLOC-STATS and malloc_stats_print begin with, after lines that a terminal may add. */
const FIGURES =
  /^(# (Server|Memory|Clients|Stats|CPU)\s*$|redis_version:|used_memory:|___ Begin jemalloc statistics|\{"jemalloc")/m;

function figuresOf(name: string): { found: string; remedy: string } {
  return {
    found: 'it has the figures of a running process, and none of what it holds',
    remedy:
      `\`slablab explain ${name}\` reads them; \`redis-cli --rdb dump.rdb\` saves the keys of a server to a file, which ` +
      'can be replayed',
  };
}

const KNOWN =
  'known are RESP or inline commands, an AOF or its directory, an RDB file, and what `redis-cli MONITOR` prints';

function unknown(begin: Uint8Array): { found: string; remedy: string } {
  const compression = COMPRESSIONS.find(({ magic }) => magic.every((byte, index) => begin[index] === byte));
  if (compression !== undefined) {
    return { found: `it is compressed with ${compression.name}`, remedy: 'decompress it first' };
  }
  if (latin1(begin).startsWith('\x89ops\r\n')) {
    return { found: 'it is an operation stream', remedy: 'name a plain file of it, without compression' };
  }
  const encoding = encodingOf(begin);
  if (encoding !== 'utf-8') {
    return { found: `it is text in ${encoding}`, remedy: `convert it first: iconv -f ${encoding} -t utf-8` };
  }
  return { found: `it starts with ${shownBytes(begin)}`, remedy: KNOWN };
}

const COMPRESSIONS = [
  { name: 'gzip', magic: [0x1f, 0x8b] },
  { name: 'zstd', magic: [0x28, 0xb5, 0x2f, 0xfd] },
  { name: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a] },
  { name: 'bzip2', magic: [0x42, 0x5a, 0x68] },
];
