import { type Heap, SizeClasses, StructKind } from '../heap/index.js';
import type { EmptyTree } from '../values/index.js';
import type { ServerVersion } from '../versions/index.js';

/** A server has one interpreter for scripts and one for functions. */
const INTERPRETERS = 2;
/** Bytes of a radix tree's head without keys. */
const EMPTY_HEAD_BYTES = 8;

/**
 * Allocates the start-up regions of a server: all before its first client, except its tables of keys. A server linked
 * with the system's jemalloc shares it with Lua and the C library, whose memory does not count as used_memory. Returns
 * the tree of the names of errors, which is among them.
 */
export function startUp(
  heap: Heap,
  { startUp: counts, sizes }: ServerVersion,
  isSystemAllocator: boolean,
  isCluster: boolean,
): EmptyTree {
  if (isSystemAllocator) {
    const used = heap.used;
    allocate(heap, counts.otherLibraries, StructKind.otherLibraries);
    freeAll(heap, allocate(heap, counts.otherTransient, StructKind.otherLibraries));
    heap.used = used;
  }
  for (let number = 0; number < INTERPRETERS && counts.interpreter.length > 0; number++) {
    heap.inInterpreter(number, () => {
      allocate(heap, counts.interpreter, StructKind.script);
      freeAll(heap, allocate(heap, counts.interpreterTransient, StructKind.script));
    });
  }
  const live = isCluster ? combined(counts.live, counts.cluster) : counts.live;
  const handles = allocate(heap, live, StructKind.startUp);
  freeAll(heap, allocate(heap, counts.transient, StructKind.startUp));
  const ofSize = (bytes: number) => handles[indexOfSize(live, bytes)]!;
  return { struct: ofSize(sizes.rax), head: ofSize(EMPTY_HEAD_BYTES) };
}

/** Returns the number of regions before the first one of that size. */
function indexOfSize(pairs: readonly number[], bytes: number): number {
  let before = 0;
  for (let at = 0; at < pairs.length && pairs[at] !== bytes; at += 2) before += pairs[at + 1]!;
  return before;
}

function freeAll(heap: Heap, handles: readonly number[]): void {
  for (const handle of handles) heap.free(handle);
}

/**
 * Returns the bytes that Lua and the C library hold from the start in an allocator that they share with the server.
 * They are live for the allocator, and no part of used_memory.
 */
export function foreignStartUpBytes(
  { startUp: { otherLibraries } }: ServerVersion,
  sizeClasses: readonly number[],
): number {
  const classes = new SizeClasses(sizeClasses);
  let bytes = 0;
  for (let at = 0; at < otherLibraries.length; at += 2) {
    bytes += classes.usable(otherLibraries[at]!) * otherLibraries[at + 1]!;
  }
  return bytes;
}

/** Returns the sums of two lists of counts by size, ascending, without counts of 0 and below. */
function combined(pairs: readonly number[], more: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const list of [pairs, more]) {
    for (let at = 0; at < list.length; at += 2) {
      const bytes = list[at]!;
      counts.set(bytes, (counts.get(bytes) ?? 0) + list[at + 1]!);
    }
  }
  return [...counts]
    .filter(([, count]) => count > 0)
    .sort(([left], [right]) => left - right)
    .flat();
}

function allocate(heap: Heap, pairs: readonly number[], owner: StructKind): number[] {
  const handles: number[] = [];
  for (let at = 0; at < pairs.length; at += 2) {
    const bytes = pairs[at]!;
    for (let count = pairs[at + 1]!; count > 0; count--) {
      handles.push(heap.malloc(bytes, owner));
    }
  }
  return handles;
}
