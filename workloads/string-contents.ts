import { embeddedStringBytes, Owner, type ServerVersion, sdsBytes } from '../src/model/index.js';
import type { Content } from './workload.js';

/** What keys with string values are made of, for keys and values of these lengths. */
export function stringContents(
  { object, dictEntry, embeddedStringLimit, sds }: ServerVersion,
  nameLength: number,
  ...valueLengths: readonly number[]
): Content[] {
  const values = valueLengths.map((length) =>
    length <= embeddedStringLimit
      ? { owner: Owner.valueObject, bytes: embeddedStringBytes(object, length) }
      : { owner: Owner.valueString, bytes: sdsBytes(sds, length) },
  );
  const hasRaw = values.some(({ owner }) => owner === Owner.valueString);
  return [
    ...values,
    ...(hasRaw ? [{ owner: Owner.valueObject, bytes: object }] : []),
    { owner: Owner.dictEntry, bytes: dictEntry },
    { owner: Owner.keyName, bytes: sdsBytes(sds, nameLength) },
  ];
}
