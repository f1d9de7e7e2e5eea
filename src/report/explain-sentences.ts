/** Explains each part of RSS and its verdict in a sentence or two. */
import type { Explanation, Part, PartName, Verdict } from '../analysis/index.js';
import { formatBytes, formatCount, formatShare, plural } from '../base/index.js';
export const PART_NAMES: Readonly<Record<PartName, string>> = {
  data: 'live data',
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
  'other-allocator': 'C library malloc',
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
  none: 'nothing to do',
};

const SENTENCES: Readonly<Record<PartName, (part: Part, all: Explanation) => string>> = {
  data: aboutData,
  buffers: aboutBuffers,
  other: () =>
    'Allocated through jemalloc, but not by the keyspace: modules, OpenSSL, or other libraries of the process. No setting ' +
    'of the allocator changes it.',
  lua: aboutLua,
  parked: aboutParked,
  'parked-or-other': () =>
    'Allocated, but not counted in used_memory: parked in tcaches, or held by other code of the process (OpenSSL or Lua, ' +
    "where jemalloc is the system's malloc). MEMORY MALLOC-STATS tells which.",
  holes: aboutHoles,
  padding: () =>
    'This jemalloc is cache-oblivious: each allocation over 14 KiB gets a page more than it asked for. Values below that ' +
    'have no such page, nor do the jemallocs that Redis 7.2 and Valkey bundle.',
  dirty: aboutDirty,
  muzzy: aboutMuzzy,
  metadata: ({ bytes }, { peak }) =>
    `jemalloc's own records take ${formatBytes(bytes)}. They grew with the peak (used_memory was ${formatBytes(peak)} ` +
    'once), are used again, and are never given back.',
  'dirty-or-metadata': () =>
    "Dirty pages, which go back within seconds of rest, and jemalloc's own records, which never do. What a purge takes " +
    'was dirty.',
  process: ({ verdict }) =>
    'RSS less all that jemalloc counts: code and libraries, stacks, modules, the heap of the C library, transparent huge ' +
    `pages. ${verdict === 'none' ? '' : 'Nothing that jemalloc is told changes it; smaps_rollup says what it is. '}` +
    'In it is also what INFO has RSS wrong by: Linux (6.2 and later) adds up the counts of its processors only now and ' +
    'then, which can be 256 KiB for each.',
  'other-allocator': (_, { server }) =>
    `The server runs on ${server.allocator}, not on jemalloc, which tells nothing of itself: holes, free lists, headers and ` +
    'the code of the process cannot be told apart here, and the server can neither purge nor defragment them. Install or ' +
    'build a server with jemalloc (make MALLOC=jemalloc).',
  untouched: () =>
    'jemalloc counts pages that nobody has written to yet (ends of large values, announced values that did not arrive, new tables), or that were ' +
    'swapped out: there is no memory behind them, so the other parts add up to more than RSS.',
  sampling: () =>
    'INFO samples RSS every 100 ms; this much came or went between its sample and the statistics.',
};

export function sentenceOn(part: Part, explanation: Explanation): string {
  return SENTENCES[part.name](part, explanation).trim();
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
  const named: [string, number][] = [
    ['clients', clients],
    ['replicas', replicas],
    ['replication backlog', backlog],
    ['AOF', aof],
    ['cluster links', clusterLinks],
  ];
  const list = named
    .filter(([, bytes]) => bytes > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([name, bytes]) => `${name} ${formatBytes(bytes)}`);
  return (
    `Of ${list.join(', ')}: replies that are not fetched, or commands that are not complete. ` +
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
    "Lua's own count of its heap: scripts, and what they left for Lua's collector. Nothing that jemalloc is told changes " +
    `it. ${flushed}`
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

function aboutHoles({ verdict }: Part, { classes, server, keys }: Explanation): string {
  const top = classes?.[0];
  const where =
    top === undefined
      ? ''
      : ` Class ${top.size} has most: ${plural(top.slabs, 'slab')}, ${formatShare(top.util)} used, ` +
        `${formatBytes(top.holes)} free.`;
  // INFO of servers before Valkey 8 and Redis 7.4 counts holes and padding together.
  const padded =
    classes === null && (keys?.bytesEach ?? 0) > PADDED_FROM
      ? ' With values this large a part of it may be a page that jemalloc adds to each of them (MEMORY MALLOC-STATS tells), which nothing moves.'
      : '';
  const cause = `Survivors pin slabs of which the rest is free: neither waiting nor a purge gives that back.${where}${padded}`;
  switch (verdict) {
    case 'restart':
      return (
        `${cause} The server cannot defragment with the system's jemalloc: a restart packs the survivors anew (SHUTDOWN SAVE, then start), or a ` +
        'failover to a replica that was synchronised since.'
      );
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

function aboutDirty({ verdict }: Part, { decay }: Explanation): string {
  const what = 'Freed pages that jemalloc keeps for the next allocations.';
  if (verdict !== 'purge') {
    return (
      `${what} They go back to the system over the ${seconds(decay?.dirtyMs)} after they were freed; a purge gives them ` +
      'back at once.'
    );
  }
  return decay?.dirtyMs === -1
    ? `${what} dirty_decay_ms is -1: they are never given back but by a purge.`
    : `${what} Without background threads they go back only as the server allocates and frees (jemalloc-bg-thread yes).`;
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
