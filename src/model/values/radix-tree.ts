import { ContainerKind, type DataType, type Heap, tagOf } from '../heap/index.js';
import type { Try } from '../keyspace/index.js';
import type { StructSizes } from '../versions/index.js';
import { ByteCount } from './byte-count.js';

/** Bytes that MEMORY USAGE estimates for each key, and pointers for each node. */
const STREAM_ID_BYTES = 16;
const ESTIMATED_POINTERS = 30;

/**
 * A node has one byte of key for each child. A compressed node has several bytes in a row and one child after them.
 *
 *     header 4 | bytes, padded so that pointers are aligned | child pointers | value pointer, if a key ends here
 */
interface Node<Value> {
  handle: number;
  bytes: number[];
  isCompressed: boolean;
  children: Node<Value>[];
  /** The value of the key that ends at this node, before its bytes. */
  value: Value | undefined;
}

/** The regions of a tree without keys. */
export interface EmptyTree {
  readonly struct: number;
  readonly head: number;
}

/** The place where a walk along a key ended. */
interface Walk<Value> {
  readonly node: Node<Value>;
  readonly parents: Node<Value>[];
  /** Number of bytes of the key that were followed. */
  readonly matched: number;
  /** Number of these bytes within the last node, if the walk ended inside a compressed one; else 0. */
  readonly within: number;
}

/**
 * The server's radix tree (rax.c) as its allocations. Streams keep their listpacks, groups and pending entries in
 * such trees.
 */
export class RadixTree<Value> {
  size = 0;
  nodes = 1;
  #head: Node<Value>;
  readonly #heap: Heap;
  readonly #sizes: StructSizes;
  readonly #handle: number;
  readonly #structBytes: number;
  readonly #tally: ByteCount;
  readonly #nodeOwner: number;

  /**
   * Creates an empty tree, whose bytes are counted in `tally` until they are freed. `metadata` bytes follow its struct.
   * An empty tree that exists already is taken over.
   */
  constructor(
    heap: Heap,
    sizes: StructSizes,
    subject: DataType,
    tally = new ByteCount(),
    metadata = 0,
    made?: EmptyTree,
  ) {
    this.#heap = heap;
    this.#sizes = sizes;
    this.#nodeOwner = tagOf(ContainerKind.radixNode, subject);
    this.#tally = tally;
    this.#structBytes = sizes.rax + metadata;
    tally.bytes += this.#structBytes;
    this.#handle = made?.struct ?? heap.malloc(this.#structBytes, tagOf(ContainerKind.radixTree, subject));
    const none = { bytes: [], isCompressed: false, children: [], value: undefined };
    this.#head =
      made === undefined ? this.#newNode([], false, undefined, []) : { ...none, handle: made.head };
  }

  get(key: Uint8Array): Value | undefined {
    const { node, matched, within } = this.#walk(key);
    return matched === key.length && within === 0 ? node.value : undefined;
  }

  /** Inserts a value (raxInsert, or raxTryInsert without `overwrites`). Returns whether the key is new. */
  insert(key: Uint8Array, value: Value, overwrites = true): boolean {
    const walk = this.#walk(key);
    let { node } = walk;
    let at = walk.matched;
    if (at === key.length && walk.within === 0) {
      if (node.value !== undefined) {
        if (overwrites) node.value = value;
        return false;
      }
    } else if (node.isCompressed) {
      if (at === key.length) {
        this.#cut(walk, value);
        this.size++;
        return true;
      }
      node = this.#fork(walk);
    }
    while (at < key.length) {
      const isChain = node.children.length === 0 && key.length - at > 1;
      const count = isChain ? key.length - at : 1;
      node = this.#extend(node, Array.from(key.subarray(at, at + count)), isChain);
      at += count;
    }
    this.#heap.realloc(node.handle, this.#bytesOf(node) + this.#sizes.pointer, this.#nodeOwner);
    this.#tally.bytes += this.#sizes.pointer;
    node.value = value;
    this.size++;
    return true;
  }

  /** Removes a key (raxRemove) and returns its value, or undefined if the key is missing. */
  remove(key: Uint8Array): Value | undefined {
    const { node, parents, matched, within } = this.#walk(key);
    const { value } = node;
    if (matched < key.length || within > 0 || value === undefined) return undefined;
    node.value = undefined;
    this.#tally.bytes -= this.#sizes.pointer;
    this.size--;
    let from: Node<Value> | undefined = node;
    if (node.children.length === 0) from = this.#unlink(node, parents);
    else if (node.bytes.length !== 1) from = undefined;
    if (from !== undefined) this.#compress(from, parents);
    return value;
  }

