/** Explains each part of RSS and its verdict in a sentence or two. */
import type { Explanation, Part, PartName, Verdict } from '../analysis/index.js';
import { formatBytes, formatCount, formatShare, plural } from '../base/index.js';
export const PART_NAMES: Readonly<Record<PartName, string>> = {
  data: 'live data',
  live: 'allocated',
  buffers: 'buffers',
  other: 'other code',
  lua: 'Lua',
  parked: 'parked in tcaches',
  'parked-or-other': 'parked or other',
  holes: 'holes in slabs',
  padding: 'page padding',
  dirty: 'dirty pages',
  muzzy: 'muzzy pages',
  metadata: 'jemalloc metadata',
  'dirty-or-metadata': 'dirty or metadata',
  process: 'rest of process',
  'other-allocator': 'beside used_memory',
  rest: 'not told apart',
  untouched: 'never touched',
  sampling: 'between samples',
};

export const VERDICT_NAMES: Readonly<Record<Verdict, string>> = {
  'in-use': 'in use',
  'key-design': 'change key design',
  clients: 'look at clients',
  scripts: 'flush scripts',
  wait: 'wait',
  purge: 'purge',
  defrag: 'defrag',
  restart: 'restart',
  'not-jemalloc': 'not jemalloc',
  measure: 'measure more',
  none: 'nothing to do',
};

const SENTENCES: Readonly<Record<PartName, (part: Part, all: Explanation) => string>> = {
  data: aboutData,
  live: aboutLive,
  buffers: aboutBuffers,
  other: () =>
    'Allocated through jemalloc, but not counted in used_memory, as are modules, OpenSSL and other libraries of the ' +
    'process. No setting of the allocator changes it.',
  lua: aboutLua,
  parked: aboutParked,
  'parked-or-other': () =>
    'Allocated, but not counted in used_memory: parked in tcaches, or held by other code of the process (OpenSSL or Lua, ' +
    "where jemalloc is the system's malloc). MEMORY MALLOC-STATS of jemalloc 5 tells which.",
  holes: aboutHoles,
  padding: (_, { isServer }) =>
    'A cache-oblivious jemalloc, which is its default, gives each allocation over 14 KiB a page more than it asked for. ' +
    (isServer
      ? 'Smaller values have no such page, nor has the jemalloc that Redis 7.2 and Valkey bundle.'
      : 'jemalloc 5.3 gives none to a program that is started with MALLOC_CONF=cache_oblivious:false.'),
  dirty: aboutDirty,
  muzzy: aboutMuzzy,
  metadata: ({ bytes }, { peak }) =>
    `jemalloc's own records take ${formatBytes(bytes)}. They grow with the most that was ever allocated` +
    `${peak === null ? '' : ` (used_memory was ${formatBytes(peak)} at its peak)`}, are used again, and are never given back.`,
  'dirty-or-metadata': () =>
    "Dirty pages, which go back within seconds of rest, and jemalloc's own records, which never do. What a purge takes " +
    'was dirty.',
  process: ({ verdict }) =>
    'RSS less all that jemalloc counts. It can be code and libraries, stacks, modules, the heap of the C library, or ' +
    `transparent huge pages. ${verdict === 'none' ? '' : 'No setting of jemalloc changes it; smaps_rollup shows what it is. '}` +
    'INFO can also have RSS wrong: Linux (6.2 and later) adds up the counts of its processors only now and then, which can ' +
    'be 256 KiB for each.',
  'other-allocator': aboutOtherAllocator,
  rest: aboutRest,
  untouched: () =>
    'jemalloc counts more memory than the process has resident. Such pages were never written (ends of large values, new ' +
    'tables) or are swapped out; these figures do not tell which.',
  sampling: () =>
    'INFO samples RSS every 100 ms; its sample and the statistics differ by this much in resident memory.',
};

export function sentenceOn(part: Part, explanation: Explanation): string {
  return SENTENCES[part.name](part, explanation).trim();
}

