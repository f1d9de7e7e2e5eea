import { ContainerKind, type Heap } from '../heap/index.js';
import { onePart, type Try, type ValueModel, type ValueParts, ValueType } from '../keyspace/index.js';
import { ListNode } from './list-node.js';
import { EMPTY_LISTPACK } from './listpack.js';
import type { LookupKey } from './lookup-key.js';
import { exceeds, fitsListpack, fitsNode, isLarge, type NodeLimit } from './node-limit.js';
import type { ValueContext } from './value-context.js';

export type End = 'head' | 'tail';

/**
 * A list of nodes of some kilobytes each. Where the version has listpack lists, a list that fits in one node is a
 * listpack.
 */
export class ListValue implements ValueModel {
  readonly type = ValueType.list;
  readonly #space: ValueContext;
  /** The limit of nodes when the quicklist was made, which it keeps. */
  #limit: NodeLimit;
  #nodes: ListNode[] = [];
  #size = 0;
  /** The quicklist's struct; 0 for a listpack. */
  #quicklist = 0;
  /** Bytes of all listpacks and large elements. */
  #heldBytes = 0;

  /**
   * Creates an empty list: a listpack, or a quicklist where the version has no listpack lists. A copy starts with
   * neither.
   */
  constructor(space: ValueContext, isCopy = false, limit = space.listLimit) {
    this.#space = space;
    this.#limit = limit;
    if (isCopy) return;
    if (space.policy.listpackLists) this.#adopt(ListNode.bare(space.heap));
    else this.#quicklist = newQuicklist(space);
  }

  /**
   * Returns an empty quicklist for loading, also where the version keeps small lists as listpacks. `settle(1)`
   * follows when the list is complete.
   */
  static quicklist(space: ValueContext, quicklist = newQuicklist(space)): ListValue {
    const list = new ListValue(space, true);
    list.#quicklist = quicklist;
    return list;
  }

  /** Returns a list of one node, created with that limit. `quicklist` is its struct; 0 for a listpack. */
  static of(space: ValueContext, quicklist: number, node: ListNode, limit: NodeLimit): ListValue {
    const list = new ListValue(space, true, limit);
    list.#quicklist = quicklist;
    list.append(node);
    return list;
  }

  /** Appends a loaded node with its elements. */
  append(node: ListNode): void {
    this.#adopt(node);
    this.#size += node.count;
  }

  /** The nodes from head to tail. */
  get nodes(): readonly ListNode[] {
    return this.#nodes;
  }

  get encoding(): string {
    return this.#quicklist === 0 ? 'listpack' : 'quicklist';
  }

  get size(): number {
    return this.#size;
  }

  get freeEffort(): number {
    return this.#quicklist === 0 ? 1 : this.#nodes.length;
  }

