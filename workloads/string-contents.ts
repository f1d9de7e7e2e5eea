import { embeddedStringBytes, type ServerVersion, StructKind, sdsBytes } from '../src/model/index.js';
import type { Content } from './workload.js';

/** Returns the regions of keys with string values, for keys and values of these lengths. */
export function stringContents(
  { sizes, strings: { embeddedLimit, sds } }: ServerVersion,
  nameLength: number,
  ...valueLengths: readonly number[]
): Content[] {
  const values = valueLengths.map((length) =>
    length <= embeddedLimit
      ? { owner: StructKind.valueObject, bytes: embeddedStringBytes(sizes.object, length) }
      : { owner: StructKind.valueString, bytes: sdsBytes(sds, length) },
  );
  const hasRaw = values.some(({ owner }) => owner === StructKind.valueString);
  return [
    ...values,
    ...(hasRaw ? [{ owner: StructKind.valueObject, bytes: sizes.object }] : []),
    { owner: StructKind.dictEntry, bytes: sizes.dictEntry },
    { owner: StructKind.keyName, bytes: sdsBytes(sds, nameLength) },
  ];
}
