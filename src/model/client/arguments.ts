import { append } from '../../base/index.js';
import type { Command } from '../../commands/index.js';
import { embeddedStringBytes, type Heap, StructKind, sdsBytes, sdsHeader } from '../heap/index.js';
import type { ServerVersion } from '../versions/index.js';
import type { CommandPool } from './command-pool.js';

/** A kept array of more slots than this is replaced by the next command. */
const MAX_KEPT_SLOTS = 1024;
/** A kept array of more slots than this is freed by cron, and any kept array after so many idle milliseconds. */
const MAX_IDLE_SLOTS = 128;
const IDLE_MS = 2000;

/** A handler's change to a command for propagation: another vector, or some other words. */
export interface Rewriting {
  /** The number of words of the new vector, and the arguments it keeps; undefined if only `replaced` changed. */
  readonly vector: { readonly slots: number; readonly kept: readonly number[] } | undefined;
  readonly replaced: readonly number[];
}

/** The words of a rewritten vector in their order: the index of a kept argument, or the handles of a new one. */
export type WordOrder = readonly (number | readonly number[])[];

/**
 * The argument vector of one command: an array, and a string object for each argument. The object is embedded in its robj,
 * or is an sds and an robj. Index 0 is the command's name. The columns are reused by the next command.
 */
export class Arguments {
  count = 0;
  /** Whether the line with the number of its arguments is read. */
  hasStarted = false;
  /** Whether the line with the length of its next argument is read. */
  hasLength = false;
  /** Whether all arguments are parsed. */
  isWhole = false;
  /** Handle of each argument's robj; 0 if a handler has taken it. */
  object = new Uint32Array(64);
  /** Handle of each raw argument's sds; 0 if the argument is embedded in the robj. */
  sds = new Uint32Array(64);
  /** Header bytes of each sds. */
  header = new Uint8Array(64);
  #array = 0;
  #slots = 0;
  /** The original array of a rewritten command, which is kept until the end of the call. */
  #originalArray = 0;
  /** The array of a rewritten command beside the original one, in versions that keep the original. */
  #rewritten = 0;
  #isDropped = new Uint8Array(0);
  #rewriting: Rewriting | undefined;
  /** Objects of a rewritten vector that the original did not have. */
  #extra: number[] = [];
  /** The handles that stand for single arguments of the original, by their index. */
  readonly #inPlace = new Map<number, readonly number[]>();
  #order: WordOrder | undefined;

  readonly #heap: Heap;
  readonly #version: ServerVersion;
  /** The pool that the vector came from, and its record there; undefined and 0 if there is none. */
  readonly #pool: CommandPool | undefined;
  #record = 0;
  /** Whether it waits in its pool, with its record and its array, for another command. */
  #isPooled = false;

  /** Allocates a command that is read from a file: the whole array at once, then the arguments. */
  receive({ argumentCount, length }: Command): void {
    this.start(argumentCount, argumentCount);
    for (let index = 0; index < argumentCount; index++) this.addRaw(length[index]!);
  }

  constructor(heap: Heap, version: ServerVersion, pool?: CommandPool) {
    this.#heap = heap;
    this.#version = version;
    this.#pool = pool;
    if (pool !== undefined) this.#record = heap.malloc(version.sizes.parsedCommand, StructKind.argumentArray);
  }

  /** Slots of the array. */
  get slots(): number {
    return this.#slots;
  }

  /** Takes the vector out of its pool, for a command that is about to be parsed. */
  leavePool(): void {
    this.#isPooled = false;
    this.beginParsing();
  }

  beginParsing(): void {
    this.hasStarted = false;
    this.hasLength = false;
    this.isWhole = false;
  }

  /** Allocates the array when the number of arguments is known. */
  start(count: number, maxInitial = this.#version.clients.maxInitialArguments): void {
    this.count = 0;
    const isOutgrown = this.#pool === undefined && this.#slots > MAX_KEPT_SLOTS;
    if (this.#array === 0 || count > this.#slots || isOutgrown) {
      this.#freeArray();
      // The array of a command with more arguments doubles as they arrive.
      this.#slots = Math.min(count, maxInitial);
      this.#array = this.#heap.malloc(this.#slots * this.#version.sizes.pointer, StructKind.argumentArray);
    }
    if (count > this.object.length) {
      this.object = new Uint32Array(count * 2);
      this.sds = new Uint32Array(count * 2);
      this.header = new Uint8Array(count * 2);
    }
  }

