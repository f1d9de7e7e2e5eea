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
export const Subject = {
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
export type Subject = (typeof Subject)[keyof typeof Subject];

export const SUBJECT_NAMES: Readonly<Record<Subject, string>> = {
  [Subject.server]: 'server',
  [Subject.string]: 'string',
  [Subject.list]: 'list',
  [Subject.set]: 'set',
  [Subject.sortedSet]: 'zset',
  [Subject.hash]: 'hash',
  [Subject.stream]: 'stream',
  [Subject.keys]: 'keys',
  [Subject.expires]: 'expires',
};

const SUBJECT_SHIFT = 6;
export const KIND_MASK = (1 << SUBJECT_SHIFT) - 1;
/** Owners that there can be: pairs of kind and subject. */
export const OWNERS = 1 << 10;

export function owned<Kind extends number>(kind: Kind, subject: Subject): number {
  return kind | (subject << SUBJECT_SHIFT);
}

export function kindOfOwner(owner: number): number {
  return owner & KIND_MASK;
}

export function subjectOfOwner(owner: number): Subject {
  return ((owner & (OWNERS - 1)) >>> SUBJECT_SHIFT) as Subject;
}
