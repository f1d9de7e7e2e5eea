/**
 * What a region counts for: a value of one of the six types (numbered as in ValueType), the tables of keys, the tables
 * of keys that expire, or the server itself. With the struct kind it is the owner that is given to the heap:
 *
 *     bits 0-5   struct kind (Owner)
 *     bits 6-9   subject
 *
 * Most struct kinds are found in one type of value only and imply it; listpacks and hash tables have to say whose they
 * are.
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
};

const SUBJECT_SHIFT = 6;
export const KIND_MASK = (1 << SUBJECT_SHIFT) - 1;
/** Owners that there can be: pairs of kind and subject. */
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
