/**
 * The data type that a region counts for. Values have six types, numbered as in ValueType. The others are the tables of
 * keys, the tables of expires, the order of fields that expire, and the server. With the struct kind it forms the owner tag
 * given to the heap:
 *
 *     bits 0-5   struct kind (StructKind)
 *     bits 6-9   data type
 *
 * Most struct kinds occur in one type of value only and imply it. The tags of listpacks and hash tables have to name
 * it.
 */
export const DataType = {
  server: 0,
  string: 1,
  list: 2,
  set: 3,
  sortedSet: 4,
  hash: 5,
  stream: 6,
  keys: 7,
  expires: 8,
  fieldExpiry: 9,
} as const;
export type DataType = (typeof DataType)[keyof typeof DataType];

export const DATA_TYPE_NAMES: Readonly<Record<DataType, string>> = {
  [DataType.server]: 'server',
  [DataType.string]: 'string',
  [DataType.list]: 'list',
  [DataType.set]: 'set',
  [DataType.sortedSet]: 'zset',
  [DataType.hash]: 'hash',
  [DataType.stream]: 'stream',
  [DataType.keys]: 'keys',
  [DataType.expires]: 'expires',
  [DataType.fieldExpiry]: 'field expiry',
};

const SUBJECT_SHIFT = 6;
export const KIND_MASK = (1 << SUBJECT_SHIFT) - 1;
/** The number of possible tags: pairs of struct kind and data type. */
export const TAG_COUNT = 1 << 10;

export function tagOf<Kind extends number>(kind: Kind, subject: DataType): number {
  return kind | (subject << SUBJECT_SHIFT);
}

export function kindOfTag(owner: number): number {
  return owner & KIND_MASK;
}

export function dataTypeOfTag(owner: number): DataType {
  return ((owner & (TAG_COUNT - 1)) >>> SUBJECT_SHIFT) as DataType;
}
