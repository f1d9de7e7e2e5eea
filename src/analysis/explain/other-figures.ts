/** Names texts that have no figures of jemalloc: those of other allocators, of the system, and of other tools. */
import { InputError } from '../../base/index.js';
import type { NamedText } from '../paste/named-text.js';

const NOT_JEMALLOC = 'explain splits the memory of jemalloc, and can say nothing about it';
const STATISTICS = 'give what the program prints with `MALLOC_CONF=stats_print:true`';

const OTHERS: readonly { readonly line: RegExp; readonly what: string }[] = [
  {
    line: /.*\b(?:server\.memory_(?:allocated|heap_size)|pageheap_unmapped)\b.*/,
    what: `counters of Envoy: Envoy runs on tcmalloc and not on jemalloc; ${NOT_JEMALLOC}`,
  },
  { line: /^[^\w\n]*MALLOC:.*/m, what: `statistics of tcmalloc; ${NOT_JEMALLOC}` },
  {
    line: /^[^\w\n]*(?:system bytes\s*=|<malloc version=).*/m,
    what: `statistics of glibc's malloc; ${NOT_JEMALLOC}`,
  },
  {
    line: /^[^\w\n]*(?:heap stats:\s+peak|(?:reserved|committed):\s+[\d.]+ \w+\s+[\d.]+ \w+).*/m,
    what: `statistics of mimalloc; ${NOT_JEMALLOC}`,
  },
  {
    line: /^heap(?:_v2\/| profile:).*/m,
    what: `a heap profile, which has live bytes by call stack and no slabs; ${STATISTICS}`,
  },
  {
    line: /^\d+ (?:\d+ )?(?:malloc|calloc|realloc|free|posix_memalign|memalign|aligned_alloc|valloc)\(.*/m,
    what: 'a log of logalloc; `slablab run` replays it',
  },
  {
    line: /^[^\w\n]*(?:VmRSS|Rss|Pss):\s+\d+ kB.*/m,
    what: `what the system counts of a process, which does not show how its allocator uses it; ${STATISTICS} as well`,
  },
];
const MAX_SHOWN_CHARACTERS = 60;

/** Throws an InputError for a text that has figures of something else. */
export function refuseOther(texts: readonly NamedText[]): void {
  for (const { name, text } of texts) {
    for (const { line, what } of OTHERS) {
      const found = line.exec(text);
      if (found === null) continue;
      const number = text.slice(0, found.index).split('\n').length;
      const shown = found[0].trim().slice(0, MAX_SHOWN_CHARACTERS);
      throw new InputError(`${name}, line ${number}: \`${shown}\`: ${what}`);
    }
  }
}
