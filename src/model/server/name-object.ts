import { embeddedStringBytes, type Heap, StructKind, sdsBytes } from '../heap/index.js';
import type { ServerVersion } from '../versions/index.js';

/** Allocates a temporary object with a name. Returns its handles in the order in which they are freed. */
export function newNameObject(heap: Heap, version: ServerVersion, length: number): number[] {
  if (length > version.strings.embeddedLimit) {
    const sds = heap.malloc(sdsBytes(heap.sds, length), StructKind.temporary);
    return [sds, heap.malloc(version.sizes.object, StructKind.temporary)];
  }
  return [heap.malloc(embeddedStringBytes(version.sizes.embeddedObjectHead, length), StructKind.temporary)];
}
