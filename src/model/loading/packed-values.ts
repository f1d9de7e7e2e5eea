import { GrowingMemory } from '../../base/index.js';
import {
  blobElements,
  loadedListpack,
  pairElements,
  type RdbValue,
  Slice,
  scoredElements,
} from '../../input/index.js';
import { ContainerKind, ListpackKind } from '../heap/index.js';
import {
  type ClosedValues,
  type Value,
  type ValueModel,
  type ValueSlots,
  ValueType,
} from '../keyspace/index.js';
import {
  fitsListpack,
  HashValue,
  ListNode,
  Listpack,
  ListValue,
  LookupKey,
  type NodeLimit,
  nodeLimit,
  SetValue,
  SortedSetValue,
  type ValueContext,
} from '../values/index.js';
import { type LoadContext, pointTo } from './loading-context.js';

/**
 * The words of a kept value: its type and the bytes of its listpack, then handles, of which only a list has the last
 * two. The listpack follows them.
 */
const HEAD = 0;
const LISTPACK = 1;
const QUICKLIST = 2;
const NODE = 3;
const TYPE_SHIFT = 28;
const LENGTH_MASK = (1 << TYPE_SHIFT) - 1;
/** The type of a value that has been opened. The next word has its slot. */
const OPENED = 15;
/** A model keeps no more of an element than this. Longer listpacks are opened when they are loaded. */
const BYTES_PER_ENTRY = 60;

/**
 * Keeps loaded values that are one listpack as the bytes of it, until a command or a report needs their elements. Most
 * values of a data set are never touched, and a listpack takes a tenth of what a model takes.
 *
 * The allocations of a value are made when it is loaded. Opening it makes none.
 */
export class PackedValues implements ClosedValues {
  readonly #space: ValueContext;
  readonly #slots: ValueSlots;
  readonly #memory = new GrowingMemory('the listpacks of loaded values');
  #words = this.#memory.words;
  #bytes = this.#memory.bytes;
  /** The first word is reserved, so that no value is at 0. */
  #end = 1;
  /** The limit of list nodes at the start. A list keeps the limit that it was created with. */
  readonly #listSetting: number;
  readonly #listLimit: NodeLimit;
  readonly #needle = new LookupKey();
  readonly #other = new LookupKey();

  /** Returns the place of a server's values, which it has from its first data set on. */
  static of(space: ValueContext, slots: ValueSlots): PackedValues {
    if (slots.closed instanceof PackedValues) return slots.closed;
    const packed = new PackedValues(space, slots);
    slots.closed = packed;
    return packed;
  }

  private constructor(space: ValueContext, slots: ValueSlots) {
    this.#space = space;
    this.#slots = slots;
    this.#listSetting = space.settings.listMaxListpackSize;
    this.#listLimit = nodeLimit(this.#listSetting);
  }

  /** Loads a value that is one listpack and stays one into the context's register. Returns undefined for any other. */
  load(context: LoadContext, value: RdbValue): Value | undefined {
    const { settings, policy } = this.#space;
    switch (value.kind) {
      case 'hash':
        if (value.encoding !== 'listpack' || value.blob === undefined) return undefined;
        if (value.elements.count > settings.hashMaxListpackEntries) return undefined;
        return this.#keep(context, ValueType.hash, ListpackKind.hash, value.blob, value.elements.count * 2);
      case 'set':
        if (value.encoding !== 'listpack' || value.blob === undefined || !policy.listpackSets)
          return undefined;
        if (value.elements.count > settings.setMaxListpackEntries) return undefined;
        return this.#keep(context, ValueType.set, ListpackKind.set, value.blob, value.elements.count);
      case 'zset': {
        if (value.encoding !== 'listpack' || value.blob === undefined) return undefined;
        const { count } = value.elements;
        if (count > settings.zsetMaxListpackEntries) return undefined;
        return this.#keep(context, ValueType.sortedSet, ListpackKind.sortedSet, value.blob, count * 2);
      }
      default:
        return undefined;
    }
  }

