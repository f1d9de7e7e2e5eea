/** Names texts that have no figures of jemalloc: those of other allocators, of the system, and of other tools. */
import { InputError } from '../../base/index.js';
import type { NamedText } from '../paste/named-text.js';

const NOT_JEMALLOC = 'explain splits the memory of jemalloc, and can say nothing about it';
const STATISTICS = 'give what the program prints with `MALLOC_CONF=stats_print:true`';
const OF_STACKS = `which has live bytes by call stack and no slabs; ${STATISTICS}, or record it with \`slablab record\``;

const OTHERS: readonly { readonly line: RegExp; readonly what: string }[] = [
  {
    line: /\b(?:server\.memory_(?:allocated|heap_size)|pageheap_unmapped)\b/,
    what: `counters of Envoy: Envoy runs on tcmalloc and not on jemalloc; ${NOT_JEMALLOC}`,
  },
  { line: /^\W*MALLOC:|\btcmalloc_\w/, what: `statistics of tcmalloc; ${NOT_JEMALLOC}` },
  {
    line: /^\W*(?:system bytes\s*=|<malloc version=)|\b(?:uordblks|fordblks)\b/,
    what: `statistics of glibc's malloc; ${NOT_JEMALLOC}`,
  },
  {
    line: /^\W*(?:(?:heap stats:|blocks|pages)\s+peak|(?:reserved|committed):\s+[\d.]+ \w+\s+[\d.]+ \w+)/,
    what: `statistics of mimalloc; ${NOT_JEMALLOC}`,
  },
  {
    line: /(?:^|\W)Sam, (?:I detected a few issues|I can't find any memory issue|this instance is empty)/,
    what: 'what MEMORY DOCTOR says, which has no figures; give what `redis-cli INFO memory` prints',
  },
  {
    line: /^heap(?:_v2\/| profile:)|^Showing nodes accounting for|^\s*[\d.]+\s+[\d.]+%\s+[\d.]+%\s+[\d.]+\s+[\d.]+%|^mem_heap_B=/,
    what: `a heap profile, ${OF_STACKS}`,
  },
  {
    line: /^(?:peak heap memory consumption|calls to allocation functions|MOST CALLS TO ALLOCATION FUNCTIONS|PEAK MEMORY CONSUMERS)\b/,
    what: `a report of heaptrack, ${OF_STACKS}`,
  },
  {
    line: /^[\w\s*"'-]*malloc_conf["'\s]*[=:]\s*(?:&\[u8\]\s*=\s*b)?["']?[a-z_]+:[\w:,.-]+(?:\\0)?["';\s]*$|^<jemalloc>: (?:Invalid|Malformed) conf/i,
    what: `options of jemalloc, which are no figures; ${STATISTICS}, or try them: \`slablab run FILE --conf OPTIONS\``,
  },
  {
    line: /\bgo_memstats_|^HeapAlloc = \d/,
    what: `figures of Go's heap, which is its own; ${NOT_JEMALLOC}`,
  },
  {
    line: /\bNative Memory Tracking:|\bJava Heap \(reserved=/,
    what: `figures of a Java virtual machine, whose heap is its own; ${NOT_JEMALLOC}`,
  },
  {
    line: /\bheapTotal\b.*\bheapUsed\b/,
    what: `figures of Node.js, whose objects are in a heap of V8; ${NOT_JEMALLOC}`,
  },
  {
    line: /\bmemory\/(?:innodb|sql|performance_schema)\/|^TopMemoryContext: \d/,
    what: `what a database counts by purpose, which has no figures of its allocator; ${STATISTICS}`,
  },
  {
    line: /\bMemoryTracking: was /,
    what:
      "what ClickHouse's tracker counts; give `SELECT metric, value FROM system.asynchronous_metrics WHERE metric LIKE " +
      "'jemalloc.%'`",
  },
  {
    line: /^STAT (?:limit_maxbytes|total_malloced|curr_items) \d/,
    what: `statistics of memcached, whose items are in slabs of its own; ${NOT_JEMALLOC}`,
  },
  {
    line: /^(?:\(error\) |-)?(?:NOAUTH|NOPERM|LOADING|WRONGPASS|ERR|BUSY|MASTERDOWN)\b|^Could not connect to (?:Redis|Valkey)/,
    what: 'an error in place of an answer; once the server answers, give what `redis-cli INFO memory` prints',
  },
  {
    line: /^(?:keys +mem +clients|# Scanning the entire keyspace|Sampled \d+ keys in the keyspace)|^\[\d\d\.\d\d%\] Biggest /,
    what: 'what redis-cli counts of keys, which does not show how the allocator holds them; give what `redis-cli INFO memory` prints',
  },
  {
    line: /^H4sI[A-Za-z0-9+/]{8,}/,
    what: 'base64 of a gzip file; decode it first: `base64 -d FILE | slablab explain -`',
  },
  {
    line: /^\d+ (?:\d+ )?(?:malloc|calloc|realloc|free|posix_memalign|memalign|aligned_alloc|valloc)\(/,
    what: 'a log of logalloc; `slablab run` replays it',
  },
  {
    line: /"(?:small|large)"\s*:\s*\{|"curregs"\s*:/,
    what: "a part of jemalloc's statistics in JSON, without the sizes of its classes; give the whole document",
  },
  {
    line: /^[\s([|]*\d+(?:\s*[,;|\t]\s*"?-?\d+"?){2,}/,
    what:
      'a row of figures, but no row above it names columns `size`, `allocations` and `deallocations`; print these three ' +
      'with their names, in ClickHouse with `FORMAT TSVWithNames`',
  },
  {
    line: /^\W*(?:VmRSS|Rss|Pss):\s+\d+ kB|^\s*Mem:\s+\d|\bPID\b.*\b(?:RES|RSS)\b|\bprocess_resident_memory_bytes\b/,
    what: `what the system counts of a process, which does not show how its allocator uses it; ${STATISTICS} as well`,
  },
];
const MAX_SHOWN_CHARACTERS = 60;

/** Throws an InputError for a text that has figures of something else. */
export function refuseOther(texts: readonly NamedText[]): void {
  for (const { name, text } of texts) {
    for (const [index, line] of text.split('\n').entries()) {
      const other = OTHERS.find((known) => known.line.test(line));
      if (other === undefined) continue;
      const shown = line.trim().slice(0, MAX_SHOWN_CHARACTERS);
      throw new InputError(`${name}, line ${index + 1}: \`${shown}\`: ${other.what}`);
    }
  }
}
