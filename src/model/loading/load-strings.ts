import { integerValue, isIntegerText } from '../../base/index.js';
import type { RdbString } from '../../input/index.js';
import { embeddedStringBytes, StructKind, sdsBytes, sdsHeader } from '../heap/index.js';
import { StringEncoding, stringKind, type Value } from '../keyspace/index.js';
import { newInteger, trimmed } from '../values/index.js';
import type { LoadContext } from './loading-context.js';

/** Loads a string as an object with its text. If possible, the text then becomes an integer or is embedded. */
export function loadString(context: LoadContext, { encoding, value: slice }: RdbString): Value {
  const { heap, version, value } = context;
  const { bytes, start, length } = slice;
  const isInteger = isIntegerText(bytes, start, length);
  if (encoding === 'integer') return newInteger(context, integerValue(bytes, start, length));

  if (encoding === 'raw' && length <= version.strings.embeddedLimit) {
    const object = heap.malloc(
      embeddedStringBytes(version.sizes.embeddedObjectHead, length),
      StructKind.valueObject,
    );
    if (!isInteger) return value.set(stringKind(StringEncoding.embedded), object, 0, length);
    heap.free(object);
    return newInteger(context, integerValue(bytes, start, length));
  }

  const sds = context.reading(slice, () => heap.malloc(sdsBytes(heap.sds, length), StructKind.valueString));
  const object = context.newObject();
  if (isInteger) {
    heap.free(sds);
    // The server keeps the object. An object that is freed and allocated at once gets the same region.
    heap.free(object);
    return newInteger(context, integerValue(bytes, start, length));
  }
  if (length <= version.strings.embeddedLimit) {
    const embedded = heap.malloc(
      embeddedStringBytes(version.sizes.embeddedObjectHead, length),
      StructKind.valueObject,
    );
    heap.free(sds);
    heap.free(object);
    return value.set(stringKind(StringEncoding.embedded), embedded, 0, length);
  }
  const isTight = version.strings.trimsLoaded && trimmed(heap, sds, sdsHeader(heap.sds, length), length);
  return value.set(stringKind(StringEncoding.raw, sdsHeader(heap.sds, length), isTight), object, sds, length);
}