  /** Yields the values in the order of their keys. */
  *values(): Generator<Value> {
    yield* valuesOf(this.#head);
  }

  /** Tries the tree's struct. */
  tryStruct(attempt: Try): void {
    attempt(this.#handle);
  }

  /** Tries the nodes in the order of their keys, and calls `visit` with the value of each node after the node. */
  defragment(attempt: Try, visit: (value: Value) => void): void {
    defragmentNode(this.#head, attempt, visit);
  }

  /** Does the same without the head. */
  defragmentBelowHead(attempt: Try, visit: (value: Value) => void): void {
    for (const child of this.#head.children) defragmentNode(child, attempt, visit);
  }

  /** Returns the bytes of the tree, counted by a walk. */
  walkedBytes(): number {
    return this.#structBytes + bytesOf(this.#head, this.#sizes);
  }

  /** Returns the usable bytes of the tree, counted by a walk. */
  usableBytes(): number {
    return this.#heap.usableOf(this.#handle) + usableBytesOf(this.#heap, this.#head);
  }

  /** Bytes that MEMORY USAGE estimates (object.c: streamRadixTreeMemoryUsage); the tree's struct is not counted. */
  get usage(): number {
    const { raxNodeHead, pointer } = this.#sizes;
    return this.size * STREAM_ID_BYTES + this.nodes * (raxNodeHead + ESTIMATED_POINTERS * pointer);
  }

  get first(): Value | undefined {
    for (const value of this.values()) return value;
    return undefined;
  }

  /**
   * Frees the tree (raxFreeWithCallback): children from the last to the first, then the node's value, then the node.
   */
  free(heap: Heap, release: (value: Value) => void): void {
    freeNode(heap, this.#head, (node) => {
      this.#tally.bytes -= this.#bytesOf(node);
      if (node.value !== undefined) release(node.value);
    });
    heap.free(this.#handle);
    this.#tally.bytes -= this.#structBytes;
  }

  #walk(key: Uint8Array): Walk<Value> {
    const parents: Node<Value>[] = [];
    let node = this.#head;
    let at = 0;
    while (node.bytes.length > 0 && at < key.length) {
      let child: Node<Value> | undefined;
      if (node.isCompressed) {
        let within = 0;
        while (within < node.bytes.length && at < key.length && node.bytes[within] === key[at]) {
          within++;
          at++;
        }
        if (within < node.bytes.length) return { node, parents, matched: at, within };
        child = node.children[0];
      } else {
        const index = node.bytes.indexOf(key[at]!);
        if (index < 0) break;
        child = node.children[index];
        at++;
      }
      parents.push(node);
      node = child!;
    }
    return { node, parents, matched: at, within: 0 };
  }

  /**
   * Splits a compressed node that a key leaves in its middle into the shared bytes, a node of two branches, and the
   * rest.
   */
  #fork({ node, parents, within }: Walk<Value>): Node<Value> {
    const [next] = node.children as [Node<Value>];
    const isFirst = within === 0;
    const rest = node.bytes.slice(within + 1);
    const fork = this.#newNode([node.bytes[within]!], false, isFirst ? node.value : undefined, []);
    const shared = isFirst
      ? fork
      : this.#newNode(node.bytes.slice(0, within), within > 1, node.value, [fork]);
    fork.children = [rest.length > 0 ? this.#newNode(rest, rest.length > 1, undefined, [next]) : next];
    if (!isFirst) this.nodes++;
    if (rest.length > 0) this.nodes++;
    this.#replaceChild(parents.at(-1), node, shared);
    this.#freeNode(node);
    return fork;
  }

  /** Splits a compressed node in two where a key ends in its middle. */
  #cut({ node, parents, within }: Walk<Value>, value: Value): void {
    const rest = node.bytes.slice(within);
    const postfix = this.#newNode(rest, rest.length > 1, value, node.children);
    const trimmed = this.#newNode(node.bytes.slice(0, within), within > 1, node.value, [postfix]);
    this.nodes++;
    this.#replaceChild(parents.at(-1), node, trimmed);
    this.#freeNode(node);
  }

  /** Adds a child after `bytes`, either as a compressed chain or as one more branch. */
  #extend(node: Node<Value>, bytes: readonly number[], isChain: boolean): Node<Value> {
    const child = this.#newNode([], false, undefined, []);
    const before = this.#bytesOf(node);
    if (isChain) {
      node.bytes = [...bytes];
      node.children = [child];
      node.isCompressed = true;
    } else {
      const [byte] = bytes as [number];
      const place = node.bytes.findIndex((other) => other > byte);
      const index = place < 0 ? node.bytes.length : place;
      node.bytes.splice(index, 0, byte);
      node.children.splice(index, 0, child);
    }
    this.#heap.realloc(node.handle, this.#bytesOf(node), this.#nodeOwner);
    this.#tally.bytes += this.#bytesOf(node) - before;
    this.nodes++;
    return child;
  }

  /** Frees a leaf and the nodes that led only to it. Returns the node that may now join its neighbours. */
  #unlink(leaf: Node<Value>, parents: Node<Value>[]): Node<Value> | undefined {
    let node = leaf;
    let child: Node<Value> | undefined;
    while (node !== this.#head) {
      child = node;
      this.#freeNode(child);
      this.nodes--;
      node = parents.pop()!;
      if (node.value !== undefined || (!node.isCompressed && node.children.length !== 1)) break;
    }
    if (child === undefined) return undefined;
    const before = this.#bytesOf(node);
    if (node.isCompressed) {
      // The server does not shrink the node's allocation here.
      node.isCompressed = false;
      node.bytes = [];
      node.children = [];
      this.#tally.bytes += this.#bytesOf(node) - before;
      return undefined;
    }
    const index = node.children.indexOf(child);
    node.children.splice(index, 1);
    node.bytes.splice(index, 1);
    this.#heap.realloc(node.handle, this.#bytesOf(node), this.#nodeOwner);
    this.#tally.bytes += this.#bytesOf(node) - before;
    return node.children.length === 1 && node.value === undefined ? node : undefined;
  }

