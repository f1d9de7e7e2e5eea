import type { Slice } from '../../input/index.js';
import { StructKind } from '../heap/index.js';
import { entryBytes, Listpack, type LookupKey } from '../values/index.js';
import type { LoadContext } from './loading-context.js';

/** A loaded value that is one listpack, as in the file or converted from an older form. */
export interface LoadedListpack {
  readonly listpack: Listpack;
  readonly object: number;
  /** Copies an entry from an older form, before the value adopts the entry. */
  enter(entry: LookupKey): void;
  /** Ends the conversion after the last entry; `fits` is false if the value is no longer a listpack. */
  end(fits: boolean): void;
}

/** Loads a listpack as it is: the blob, then its robj. */
export function loadListpack(context: LoadContext, blob: Slice, owner: number): LoadedListpack {
  const listpack = context.reading(blob, () => Listpack.loaded(context.heap, owner, blob.length));
  return { listpack, object: context.newObject(), enter() {}, end() {} };
}

/**
 * Converts a ziplist (until Redis 6.2) or a zipmap (until 2.4) to a listpack. The listpack of a ziplist starts with as
 * much room as the ziplist; that of a zipmap starts empty. The server's check for duplicates is not modelled.
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
  const listpack = Listpack.create(heap, owner, isZiplist ? blob.length : 0);
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