  /** Loads a list of one listpack after its first two allocations. Returns undefined for one that a model has to keep. */
  loadNode(
    context: LoadContext,
    quicklist: number,
    object: number,
    blob: Slice,
    count: number,
  ): Value | undefined {
    const { heap, policy, version, settings } = this.#space;
    if (settings.listMaxListpackSize !== this.#listSetting || !canBeKept(blob, count)) return undefined;
    const listpack = listpackOf(context, ListpackKind.list, blob);
    const node = heap.malloc(version.sizes.quicklistNode, ContainerKind.quicklistNode);
    const isQuicklist = !policy.listpackLists || !fitsListpack(this.#listLimit, blob.length, count, 1);
    if (!isQuicklist) {
      heap.free(node);
      heap.free(quicklist);
    }
    const at = this.#enter(ValueType.list, listpack, blob);
    this.#words[at + QUICKLIST] = isQuicklist ? quicklist : 0;
    this.#words[at + NODE] = isQuicklist ? node : 0;
    return context.value.set(ValueType.list, object, this.#slots.addClosed(at), 0);
  }

  openedAs(at: number): number | undefined {
    return this.#words[at + HEAD]! >>> TYPE_SHIFT === OPENED ? this.#words[at + LISTPACK]! : undefined;
  }

  open(at: number, enter: (model: ValueModel) => number): number {
    const slot = enter(this.#modelOf(at));
    this.#words[at + HEAD] = OPENED << TYPE_SHIFT;
    this.#words[at + LISTPACK] = slot;
    return slot;
  }

  #keep(context: LoadContext, type: ValueType, owner: number, blob: Slice, count: number): Value | undefined {
    if (!canBeKept(blob, count)) return undefined;
    const listpack = listpackOf(context, owner, blob);
    const object = context.newObject();
    const at = this.#enter(type, listpack, blob);
    return context.value.set(type, object, this.#slots.addClosed(at), 0);
  }

  #enter(type: ValueType, listpack: number, { bytes, start, length }: Slice): number {
    const at = this.#end;
    const end = at + headWords(type) + ((length + 3) >>> 2);
    this.#end = end;
    if (this.#memory.reach(end * 4)) {
      this.#words = this.#memory.words;
      this.#bytes = this.#memory.bytes;
    }
    this.#words[at + HEAD] = (type << TYPE_SHIFT) | length;
    this.#words[at + LISTPACK] = listpack;
    const own = this.#bytes;
    const from = (at + headWords(type)) * 4;
    for (let index = 0; index < length; index++) own[from + index] = bytes[start + index]!;
    return at;
  }

  #modelOf(at: number): ValueModel {
    const space = this.#space;
    const head = this.#words[at + HEAD]!;
    const handle = this.#words[at + LISTPACK]!;
    const length = head & LENGTH_MASK;
    const blob = new Slice();
    const type = head >>> TYPE_SHIFT;
    blob.view(this.#bytes, (at + headWords(type)) * 4, length);
    const needle = this.#needle;
    switch (type) {
      case ValueType.hash: {
        const model = new HashValue(space, new Listpack(handle, ListpackKind.hash, length));
        for (const { field, value } of pairElements(loadedListpack(blob))) {
          model.adopt(pointTo(needle, field), pointTo(this.#other, value));
        }
        return model;
      }
      case ValueType.set: {
        const model = new SetValue(space, new Listpack(handle, ListpackKind.set, length));
        for (const member of blobElements(loadedListpack(blob))) model.adopt(pointTo(needle, member));
        return model;
      }
      case ValueType.sortedSet: {
        const model = new SortedSetValue(space, new Listpack(handle, ListpackKind.sortedSet, length));
        for (const { member, score } of scoredElements(loadedListpack(blob))) {
          model.adopt(pointTo(needle, member), score);
        }
        return model;
      }
      default: {
        const node = ListNode.of(this.#words[at + NODE]!, new Listpack(handle, ListpackKind.list, length));
        for (const element of blobElements(loadedListpack(blob))) node.adopt(space, pointTo(needle, element));
        return ListValue.of(space, this.#words[at + QUICKLIST]!, node, this.#listLimit);
      }
    }
  }
}

function headWords(type: number): number {
  return type === ValueType.list ? NODE + 1 : LISTPACK + 1;
}

/** Whether a listpack is there, and takes no more than the strings that a model would keep of its elements. */
function canBeKept(blob: Slice, count: number): boolean {
  return blob.isWhole && count > 0 && blob.length <= count * BYTES_PER_ENTRY;
}

/** Allocates a listpack that is read from the file. */
function listpackOf(context: LoadContext, owner: number, blob: Slice): number {
  const { heap } = context;
  if (blob.compressedLength === 0) return heap.malloc(blob.length, owner);
  return context.reading(blob, () => heap.malloc(blob.length, owner));
}
