import { Elements } from '../elements.js';
import { Slice } from '../slice.js';
import type { RdbCursor } from './cursor.js';
import { IntsetWalker } from './intset-reader.js';
import { ListpackWalker } from './listpack-reader.js';
import { countEntries, type PackedWalker } from './packed-walker.js';
import { ZiplistWalker } from './ziplist-reader.js';
import { ZipmapWalker } from './zipmap-reader.js';

export type BlobEncoding = 'listpack' | 'ziplist' | 'intset' | 'zipmap';

const WALKERS: Readonly<Record<BlobEncoding, new (blob: Slice) => PackedWalker>> = {
  listpack: ListpackWalker,
  ziplist: ZiplistWalker,
  intset: IntsetWalker,
  zipmap: ZipmapWalker,
};

export interface Blob {
  readonly slice: Slice;
  /** The number of entries; a field and its value count as two. */
  readonly count: number;
  readonly encoding: BlobEncoding;
}

/** Reads the next string of the file as a blob, and checks all of it. Its number of entries is a multiple of `group`. */
export function readBlob(cursor: RdbCursor, encoding: BlobEncoding, group = 1): Blob {
  const at = cursor.position;
  const slice = cursor.string(new Slice(), `a ${encoding}`);
  const walker = new WALKERS[encoding](slice);
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

/** Returns a function that reads the next entry at each call. */
export function blobReader({ slice, encoding }: Blob): (into: Slice) => void {
  const walker = new WALKERS[encoding](slice);
  return (into) => {
    walker.next();
    walker.into(into);
  };
}

export function blobElements(blob: Blob): Elements<Slice> {
  const read = blobReader(blob);
  const element = new Slice();
  return new Elements(blob.count, () => {
    read(element);
    return element;
  });
}
