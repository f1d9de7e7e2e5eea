import { embeddedStringBytes, type ServerVersion, StructKind, sdsBytes } from '../src/model/index.js';
import type { Content } from './workload.js';

/** What keys with string values are made of, for keys and values of these lengths. */
export function stringContents(
  { object, dictEntry, embeddedStringLimit, sds }: ServerVersion,
  nameLength: number,
  ...valueLengths: readonly number[]
): Content[] {
  const values = valueLengths.map((length) =>
    length <= embeddedStringLimit
      ? { owner: StructKind.valueObject, bytes: embeddedStringBytes(object, length) }
      : { owner: StructKind.valueString, bytes: sdsBytes(sds, length) },
  );
  const hasRaw = values.some(({ owner }) => owner === StructKind.valueString);
  return [
    ...values,
    ...(hasRaw ? [{ owner: StructKind.valueObject, bytes: object }] : []),
    { owner: StructKind.dictEntry, bytes: dictEntry },
    { owner: StructKind.keyName, bytes: sdsBytes(sds, nameLength) },
  ];
}
