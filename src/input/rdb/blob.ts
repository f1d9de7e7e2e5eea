import { Elements } from '../elements.js';
import { Slice } from '../slice.js';
import type { RdbCursor } from './cursor.js';
import { IntsetWalker } from './intset-reader.js';
import { ListpackWalker } from './listpack-reader.js';
import { countEntries, type PackedWalker } from './packed-walker.js';
import { ZiplistWalker } from './ziplist-reader.js';
import { ZipmapWalker } from './zipmap-reader.js';

export type BlobEncoding = 'listpack' | 'ziplist' | 'intset' | 'zipmap';

const WALKERS: Readonly<Record<BlobEncoding, new () => PackedWalker>> = {
  listpack: ListpackWalker,
  ziplist: ZiplistWalker,
  intset: IntsetWalker,
  zipmap: ZipmapWalker,
};

const NAMES: Readonly<Record<BlobEncoding, string>> = {
  listpack: 'a listpack',
  ziplist: 'a ziplist',
  intset: 'an intset',
  zipmap: 'a zipmap',
};

/** Checks blobs one after the other, with one walker for each encoding. */
export class BlobChecker {
  readonly #walkers: Partial<Record<BlobEncoding, PackedWalker>> = {};

  /** Returns a walker at the beginning of a blob. The next blob of the encoding takes it away. */
  begin(encoding: BlobEncoding, blob: Slice): PackedWalker {
    let walker = this.#walkers[encoding];
    if (walker === undefined) {
      walker = new WALKERS[encoding]();
      this.#walkers[encoding] = walker;
    }
    return walker.begin(blob);
  }
}

export interface Blob {
  readonly slice: Slice;
  /** The number of entries; a field and its value count as two. */
  readonly count: number;
  readonly encoding: BlobEncoding;
}

/** Reads the next string of the file as a blob, and checks all of it. Its number of entries is a multiple of `group`. */
export function readBlob(cursor: RdbCursor, encoding: BlobEncoding, group = 1): Blob {
  const at = cursor.position;
  const slice = cursor.string(cursor.blob, NAMES[encoding]);
  const walker = cursor.checker.begin(encoding, slice);
  const count = countEntries(walker);
  if (walker.problem !== undefined) {
    throw cursor.damaged(
      `a ${encoding} of ${slice.length} bytes, at ${walker.at} in it: ${walker.problem}`,
      at,
    );
  }
  if (count % group !== 0)
    throw cursor.damaged(`a ${encoding} of ${count} entries: not a multiple of ${group}`, at);
  return { slice, count, encoding };
}

/** Returns a blob that is known to be a listpack without a defect. */
export function loadedListpack(slice: Slice): Blob {
  return { slice, count: countEntries(new ListpackWalker().begin(slice)), encoding: 'listpack' };
}

/** Returns a function that reads the next entry at each call. */
export function blobReader({ slice, encoding }: Blob): (into: Slice) => void {
  let walker: PackedWalker | undefined;
  return (into) => {
    // Many blobs are never read again after their check.
    walker ??= new WALKERS[encoding]().begin(slice);
    walker.next();
    walker.into(into);
  };
}

/** The elements of a blob, which has been read whole. */
export class BlobElements<T> extends Elements<T> {
  override drain(): void {}
}

export function blobElements(blob: Blob): Elements<Slice> {
  const read = blobReader(blob);
  let element: Slice | undefined;
  return new BlobElements(blob.count, () => {
    element ??= new Slice();
    read(element);
    return element;
  });
}