  get logicalBytes(): number {
    if (this.#quicklist === 0) return this.#heldBytes;
    const { quicklist, quicklistNode } = this.#space.version.sizes;
    return quicklist + this.#nodes.length * quicklistNode + this.#heldBytes;
  }

  parts(): ValueParts {
    const space = this.#space;
    const nodes = this.#nodes;
    const [node] = nodes;
    if (this.#quicklist === 0 && node !== undefined) return onePart(node.bytes, node.usage(space));
    const { quicklist, quicklistNode } = space.version.sizes;
    return {
      bytes: quicklist,
      usage: space.policy.keepsUsage ? space.heap.usableOf(this.#quicklist) : quicklist,
      count: nodes.length,
      *elements() {
        for (const node of nodes) yield [quicklistNode + node.bytes, node.usage(space)];
      },
    };
  }

  get scanLength(): number {
    return this.#quicklist === 0 ? 0 : this.#nodes.length;
  }

  defragment(attempt: Try): void {
    if (this.#quicklist !== 0) attempt(this.#quicklist);
    for (const node of this.#nodes) node.defragment(attempt);
  }

  defragmentFrame(attempt: Try): void {
    attempt(this.#quicklist);
  }

  /** The cursor is the index of a node. */
  defragmentSome(cursor: number, attempt: Try): number {
    this.#nodes[cursor]?.defragment(attempt);
    return cursor + 1 < this.#nodes.length ? cursor + 1 : 0;
  }

  /**
   * Converts the list before `count` elements of `bytes` bytes in total are added, if needed
   * (listTypeTryConversionAppend).
   */
  prepare(bytes: number, count: number): void {
    const [node] = this.#nodes;
    if (this.#quicklist !== 0 || node === undefined) return;
    const { heap, contents, listLimit } = this.#space;
    if (!exceeds(listLimit, node.bytes + bytes, this.#size + count)) return;
    this.#limit = listLimit;
    this.#quicklist = newQuicklist(this.#space);
    if (this.#size > 0) {
      node.giveNode(this.#space);
    } else {
      this.#heldBytes -= node.bytes;
      node.free(heap, contents);
      this.#nodes = [];
    }
  }

  /**
   * Converts a quicklist to a listpack if it is within the limits of one node, divided by `share`
   * (listTypeTryConversion). A shrinking list has a share of 2, so that it does not convert back and forth.
   */
  settle(share = 2): void {
    const [node] = this.#nodes;
    if (!this.#space.policy.listpackLists || this.#quicklist === 0) return;
    if (this.#nodes.length !== 1 || node === undefined || node.isPlain) return;
    if (!fitsListpack(this.#space.listLimit, node.bytes, this.#size, share)) return;
    this.#space.heap.free(node.handle);
    node.handle = 0;
    this.#space.heap.free(this.#quicklist);
    this.#quicklist = 0;
  }

  /** Adds an element at one end (listTypePush). */
  push(element: LookupKey, end: End): void {
    const space = this.#space;
    const nodes = this.#nodes;
    const at = end === 'head' ? 0 : nodes.length - 1;
    let node = nodes[at];
    this.#size++;
    if (this.#isLarge(element)) {
      this.#insertNode(at, end === 'tail', ListNode.plain(space, element));
      return;
    }
    if (this.#quicklist !== 0 && !this.#fits(node, element)) {
      node = ListNode.packed(space);
      this.#insertNode(at, end === 'tail', node);
    }
    if (node !== undefined) this.#insertIn(node, end === 'head' ? 0 : node.count, element);
  }

  /** Returns the slot of the element at one end, or 0. */
  peek(end: End): number {
    const node = end === 'head' ? this.#nodes[0] : this.#nodes.at(-1);
    if (node === undefined || this.#size === 0) return 0;
    return end === 'head' ? node.first : node.last;
  }

  /** Removes the element at one end. */
  pop(end: End): void {
    const at = end === 'head' ? 0 : this.#nodes.length - 1;
    const node = this.#nodes[at]!;
    this.#deleteFrom(at, end === 'head' ? 0 : node.count - 1);
  }

  /** Returns the slot of the element at an index from the head, or 0. */
  at(index: number): number {
    const place = this.#locate(index);
    return place === undefined ? 0 : place.node.elements[place.offset]!;
  }

  /** Yields the slots of all elements from the head. */
  *elements(): Generator<number> {
    for (const node of this.#nodes) yield* node.elements;
  }

  /** Yields the slots of up to `count` elements from an index on. */
  *slice(first: number, count: number): Generator<number> {
    let skip = first;
    let left = count;
    for (const { elements } of this.#nodes) {
      for (let at = skip; at < elements.length && left > 0; at++, left--) yield elements[at]!;
      skip = Math.max(0, skip - elements.length);
      if (left === 0) return;
    }
  }

  /** Returns the index of the first equal element from the head, or -1. */
  indexOf(element: LookupKey): number {
    const { contents } = this.#space;
    let index = 0;
    for (const kept of this.elements()) {
      if (contents.equals(kept, element)) return index;
      index++;
    }
    return -1;
  }

  /**
   * Returns up to `limit` indexes of equal elements, from the `rank`th on. At most `longest` elements are compared,
   * from the tail if `rank` is negative.
   */
  positionsOf(element: LookupKey, rank: number, limit: number, longest: number): number[] {
    const { contents } = this.#space;
    const kept = [...this.elements()];
    const isReversed = rank < 0;
    const found: number[] = [];
    let skip = Math.abs(rank) - 1;
    for (let step = 0; step < Math.min(kept.length, longest) && found.length < limit; step++) {
      const at = isReversed ? kept.length - 1 - step : step;
      if (!contents.equals(kept[at]!, element)) continue;
      if (skip-- <= 0) found.push(at);
    }
    return found;
  }

  /** Inserts an element beside the element at `index` (LINSERT). */
  insert(index: number, element: LookupKey, after: boolean): void {
    const place = this.#locate(index);
    if (place === undefined) return;
    this.#insertBeside(place.at, place.offset, element, after);
  }

  /** Replaces the element at `index` (LSET). */
  replace(index: number, element: LookupKey): void {
    const space = this.#space;
    const place = this.#locate(index);
    if (place === undefined) return;
    const { at, node, offset } = place;
    const iterator = this.#quicklist === 0 ? 0 : space.iterator(space.version.sizes.quicklistIterator);
    if (!node.isPlain && !this.#isLarge(element)) {
      const before = node.bytes;
      node.replace(space, offset, element);
      this.#heldBytes += node.bytes - before;
    } else if (node.isPlain) {
      this.#replacePlain(at, node, element);
    } else {
      this.#replaceByLarge(at, node, offset, element);
    }
    space.endIterator(iterator);
  }

  /** Removes up to `limit` equal elements (0: all), starting at one end (LREM). Returns how many were removed. */
  remove(element: LookupKey, limit: number, end: End): number {
    const { contents } = this.#space;
    let removed = 0;
    const isDone = () => limit > 0 && removed === limit;
    const step = end === 'head' ? 1 : -1;
    let at = end === 'head' ? 0 : this.#nodes.length - 1;
    while (at >= 0 && at < this.#nodes.length && !isDone()) {
      const node = this.#nodes[at]!;
      let offset = end === 'head' ? 0 : node.count - 1;
      let isGone = false;
      while (!isGone && offset >= 0 && offset < node.count && !isDone()) {
        if (contents.equals(node.elements[offset]!, element)) {
          isGone = this.#deleteFrom(at, offset);
          removed++;
          if (end === 'tail') offset--;
        } else {
          offset += step;
        }
      }
      if (!isGone || end === 'tail') at += step;
    }
    return removed;
  }

  /**
   * Deletes `count` elements from index `start` (listTypeDelRange). If the server counts the start from the tail, it
   * empties the first node's listpack before it frees the node.
   */
  deleteRange(start: number, count: number, countsFromTail = false): void {
    const space = this.#space;
    let left = Math.min(count, this.#size - start);
    const place = this.#locate(start);
    if (left <= 0 || place === undefined) return;
    if (this.#quicklist === 0) {
      this.#deleteIn(place.node, start, left);
      this.#size -= left;
      return;
    }
    space.endIterator(space.iterator(space.version.sizes.quicklistIterator));
    let { at, offset } = place;
    let mayTakeWhole = !countsFromTail;
    while (left > 0) {
      const node = this.#nodes[at]!;
      const count = Math.min(left, node.count - offset);
      left -= count;
      this.#size -= count;
      if (node.isPlain || (mayTakeWhole && offset === 0 && count === node.count)) {
        this.#deleteNode(at);
      } else {
        this.#deleteIn(node, offset, count);
        if (node.count === 0) this.#deleteNode(at);
        else at++;
      }
      mayTakeWhole = true;
      offset = 0;
    }
  }

  free(heap: Heap): void {
    for (const node of this.#nodes) node.free(heap, this.#space.contents);
    if (this.#quicklist !== 0) heap.free(this.#quicklist);
  }

  /** Returns a copy (listTypeDup). */
  copy(): ListValue {
    const copy = new ListValue(this.#space, true, this.#limit);
    if (this.#quicklist !== 0) copy.#quicklist = newQuicklist(this.#space);
    for (const node of this.#nodes) copy.#adopt(node.copy(this.#space));
    copy.#size = this.#size;
    return copy;
  }

  /** Inserts an element beside the element at `offset` of a node (_quicklistInsert). */
  #insertBeside(at: number, offset: number, element: LookupKey, after: boolean): void {
    const space = this.#space;
    const node = this.#nodes[at]!;
    this.#size++;
    if (this.#quicklist === 0) {
      this.#insertIn(node, after ? offset + 1 : offset, element);
      return;
    }
    const isAtEdge = offset === (after ? node.count - 1 : 0);
    if (this.#isLarge(element)) {
      this.#insertLarge(at, offset, element, after, isAtEdge);
    } else if (this.#fits(node, element)) {
      this.#insertIn(node, after ? offset + 1 : offset, element);
    } else if (isAtEdge) {
      const neighbour = this.#nodes[after ? at + 1 : at - 1];
      if (neighbour !== undefined && this.#fits(neighbour, element)) {
        this.#insertIn(neighbour, after ? 0 : neighbour.count, element);
      } else {
        const added = ListNode.packed(space);
        added.insert(space, 0, element);
        this.#insertNode(at, after, added);
      }
    } else {
      const added = this.#split(node, offset, after);
      added.insert(space, after ? 0 : added.count, element);
      this.#insertNode(at, after, added);
      this.#mergeAround(node);
    }
  }

  #insertLarge(at: number, offset: number, element: LookupKey, after: boolean, isAtEdge: boolean): void {
    const space = this.#space;
    const node = this.#nodes[at]!;
    if (node.isPlain || isAtEdge) {
      this.#insertNode(at, after, ListNode.plain(space, element));
      return;
    }
    const rest = this.#split(node, offset, after);
    const added = ListNode.plain(space, element);
    this.#insertNode(at, after, added);
    this.#insertNode(this.#nodes.indexOf(added), after, rest);
  }

  #replacePlain(at: number, node: ListNode, element: LookupKey): void {
    const { heap, contents } = this.#space;
    if (this.#isLarge(element)) {
      heap.free(node.plain);
      node.plain = heap.malloc(element.length, ContainerKind.plainNode);
      this.#heldBytes += element.length - node.plainBytes;
      node.plainBytes = element.length;
      contents.release(node.elements[0]!);
      node.elements[0] = contents.keep(element);
    } else {
      this.#insertBeside(at, 0, element, true);
      this.#size--;
      this.#deleteNode(at);
    }
  }

  #replaceByLarge(at: number, node: ListNode, offset: number, element: LookupKey): void {
    const space = this.#space;
    if (!space.policy.splitsOnReplace) {
      this.#insertBeside(at, offset, element, true);
      this.#deleteFrom(at, offset);
      return;
    }
    const isLast = offset === node.count - 1;
    const rest = isLast ? undefined : this.#split(node, offset, true);
    const added = ListNode.plain(space, element);
    this.#insertNode(at, true, added);
    if (rest !== undefined) this.#insertNode(at + 1, true, rest);
    this.#size++;
    if (node.count === 1) {
      this.#size--;
      this.#deleteNode(at);
    } else {
      this.#deleteFrom(at, offset);
      this.#mergeAround(added);
    }
  }

  /** Deletes an element (quicklistDelIndex). Returns whether its node was deleted too. */
  #deleteFrom(at: number, offset: number): boolean {
    const node = this.#nodes[at]!;
    this.#size--;
    if (node.isPlain) {
      this.#deleteNode(at);
      return true;
    }
    const before = node.bytes;
    node.delete(this.#space, offset);
    this.#heldBytes += node.bytes - before;
    if (node.count > 0 || this.#quicklist === 0) return false;
    this.#deleteNode(at);
    return true;
  }

  #adopt(node: ListNode): void {
    this.#nodes.push(node);
    this.#heldBytes += node.bytes;
  }

  #insertIn(node: ListNode, at: number, element: LookupKey): void {
    const before = node.bytes;
    node.insert(this.#space, at, element);
    this.#heldBytes += node.bytes - before;
  }

  #deleteIn(node: ListNode, at: number, count: number): void {
    const before = node.bytes;
    node.deleteRange(this.#space, at, count);
    this.#heldBytes += node.bytes - before;
  }

  /** Splits a node; the bytes of the new node are counted when it is inserted. */
  #split(node: ListNode, at: number, after: boolean): ListNode {
    const before = node.bytes;
    const rest = node.split(this.#space, at, after);
    this.#heldBytes += node.bytes - before;
    return rest;
  }

  #deleteNode(at: number): void {
    const [node] = this.#nodes.splice(at, 1) as [ListNode];
    this.#heldBytes -= node.bytes;
    node.free(this.#space.heap, this.#space.contents);
  }

  #insertNode(at: number, after: boolean, node: ListNode): void {
    const nodes = this.#nodes;
    const place = after ? at + 1 : Math.max(at, 0);
    this.#heldBytes += node.bytes;
    if (place >= nodes.length) nodes.push(node);
    else nodes.splice(place, 0, node);
  }

  /** Merges nodes (_quicklistMergeNodes): the two before, the two after, then the centre with each neighbour. */
  #mergeAround(centre: ListNode): void {
    const at = this.#nodes.indexOf(centre);
    const [beforePrevious, previous, next, afterNext] = [-2, -1, 1, 2].map((by) => this.#nodes[at + by]);
    this.#merge(beforePrevious, previous);
    this.#merge(next, afterNext);
    const target = this.#merge(this.#nodes[this.#nodes.indexOf(centre) - 1], centre) ?? centre;
    this.#merge(target, this.#nodes[this.#nodes.indexOf(target) + 1]);
  }

  /** Merges two nodes into the larger one, if both fit in one (lpMerge). Returns the node that stays, or undefined. */
  #merge(left: ListNode | undefined, right: ListNode | undefined): ListNode | undefined {
    const { heap, contents, policy } = this.#space;
    if (left?.listpack === undefined || right?.listpack === undefined) return undefined;
    const entries = left.count + right.count;
    if (exceeds(this.#limit, left.bytes + right.bytes - policy.mergeSaves, entries)) return undefined;
    const keepsLeft = left.bytes >= right.bytes;
    const kept = keepsLeft ? left : right;
    const gone = keepsLeft ? right : left;
    const listpack = kept.listpack!;
    listpack.bytes += gone.bytes - EMPTY_LISTPACK;
    this.#heldBytes -= EMPTY_LISTPACK;
    heap.realloc(listpack.handle, listpack.bytes, listpack.owner);
    kept.elements = left.elements.concat(right.elements);
    gone.elements = [];
    this.#nodes.splice(this.#nodes.indexOf(gone), 1);
    gone.free(heap, contents);
    return kept;
  }

  #fits(node: ListNode | undefined, element: LookupKey): boolean {
    if (node === undefined || node.isPlain) return false;
    return fitsNode(this.#limit, node.bytes, node.count, element.length);
  }

  #isLarge(element: LookupKey): boolean {
    return this.#quicklist !== 0 && isLarge(this.#limit, this.#space.policy.plainNodeBytes, element.length);
  }

  #locate(index: number): { at: number; node: ListNode; offset: number } | undefined {
    if (index < 0 || index >= this.#size) return undefined;
    // The walk starts at the nearer end.
    if (index * 2 < this.#size) {
      let offset = index;
      for (let at = 0; ; at++) {
        const node = this.#nodes[at]!;
        if (offset < node.count) return { at, node, offset };
        offset -= node.count;
      }
    }
    let fromTail = this.#size - 1 - index;
    for (let at = this.#nodes.length - 1; ; at--) {
      const node = this.#nodes[at]!;
      const length = node.count;
      if (fromTail < length) return { at, node, offset: length - 1 - fromTail };
      fromTail -= length;
    }
  }
}

/** Allocates the struct of a quicklist. */
export function newQuicklist({ heap, version }: ValueContext): number {
  return heap.malloc(version.sizes.quicklist, ContainerKind.quicklist);
}
