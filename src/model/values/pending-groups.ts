import { idKey, type StreamId } from '../../commands/index.js';
import { ContainerKind, DataType, type Heap } from '../heap/index.js';
import type { ByteCount } from './byte-count.js';
import { RadixTree } from './radix-tree.js';
import type { ValueContext } from './value-context.js';

/** The list of the groups in which an entry is pending. */
interface GroupList {
  readonly handle: number;
  /** The handles of its nodes, one for each group. */
  readonly nodes: Set<number>;
}

/** Keeps the groups in which each entry of a stream is pending: a radix tree of lists, made for the first (cgroups_ref). */
export class PendingGroups {
  readonly #space: ValueContext;
  readonly #tally: ByteCount;
  #tree: RadixTree<GroupList> | undefined;

  constructor(space: ValueContext, tally: ByteCount) {
    this.#space = space;
    this.#tally = tally;
  }

  /** Notes that an entry is pending in a group, and returns the handle of the list node (streamLinkCGroupToEntry). */
  link(id: StreamId): number {
    const { heap, version } = this.#space;
    const { list, listNode } = version.sizes;
    this.#tree ??= new RadixTree(heap, version.sizes, DataType.stream, this.#tally);
    const key = idKey(id);
    let groups = this.#tree.get(key);
    if (groups === undefined) {
      groups = { handle: heap.malloc(list, ContainerKind.pendingEntry), nodes: new Set() };
      this.#tree.insert(key, groups);
      this.#tally.bytes += list;
    }
    const node = heap.malloc(listNode, ContainerKind.pendingEntry);
    groups.nodes.add(node);
    this.#tally.bytes += listNode;
    return node;
  }

  /** Frees the node of a link, and the list with its last node (streamUnlinkEntryFromCGroupRef). */
  unlink(id: StreamId, node: number): void {
    const key = idKey(id);
    const groups = this.#tree?.get(key);
    if (groups === undefined) return;
    const { heap, version } = this.#space;
    heap.free(node);
    groups.nodes.delete(node);
    this.#tally.bytes -= version.sizes.listNode;
    if (groups.nodes.size > 0) return;
    this.#tree?.remove(key);
    heap.free(groups.handle);
    this.#tally.bytes -= version.sizes.list;
  }

  /** The bytes that MEMORY USAGE counts: the tree, without its lists. */
  get usage(): number {
    return this.#tree === undefined ? 0 : this.#space.usageOfTree(this.#tree);
  }

  /** Whether an entry is pending in any group. */
  has(id: StreamId): boolean {
    return this.#tree?.get(idKey(id)) !== undefined;
  }

  /** Frees the list of an entry that has been taken out of all groups (streamCleanupEntryCGroupRefs). */
  drop(id: StreamId): void {
    const groups = this.#tree?.remove(idKey(id));
    if (groups === undefined) return;
    const { heap, version } = this.#space;
    for (const node of groups.nodes) heap.free(node);
    heap.free(groups.handle);
    this.#tally.bytes -= version.sizes.list + groups.nodes.size * version.sizes.listNode;
  }

  /** Returns the bytes of the tree and its lists, counted by a walk. */
  walkedBytes(): number {
    const { list, listNode } = this.#space.version.sizes;
    let sum = this.#tree?.walkedBytes() ?? 0;
    for (const { nodes } of this.#tree?.values() ?? []) sum += list + nodes.size * listNode;
    return sum;
  }

  free(heap: Heap): void {
    const { list, listNode } = this.#space.version.sizes;
    this.#tree?.free(heap, ({ handle, nodes }) => {
      for (const node of nodes) heap.free(node);
      heap.free(handle);
      this.#tally.bytes -= list + nodes.size * listNode;
    });
  }
}