  /** Joins a chain of nodes with one branch each into one compressed node. */
  #compress(from: Node<Value>, parents: Node<Value>[]): void {
    let start = from;
    let parent = parents.pop();
    while (parent !== undefined && isLink(parent)) {
      start = parent;
      parent = parents.pop();
    }
    const chain = [start];
    let next = start.children[0];
    while (next !== undefined && isLink(next)) {
      chain.push(next);
      next = next.children[0];
    }
    if (chain.length < 2 || next === undefined) return;
    const joined = this.#newNode(
      chain.flatMap(({ bytes }) => bytes),
      true,
      undefined,
      [next],
    );
    for (const gone of chain) this.#freeNode(gone);
    this.nodes += 1 - chain.length;
    this.#replaceChild(parent, start, joined);
  }

  #replaceChild(parent: Node<Value> | undefined, old: Node<Value>, node: Node<Value>): void {
    if (parent === undefined) this.#head = node;
    else parent.children[parent.children.indexOf(old)] = node;
  }

  #freeNode(node: Node<Value>): void {
    this.#heap.free(node.handle);
    this.#tally.bytes -= this.#bytesOf(node);
  }

  #newNode(
    bytes: number[],
    isCompressed: boolean,
    value: Value | undefined,
    children: Node<Value>[],
  ): Node<Value> {
    const node: Node<Value> = { handle: 0, bytes, isCompressed, children, value };
    const size = this.#bytesOf(node);
    node.handle = this.#heap.malloc(size, this.#nodeOwner);
    this.#tally.bytes += size;
    return node;
  }

  #bytesOf(node: Node<Value>): number {
    return nodeBytes(node, this.#sizes);
  }
}

function nodeBytes<Value>(
  { bytes, isCompressed, value }: Node<Value>,
  { raxNodeHead, pointer }: StructSizes,
): number {
  const count = bytes.length;
  const padding = (pointer - ((count + raxNodeHead) % pointer)) & (pointer - 1);
  const pointers = (isCompressed ? 1 : count) + (value === undefined ? 0 : 1);
  return raxNodeHead + count + padding + pointers * pointer;
}

function isLink<Value>({ value, isCompressed, children }: Node<Value>): boolean {
  return value === undefined && (isCompressed || children.length === 1);
}

function defragmentNode<Value>(node: Node<Value>, attempt: Try, visit: (value: Value) => void): void {
  attempt(node.handle);
  if (node.value !== undefined) visit(node.value);
  for (const child of node.children) defragmentNode(child, attempt, visit);
}

function* valuesOf<Value>(node: Node<Value>): Generator<Value> {
  if (node.value !== undefined) yield node.value;
  for (const child of node.children) yield* valuesOf(child);
}

function freeNode<Value>(heap: Heap, node: Node<Value>, release: (node: Node<Value>) => void): void {
  for (let at = node.children.length - 1; at >= 0; at--) freeNode(heap, node.children[at]!, release);
  release(node);
  heap.free(node.handle);
}

function bytesOf<Value>(node: Node<Value>, sizes: StructSizes): number {
  return node.children.reduce((sum, child) => sum + bytesOf(child, sizes), nodeBytes(node, sizes));
}

function usableBytesOf<Value>(heap: Heap, { handle, children }: Node<Value>): number {
  return children.reduce((sum, child) => sum + usableBytesOf(heap, child), heap.usableOf(handle));
}
