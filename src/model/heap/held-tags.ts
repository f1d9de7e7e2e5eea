import { CONTAINER_DATA_TYPES } from './container-kind.js';
import { isArgument, StructKind } from './struct-kind.js';
import { DataType, dataTypeOfTag, kindOfTag, TAG_COUNT, tagOf } from './tag.js';

const KINDS: ReadonlySet<number> = new Set(Object.values(StructKind));

/** The canonical tag of each given owner, which has the data type that its kind implies. */
export const CANONICAL_TAG = Uint16Array.from({ length: TAG_COUNT }, (_, owner) => owner);
for (const [kind, subject] of CONTAINER_DATA_TYPES) CANONICAL_TAG[kind] = tagOf(kind, subject);
CANONICAL_TAG[StructKind.valueString] = tagOf(StructKind.valueString, DataType.string);

/**
 * The tags of arguments that outlive their command. Only AttributionTable distinguishes them: their canonical tags are
 * equal.
 */
export const KEPT_ARGUMENT_TAG: ReadonlyMap<number, number> = new Map(
  [...KINDS].filter(isArgument).map((kind) => [kind, tagOf(kind, DataType.keys)]),
);
for (const [owner, kept] of KEPT_ARGUMENT_TAG) CANONICAL_TAG[kept] = owner;

/** The tags of arguments after they become (part of) a string value. */
export const TAG_AS_STRING_VALUE: ReadonlyMap<number, number> = new Map([
  [StructKind.argumentObject, tagOf(StructKind.valueObject, DataType.string)],
  [StructKind.argumentString, StructKind.valueString],
]);

/** All canonical tags. */
export const ALL_TAGS: readonly number[] = Array.from(CANONICAL_TAG.keys()).filter(
  (owner) =>
    dataTypeOfTag(owner) <= DataType.expires && KINDS.has(kindOfTag(owner)) && CANONICAL_TAG[owner] === owner,
);

/** The tags of regions that belong to a key: its name, its value, its entries. */
export const KEY_TAGS: ReadonlySet<number> = new Set(
  ALL_TAGS.filter((owner) => {
    const subject = dataTypeOfTag(owner);
    const isEntry = subject >= DataType.keys && kindOfTag(owner) === StructKind.dictEntry;
    const isValue = subject >= DataType.string && subject <= DataType.stream;
    return isEntry || isValue || owner === StructKind.keyName || owner === StructKind.valueObject;
  }),
);