  /** Makes room in the array for one more of `total` arguments. */
  makeRoom(total: number): void {
    if (this.count < this.#slots) return;
    this.#slots = Math.min(this.#slots * 2, total);
    this.#heap.realloc(this.#array, this.#slots * this.#version.sizes.pointer, StructKind.argumentArray);
  }

  /** Allocates the vector of a command that has arrived whole. */
  addAll(lengths: Uint32Array, count: number): void {
    this.start(count);
    for (let index = 0; index < count; index++) {
      this.makeRoom(count);
      this.add(lengths[index]!);
    }
  }

  /** Allocates an argument (createStringObject): embedded up to the limit; otherwise the sds, then the object. */
  add(length: number): void {
    const heap = this.#heap;
    const { sizes, strings } = this.#version;
    const index = this.count++;
    if (length <= strings.embeddedLimit) {
      this.sds[index] = 0;
      this.object[index] = heap.malloc(
        embeddedStringBytes(sizes.embeddedObjectHead, length),
        StructKind.argumentObject,
      );
    } else {
      this.sds[index] = heap.malloc(sdsBytes(heap.sds, length), StructKind.argumentString);
      this.header[index] = sdsHeader(heap.sds, length);
      this.object[index] = heap.malloc(sizes.object, StructKind.argumentObject);
    }
  }

  /** Allocates an argument that is read from a file, which is never embedded. */
  addRaw(length: number): void {
    this.addTakingOver(
      this.#heap.malloc(sdsBytes(this.#heap.sds, length), StructKind.argumentString),
      sdsHeader(this.#heap.sds, length),
    );
  }

  /** Adds an argument whose sds is the query buffer itself. */
  addTakingOver(sds: number, header: number): void {
    const index = this.count++;
    this.sds[index] = sds;
    this.header[index] = header;
    this.object[index] = this.#heap.malloc(this.#version.sizes.object, StructKind.argumentObject);
  }

  /** Notes that the arguments outlive their command. */
  keep(): void {
    for (let index = 0; index < this.count; index++) {
      const text = this.sds[index]!;
      const whole = this.object[index]!;
      if (text !== 0) this.#heap.argumentKept(text);
      if (whole !== 0) this.#heap.argumentKept(whole);
    }
    if (this.#array !== 0) this.#heap.argumentKept(this.#array);
  }

  /** Gives an argument away: it is not freed with the others. */
  take(index: number): void {
    this.object[index] = 0;
    this.sds[index] = 0;
  }

  /** Gives an argument away, and returns its handles in the order in which they are freed. */
  takeHandles(index: number): number[] {
    const handles = [this.sds[index]!, this.object[index]!].filter((handle) => handle !== 0);
    this.take(index);
    return handles;
  }

  /** Frees one argument: first the string, then the object. */
  release(index: number): void {
    const sds = this.sds[index]!;
    const object = this.object[index]!;
    if (sds !== 0) this.#heap.free(sds);
    if (object !== 0) this.#heap.free(object);
    this.take(index);
  }

  /**
   * Rewrites the command to a vector of `slots` words (rewriteClientCommandVector): shared words, the arguments `kept`, and
   * the object `extra` unless it is 0. The original vector is kept until `freeOriginal`.
   */
  rewrite(slots: number, kept: readonly number[], extra = 0): void {
    this.#rewriting = { vector: { slots, kept }, replaced: [] };
    const array = this.#heap.malloc(slots * this.#version.sizes.pointer, StructKind.argumentArray);
    this.replace(array, kept, extra === 0 ? [] : [extra]);
  }

  /**
   * Rewrites the command to an array and objects that are allocated already (replaceClientCommandVector). The array has
   * `slots` words, shared ones among them. Kept arguments are freed before new ones, unless an order is given.
   */
  replace(
    array: number,
    kept: readonly number[],
    extra: readonly number[],
    { slots = 1 + kept.length + extra.length, order }: { slots?: number; order?: WordOrder } = {},
  ): void {
    this.#rewriting ??= { vector: { slots, kept }, replaced: [] };
    if (this.#version.clients.keepsOriginalArray) {
      if (this.#rewritten !== 0) this.#heap.free(this.#rewritten);
      this.#rewritten = array;
      append(this.#extra, extra);
      return;
    }
    this.#retainOriginal();
    this.#isDropped.fill(1);
    for (const index of kept) this.#isDropped[index] = 0;
    this.#heap.free(this.#array);
    this.#array = array;
    this.#slots = this.#rewriting.vector?.slots ?? this.#slots;
    this.#order = order;
    append(this.#extra, extra);
  }

  /** Replaces argument `index` by a shared word, or by the handles of a string and an object (rewriteClientCommandArgument). */
  rewriteOne(index: number, ...extra: readonly number[]): void {
    this.#rewriting = { vector: undefined, replaced: [...(this.#rewriting?.replaced ?? []), index] };
    const handles = extra.filter((handle) => handle !== 0);
    if (this.#version.clients.keepsOriginalArray) {
      this.#copyForRewriting();
      append(this.#extra, handles);
    } else {
      this.#retainOriginal();
      this.#inPlace.set(index, [...(this.#inPlace.get(index) ?? []), ...handles]);
    }
    this.#isDropped[index] = 1;
  }

  /** Grows the array of a command that was rewritten to more words than it had. */
  extend(slots: number): void {
    if (slots <= this.#slots) return;
    this.#slots = slots;
    const bytes = slots * this.#version.sizes.pointer;
    if (this.#rewritten === 0) {
      this.#heap.realloc(this.#array, bytes, StructKind.argumentArray);
      return;
    }
    // A server that keeps the original makes an array for each rewriting.
    const before = this.#rewritten;
    this.#rewritten = this.#heap.malloc(bytes, StructKind.argumentArray);
    this.#heap.free(before);
  }

  /** Frees what only the original vector had, at the end of the call. */
  freeOriginal(): void {
    if (this.#originalArray === 0) return;
    for (let index = 0; index < this.count; index++) if (this.#isDropped[index] === 1) this.release(index);
    this.#heap.free(this.#originalArray);
    this.#originalArray = 0;
  }

  /** Frees the arguments in order, then their array (freeClientArgv) and their record. What waits in a pool stays. */
  free(): void {
    if (this.#isPooled) return;
    this.#freeEach();
    this.dispose();
  }

  /** Frees the array and the record of a vector without arguments. */
  dispose(): void {
    this.#freeArray();
    if (this.#record !== 0) this.#heap.free(this.#record);
    this.#record = 0;
  }

  /** Frees the arguments at the end of a client's command. The array stays where a version keeps it. */
  end(): void {
    if (this.#isPooled) return;
    if (this.#pool !== undefined) {
      this.#isPooled = this.#pool.reclaim(this, () => this.#freeEach());
    } else {
      this.#freeEach();
      if (!this.#version.clients.keepsArgumentArray) this.#freeArray();
    }
  }

  /** Frees the arguments at the end of a command that was blocked, whose client has another vector by now. */
  endDetached(): void {
    if (this.#pool === undefined) this.free();
    else this.end();
  }

  /** Whether cron leaves the arguments as they are, however long their client is idle. */
  get isAtRest(): boolean {
    return this.#pool !== undefined || this.#array === 0;
  }

  /** clientsCronFreeArgvIfIdle: frees the kept array of a client that has been idle, or a large one. */
  cron(idleMs: number): void {
    if (this.#pool !== undefined) return;
    if (this.count === 0 && (idleMs > IDLE_MS || this.#slots > MAX_IDLE_SLOTS)) this.#freeArray();
  }

  #freeEach(): void {
    const heap = this.#heap;
    const { object, sds } = this;
    if (this.#rewritten !== 0) this.#freeRewritten();
    if (this.#order !== undefined) this.#freeInOrder(this.#order);
    const isAltered = this.#inPlace.size > 0;
    for (let index = 0; index < this.count; index++) {
      if (isAltered) this.#freeInPlace(index);
      const text = sds[index]!;
      const whole = object[index]!;
      if (text !== 0) heap.free(text);
      if (whole !== 0) heap.free(whole);
    }
    this.count = 0;
    if (this.#rewriting !== undefined) this.#endRewriting();
  }

  #freeInPlace(index: number): void {
    for (const handle of this.#inPlace.get(index) ?? []) this.#heap.free(handle);
  }

  #freeInOrder(order: WordOrder): void {
    for (const word of order) {
      if (typeof word === 'number') this.release(word);
      else for (const handle of word) this.#heap.free(handle);
    }
    this.#extra = [];
  }

  /** Frees the objects that only the rewritten vector has. */
  #endRewriting(): void {
    for (const handle of this.#extra) this.#heap.free(handle);
    this.#forgetRewriting();
  }

  #forgetRewriting(): void {
    this.#extra = [];
    this.#inPlace.clear();
    this.#order = undefined;
    this.#rewriting = undefined;
  }

  /** Leaves all arguments allocated, after a command that failed: they may be part of a value. */
  abandon(): void {
    this.count = 0;
    this.#array = 0;
    this.#slots = 0;
    this.#originalArray = 0;
    this.#rewritten = 0;
    this.#forgetRewriting();
  }

  /** Frees the array of a rewritten command with the objects that are only in it. */
  #freeRewritten(): void {
    for (const handle of this.#extra) this.#heap.free(handle);
    this.#heap.free(this.#rewritten);
    this.#extra = [];
    this.#rewritten = 0;
  }

  #freeArray(): void {
    if (this.#array !== 0) this.#heap.free(this.#array);
    this.#array = 0;
  }

  /** The change that a handler made to the command; undefined after its end. */
  get rewriting(): Rewriting | undefined {
    return this.#rewriting;
  }

  #copyForRewriting(): void {
    if (this.#rewritten !== 0) return;
    const bytes = this.count * this.#version.sizes.pointer;
    this.#rewritten = this.#heap.malloc(bytes, StructKind.argumentArray);
  }

  #retainOriginal(): void {
    if (this.#originalArray !== 0) return;
    this.#originalArray = this.#heap.malloc(
      this.count * this.#version.sizes.pointer,
      StructKind.argumentArray,
    );
    this.#isDropped = new Uint8Array(this.count);
  }
}