function aboutLive(_: Part, { isServer, rounding }: Explanation): string {
  const top = rounding?.top;
  const most =
    top == null
      ? ''
      : ` Class ${formatCount(top.size)} has the largest part of it, ${formatBytes(top.bytes)}.`;
  return isServer
    ? `Allocated and not freed: the server's data, its buffers, and all else. The server's own count of it is not usable.${most}`
    : `Allocated by the program and not freed: memory in use, or a leak. No setting of the allocator changes it.${most}`;
}

function aboutData({ verdict }: Part, { keys, rounding }: Explanation): string {
  const each =
    keys === null
      ? ''
      : `${plural(keys.count, 'key')}, ${formatCount(keys.bytesEach)} bytes each on average. `;
  if (verdict === 'key-design') {
    return (
      `${each}Of such small keys the entry, the bucket, the object and the name take more than the value; many of them as ` +
      'fields of one hash (up to hash-max-listpack-entries) take a fraction of it.'
    );
  }
  const round =
    rounding === null
      ? 'How much of it is rounding up to size classes, INFO does not tell.'
      : `Rounding up to size classes is at most ${formatBytes(rounding.atMost)} of all allocations, ` +
        `${formatBytes(rounding.ifEven)} if sizes lie evenly between classes; what was asked for is on no record.`;
  return `${each}${round}`;
}

function aboutBuffers(_: Part, { buffers }: Explanation): string {
  const { clients, replicas, backlog, aof, clusterLinks } = buffers;
  const named: [string, number | null][] = [
    ['clients', clients],
    ['replicas', replicas],
    ['replication backlog', backlog],
    ['AOF', aof],
    ['cluster links', clusterLinks],
  ];
  const list = named
    .flatMap(([name, bytes]) => (bytes === null || bytes <= 0 ? [] : [{ name, bytes }]))
    .sort((a, b) => b.bytes - a.bytes)
    .map(({ name, bytes }) => `${name} ${formatBytes(bytes)}`);
  return (
    `Of ${list.join(', ')}. Such buffers hold replies that are not fetched, and commands that are not complete. ` +
    'client-output-buffer-limit and maxmemory-clients bound them; nothing of the allocator does.'
  );
}

function aboutLua(_: Part, { server }: Explanation): string {
  const flushed =
    server.bundledJemalloc === true
      ? "SCRIPT FLUSH starts Lua anew, but the C library's malloc, which serves Lua here and has overhead of its own in the " +
        'rest of the process, may keep much of it until a restart.'
      : 'SCRIPT FLUSH starts Lua anew.';
  return (
    "Lua's own count of its heap: scripts, and what they left for Lua's collector. No setting of jemalloc changes it. " +
    flushed
  );
}

function aboutParked(_: Part, { server }: Explanation): string {
  const variable = server.bundledJemalloc === false ? 'MALLOC_CONF' : 'JE_MALLOC_CONF';
  return (
    'Freed by the server, but kept by tcaches for the next request of that size; MEMORY PURGE does not take them. Traffic ' +
    `uses them again and thins them out; started with ${variable}=tcache:false, a server keeps none.`
  );
}

/** The largest small size class. Larger allocations have a page of padding. */
const PADDED_FROM = 14_336;

function aboutHoles({ verdict }: Part, all: Explanation): string {
  const { classes, server } = all;
  const top = classes?.[0];
  const where =
    top === undefined
      ? ''
      : ` Class ${top.size} has most: ${plural(top.slabs, 'slab')}, ${formatShare(top.util)} used, ` +
        `${formatBytes(top.holes)} free.`;
  const cause = `Survivors pin slabs of which the rest is free: neither waiting nor a purge gives that back.${where}${padded(all)}`;
  switch (verdict) {
    case 'restart':
      return server.bundledJemalloc === null
        ? `${cause} jemalloc moves no allocation: a restart packs them anew, and allocations of long life kept apart from short ones pin fewer slabs.`
        : `${cause} The server cannot defragment with the system's jemalloc: a restart packs the survivors anew (SHUTDOWN SAVE, then start), or a ` +
            'failover to a replica that was synchronised since.';
    case 'wait':
      return `${cause} Active defragmentation is moving the survivors together now.`;
    case 'defrag':
      return server.bundledJemalloc === null
        ? `${cause} Active defragmentation moves the survivors together; where the server refuses it (it cannot with a system's jemalloc), a restart does.`
        : `${cause} Active defragmentation moves the survivors together.`;
    default:
      return cause;
  }
}

