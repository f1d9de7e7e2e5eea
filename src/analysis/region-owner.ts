import {
  type AttributionCopy,
  DATA_TYPE_NAMES,
  dataTypeOfTag,
  kindOfTag,
  patternOfWord,
  STRUCT_KIND_NAMES,
  type StructKind,
  TAG_COUNT,
} from '../model/index.js';
import { readableName } from './readable-name.js';

/** The use that a region was allocated for. */
export interface RegionOwner {
  /** Pattern of the key; null if the region belongs to no single key. */
  readonly pattern: string | null;
  /** The data type of a value, `keys` or `expires` for their tables, `server`, or `allocator` for jemalloc itself. */
  readonly subject: string;
  /** Name of the struct kind. */
  readonly kind: string;
}

/** The owner word of jemalloc's own regions. It differs from all others, since no subject has this number. */
export const ALLOCATOR = TAG_COUNT - 1;

/** The tag of a recorded program's regions, whose groups are in place of patterns. No subject has this number. */
export const RECORDED = TAG_COUNT - 2;

export function describeOwner(word: number, origins: Pick<AttributionCopy, 'patterns'>): RegionOwner {
  if (word === ALLOCATOR) return { pattern: null, subject: 'allocator', kind: 'of its own' };
  const pattern = patternOfWord(word);
  if (word % TAG_COUNT === RECORDED) {
    return { pattern: patternName(pattern, origins), subject: 'program', kind: 'regions' };
  }
  const kind = kindOfTag(word) as StructKind;
  return {
    pattern: pattern === 0 ? null : patternName(pattern, origins),
    subject: DATA_TYPE_NAMES[dataTypeOfTag(word)],
    kind: STRUCT_KIND_NAMES[kind],
  };
}

/** Returns the name of an owner in reports. */
export function ownerName({ pattern, subject, kind }: RegionOwner): string {
  return pattern === null ? `(${subject}) ${kind}` : `${pattern} ${kind}`;
}

export function patternName(pattern: number, { patterns }: Pick<AttributionCopy, 'patterns'>): string {
  return readableName(patterns[pattern]!);
}
