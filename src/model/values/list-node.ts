import { ContainerKind, type Heap, ListpackKind } from '../heap/index.js';
import type { Try } from '../keyspace/index.js';
import type { ByteArena } from './byte-arena.js';
import { Listpack } from './listpack.js';
import { entryBytes } from './listpack-entry.js';
import type { LookupKey } from './lookup-key.js';
import type { ValueContext } from './value-context.js';

/**
 * A node of a quicklist: a listpack of elements, or one large element by itself. A list that is one listpack is a
 * node too.
 */
export class ListNode {
  /** The node's struct; 0 for a list that is one listpack. */
  handle: number;
  listpack: Listpack | undefined;
  /** A large element's allocation. */
  plain = 0;
  plainBytes = 0;
  /**
   * Slots of the elements in the byte arena. Elements pushed at the head are in the order of their pushes, the others
   * from head to tail. So a push at either end moves no other element.
   */
  #front: number[] = [];
  #back: number[] = [];

  private constructor(handle: number, listpack: Listpack | undefined) {
    this.handle = handle;
    this.listpack = listpack;
  }

  static packed(space: ValueContext): ListNode {
    const handle = newStruct(space);
    return new ListNode(handle, Listpack.create(space.heap, ListpackKind.list));
  }

  /** Returns a node with one large element, which is the only one that it ever has. */
  static plain(space: ValueContext, element: LookupKey): ListNode {
    const { heap, contents } = space;
    const node = new ListNode(newStruct(space), undefined);
    node.plainBytes = element.length;
    node.plain = heap.malloc(element.length, ContainerKind.plainNode);
    node.elements.push(contents.keep(element));
    return node;
  }

  /** Returns a node whose struct, if it has one, and listpack are allocated. */
  static of(handle: number, listpack: Listpack): ListNode {
    return new ListNode(handle, listpack);
  }

  /** Returns a node for a loaded listpack. */
  static around(space: ValueContext, listpack: Listpack): ListNode {
    return new ListNode(newStruct(space), listpack);
  }

  /** Returns a node for a listpack that is still being filled; `giveNode` follows. */
  static converting(listpack: Listpack): ListNode {
    return new ListNode(0, listpack);
  }

  /** Returns a node for a loaded large element. */
  static aroundPlain(space: ValueContext, plain: number, element: LookupKey): ListNode {
    const node = new ListNode(newStruct(space), undefined);
    node.plain = plain;
    node.plainBytes = element.length;
    node.#back.push(space.contents.keep(element));
    return node;
  }

  /** Returns an empty listpack without a node's struct, for a list that is one listpack. */
  static bare(heap: Heap): ListNode {
    return new ListNode(0, Listpack.create(heap, ListpackKind.list));
  }

  /** Tries the struct, then the listpack or the large element. */
  defragment(attempt: Try): void {
    if (this.handle !== 0) attempt(this.handle);
    attempt(this.listpack === undefined ? this.plain : this.listpack.handle);
  }

  get count(): number {
    return this.#front.length + this.#back.length;
  }

  /** Slots of all elements from head to tail. */
  get elements(): number[] {
    if (this.#front.length > 0) {
      this.#back = this.#front.reverse().concat(this.#back);
      this.#front = [];
    }
    return this.#back;
  }

  set elements(elements: number[]) {
    this.#front = [];
    this.#back = elements;
  }

  get first(): number {
    return this.#front.at(-1) ?? this.#back[0] ?? 0;
  }

  get last(): number {
    return this.#back.at(-1) ?? this.#front[0] ?? 0;
  }

  get bytes(): number {
    return this.listpack === undefined ? this.plainBytes : this.listpack.bytes;
  }

  /** Returns the bytes of the node's struct, if it has one, and of its contents as MEMORY USAGE counts them. */
  usage(space: ValueContext): number {
    const { heap, policy, version } = space;
    const held = this.listpack === undefined ? heap.usableOf(this.plain) : space.usageOfPack(this.listpack);
    if (policy.keepsUsage && this.handle !== 0) return heap.usableOf(this.handle) + held;
    return this.handle === 0 ? held : version.sizes.quicklistNode + held;
  }