/** Without tables, holes and padding count together, except in servers that have no padding. */
function padded({ classes, keys, isServer, parts }: Explanation): string {
  if (classes !== null || parts.some(({ name }) => name === 'padding')) return '';
  if (!isServer)
    return ' A part of it may be pages that a cache-oblivious jemalloc adds to large allocations.';
  return (keys?.bytesEach ?? 0) > PADDED_FROM
    ? ' With values this large a part of it may be a page that jemalloc adds to each of them (MEMORY MALLOC-STATS tells), which nothing moves.'
    : '';
}

/** Servers whose allocator is chosen when they are built. */
const BUILT_WITH_CHOICE: readonly (string | null)[] = ['redis', 'valkey', 'KeyDB', 'Redict', null];

function aboutOtherAllocator(_: Part, { server, used }: Explanation): string {
  const runs =
    `The server runs on ${server.allocator ?? 'another allocator'}, not on jemalloc, and INFO has no figures of it: holes, free ` +
    `lists, headers and the code of the process cannot be told apart here${used === null ? ', nor can the data' : ''}.`;
  return BUILT_WITH_CHOICE.includes(server.product)
    ? `${runs} The server can neither purge nor defragment them; one that is built with jemalloc can (make MALLOC=jemalloc).`
    : runs;
}

function aboutRest(part: Part, explanation: Explanation): string {
  const { server, peak, used, isServer } = explanation;
  if (part.verdict === 'not-jemalloc' && server.allocator !== null)
    return aboutOtherAllocator(part, explanation);
  const grown =
    peak !== null && used !== null && peak > used
      ? ` The server held up to ${formatBytes(peak)} at its peak.`
      : '';
  const printed = isServer
    ? 'MEMORY MALLOC-STATS prints'
    : 'the program prints with MALLOC_CONF=stats_print:true';
  const more = server.allocator?.startsWith('jemalloc') === true ? ` What ${printed} tells.` : '';
  return (
    'The figures here do not tell whether these are holes, dirty pages, records of the allocator, or memory outside it.' +
    grown +
    more
  );
}

function aboutDirty({ verdict }: Part, { decay, isServer }: Explanation): string {
  const what = 'Freed pages that jemalloc keeps for the next allocations.';
  if (verdict !== 'purge') {
    return (
      `${what} They go back to the system over the ${seconds(decay?.dirtyMs)} after they were freed; a purge gives them ` +
      'back at once.'
    );
  }
  return decay?.dirtyMs === -1
    ? `${what} dirty_decay_ms is -1: they are never given back but by a purge.`
    : `${what} Without background threads they go back only as the ${isServer ? 'server allocates and frees (jemalloc-bg-thread yes)' : 'program allocates and frees (MALLOC_CONF=background_thread:true)'}.`;
}

function aboutMuzzy({ verdict }: Part, { decay }: Explanation): string {
  const what =
    'Pages given back with MADV_FREE: the system takes them when it needs them, and counts them as RSS until then.';
  return verdict === 'purge'
    ? `${what} jemalloc itself will not take them further; a purge does.`
    : `${what} jemalloc gives them up for good over ${seconds(decay?.muzzyMs)}; a purge does so at once.`;
}

function seconds(milliseconds: number | null | undefined): string {
  return milliseconds == null ? 'seconds' : `${formatCount(milliseconds / 1000)} s`;
}
