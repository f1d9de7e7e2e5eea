import type { Slice } from '../../input/index.js';
import { StructKind } from '../heap/index.js';
import { entryBytes, Listpack, type LookupKey } from '../values/index.js';
import type { LoadContext } from './loading-context.js';

/** The listpack of a value that is one: as it is in the file, or made of an older form. */
export interface LoadedListpack {
  readonly listpack: Listpack;
  readonly object: number;
  /** An entry, before it is adopted: older forms are copied entry by entry. */
  enter(entry: LookupKey): void;
  /** After the last entry; `fits` is false if the value is no listpack by now. */
  end(fits: boolean): void;
}

/** The blob, then its robj. */
export function loadListpack(context: LoadContext, blob: Slice, owner: number): LoadedListpack {
  const listpack = context.reading(blob, () => Listpack.loaded(context.heap, owner, blob.length));
  return { listpack, object: context.newObject(), enter() {}, end() {} };
}

/**
 * A ziplist (until Redis 6.2) or zipmap (until 2.4): a listpack is filled from it, which starts with as much room for a
 * ziplist and with none for a zipmap. Left out is the hash table that a server has meanwhile to look for duplicates.
 */
export function convertToListpack(
  context: LoadContext,
  blob: Slice,
  isZiplist: boolean,
  owner: number,
): LoadedListpack {
  const { heap } = context;
  const data = context.reading(blob, () => heap.malloc(blob.length, StructKind.temporary));
  const object = context.newObject();
  const listpack = new Listpack(heap, owner, isZiplist ? blob.length : 0);
  return {
    listpack,
    object,
    enter({ bytes, start, length }) {
      listpack.change(heap, entryBytes(bytes, start, length), 0);
    },
    end(fits) {
      heap.free(data);
      if (fits && isZiplist) listpack.shrinkToFit(heap);
    },
  };
}
