/** What jemalloc counts as resident, and the system has no memory behind, on any server: most of its large records. */
import type { MallocStats } from '../malloc-stats.js';
import type { ServerInfo } from '../server-info.js';

const MIB = 1024 * 1024;

/** The same from both, but that INFO alone tells less of the records. */
export function unbackedByStats(info: ServerInfo, stats: MallocStats): number {
  const { totals, pools, bins, large, pageSize } = stats;
  const extents =
    bins.reduce((sum, { curslabs }) => sum + curslabs, 0) +
    large.reduce((sum, { curlextents }) => sum + curlextents, 0);
  const records = totals.metadata - pools.internal - extents * EXTENT_RECORD;
  return unbackedLeaves(totals.mapped + totals.retained, records, pageSize) + neverWritten(info);
}

export function unbackedByInfo(info: ServerInfo): number {
  const { resident, active } = info.sample;
  return unbackedLeaves(resident, resident - active, 4096) + neverWritten(info);
}

/** extent_t of 5.2, edata_t of 5.3. */
const EXTENT_RECORD = 128;

/**
 * jemalloc's largest records are the nodes of its tree of pages, and it counts them as resident as a whole. The system
 * backs only those pages of a node in which there are words of pages in use, which on a server of some 100 MiB is a tenth
 * of 2 MiB.
 *
 * `records`: the bytes of the nodes and of others.
 */
function unbackedLeaves(addressSpace: number, records: number, pageSize: number): number {
  if (pageSize !== 4096) return 0;
  const pages = addressSpace / pageSize;
  const countOf = ({ pages: each }: Tree) => Math.ceil(pages / each);
  // Its own records fit besides, so a server that has less than the leaves of the one has the other.
  const tree = records < countOf(TREE_48) * TREE_48.pages * TREE_48.word ? TREE_57 : TREE_48;
  return Math.round(tree.inner + (countOf(tree) * tree.pages - pages) * tree.word);
}

interface Tree {
  /** Of a leaf, and the bytes that it has for each. */
  readonly pages: number;
  readonly word: number;
  /** Bytes of nodes between root and leaves; a page of them is in use. */
  readonly inner: number;
}

/**
 * rtree.h: LG_VADDR is what the processor can address on which jemalloc was configured. With 48 bits a leaf has 2^18 words.
 * With 57 (Ice Lake, Zen 4 and later) it has 2^15 of 16 bytes, since the compact form does not fit, and there is a level more.
 */
const TREE_48: Tree = { pages: 2 ** 18, word: 8, inner: 0 };
const TREE_57: Tree = { pages: 2 ** 15, word: 16, inner: 2 ** 15 * 8 - 4096 };

/**
 * What a server has from its start and never writes: most of its tables for as many clients as may come, ends of the
 * blocks that jemalloc's records are cut from, and of the stacks of its threads' caches. Between what jemalloc counts and
 * what /proc/PID/smaps has for its mappings, leaves and tables for clients aside, there are 0.65 to 1 MiB: on redis 7.0.15
 * with its own jemalloc and with Debian's, for 100 and 10,000 clients, just started and with 100 MiB of keys.
 */
function neverWritten({ maxClients }: ServerInfo): number {
  return Math.round(0.8 * MIB) + maxClients * CLIENT_ROW;
}

/** Of the event loop: an epoll_event and a fired event. */
const CLIENT_ROW = 20;
