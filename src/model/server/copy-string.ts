import { embeddedStringBytes, StructKind, sdsBytes, sdsHeader } from '../heap/index.js';
import { encodingOfKind, StringEncoding, stringKind, type Value } from '../keyspace/index.js';
import type { Call } from './call.js';

/** Copies a string (dupStringObject). The copy of an integer is never the shared object. */
export function copyString({ heap, keyspace, version, value }: Call, row: number): Value {
  const length = keyspace.detail(row);
  const malloc = (bytes: number) => heap.malloc(bytes, StructKind.valueObject);
  keyspace.getValue(row, value);
  switch (encodingOfKind(value.kind)) {
    case StringEncoding.raw: {
      const sds = heap.malloc(sdsBytes(heap.sds, length), StructKind.valueString);
      const kind = stringKind(StringEncoding.raw, sdsHeader(heap.sds, length));
      return value.set(kind, malloc(version.sizes.object), sds, length);
    }
    case StringEncoding.embedded:
      value.object = malloc(embeddedStringBytes(version.sizes.embeddedObjectHead, length));
      return value;
    default:
      value.kind = stringKind(StringEncoding.integer);
      value.object = malloc(version.sizes.object);
      return value;
  }
}
