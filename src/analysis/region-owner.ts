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

/** What a region was allocated for. */
export interface RegionOwner {
  /** Of the key; null for what is no key's in particular. */
  readonly pattern: string | null;
  /** A type of value, `keys` or `expires` for their tables, `server`; `allocator` for jemalloc itself. */
  readonly subject: string;
  /** Struct kind. */
  readonly kind: string;
}

/** The word of what is live and nobody's: jemalloc's own. No other has it: no subject has this number. */
export const ALLOCATOR = TAG_COUNT - 1;

export function describeOwner(word: number, origins: Pick<AttributionCopy, 'patterns'>): RegionOwner {
  if (word === ALLOCATOR) return { pattern: null, subject: 'allocator', kind: 'of its own' };
  const pattern = patternOfWord(word);
  const kind = kindOfTag(word) as StructKind;
  return {
    pattern: pattern === 0 ? null : patternName(pattern, origins),
    subject: DATA_TYPE_NAMES[dataTypeOfTag(word)],
    kind: STRUCT_KIND_NAMES[kind],
  };
}

/** For people. */
export function ownerName({ pattern, subject, kind }: RegionOwner): string {
  return pattern === null ? `(${subject}) ${kind}` : `${pattern} ${kind}`;
}

export function patternName(pattern: number, { patterns }: Pick<AttributionCopy, 'patterns'>): string {
  return readableName(patterns[pattern]!);
}