  get isPlain(): boolean {
    return this.listpack === undefined;
  }

  /** Allocates the node's struct, when a list that was one listpack becomes a quicklist. */
  giveNode(space: ValueContext): void {
    this.handle = newStruct(space);
  }

  /** Adds an element that the loaded listpack contains already. */
  adopt({ contents }: ValueContext, element: LookupKey): void {
    this.#back.push(contents.keep(element));
  }

  insert({ heap, contents }: ValueContext, at: number, element: LookupKey): void {
    this.#listpackOf().change(heap, entryBytes(element.bytes, element.start, element.length), 0);
    const kept = contents.keep(element);
    if (at === this.count) this.#back.push(kept);
    else if (at === 0) this.#front.push(kept);
    else this.elements.splice(at, 0, kept);
  }

  replace(space: ValueContext, at: number, element: LookupKey): void {
    const { heap, contents } = space;
    const old = this.elements[at]!;
    const added = entryBytes(element.bytes, element.start, element.length);
    this.#listpackOf().change(heap, added, space.keptEntryBytes(old));
    this.elements[at] = contents.keep(element);
    contents.release(old);
  }

  /** Deletes one element (lpDelete). */
  delete(space: ValueContext, at: number): void {
    const isLast = at === this.count - 1;
    const old = at === 0 ? this.first : isLast ? this.last : this.elements[at]!;
    this.#listpackOf().change(space.heap, 0, space.keptEntryBytes(old));
    if (at === 0 && this.#front.length > 0) this.#front.pop();
    else if (at === 0) this.#back.shift();
    else if (isLast) this.elements.pop();
    else this.elements.splice(at, 1);
    space.contents.release(old);
  }

  /** Deletes several elements at once (lpDeleteRange). */
  deleteRange(space: ValueContext, at: number, count: number): void {
    if (count <= 0) return;
    let removed = 0;
    for (const element of this.elements.splice(at, count)) {
      removed += space.keptEntryBytes(element);
      space.contents.release(element);
    }
    this.#listpackOf().deleteRange(space.heap, removed);
  }

  /**
   * Splits the node (_quicklistSplitNode): copies the whole listpack, then deletes the other half's elements from
   * each half. Returns the new node. With `after` it has the elements after `at`, else those before `at`.
   */
  split(space: ValueContext, at: number, after: boolean): ListNode {
    const { heap } = space;
    const node = new ListNode(newStruct(space), undefined);
    node.listpack = this.#listpackOf().copy(heap);
    const cut = after ? at + 1 : at;
    const rest = this.elements.splice(cut);
    const own = after ? this.elements : rest;
    node.elements = after ? rest : this.elements;
    this.elements = own;
    const ownBytes = bytesOf(space, own);
    const newBytes = bytesOf(space, node.elements);
    if (node.elements.length > 0) this.#listpackOf().deleteRange(heap, newBytes);
    if (own.length > 0) node.listpack.deleteRange(heap, ownBytes);
    return node;
  }

  free(heap: Heap, contents: ByteArena): void {
    if (this.plain !== 0) heap.free(this.plain);
    this.listpack?.free(heap);
    if (this.handle !== 0) heap.free(this.handle);
    for (const element of this.elements) contents.release(element);
  }

  copy(space: ValueContext): ListNode {
    const { heap, contents } = space;
    const handle = this.handle === 0 ? 0 : newStruct(space);
    const copy = new ListNode(handle, this.listpack?.copy(heap));
    copy.plainBytes = this.plainBytes;
    if (this.plain !== 0) copy.plain = heap.malloc(this.plainBytes, ContainerKind.plainNode);
    copy.elements = this.elements.map((element) => contents.copy(element));
    return copy;
  }

  #listpackOf(): Listpack {
    if (this.listpack === undefined) throw new Error('a large list element has a node without a listpack');
    return this.listpack;
  }
}

function newStruct({ heap, version }: ValueContext): number {
  return heap.malloc(version.sizes.quicklistNode, ContainerKind.quicklistNode);
}

function bytesOf(space: ValueContext, elements: readonly number[]): number {
  let bytes = 0;
  for (const element of elements) bytes += space.keptEntryBytes(element);
  return bytes;
}
