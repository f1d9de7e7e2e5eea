import { grown } from '../trace/index.js';
import { CONTAINER_SUBJECTS } from './containers/owners.js';
import type { Origins, OriginsCopy } from './origins.js';
import { Owner } from './owners.js';
import { OWNERS, owned, Subject } from './subjects.js';

/**
 * Who holds what: the owner of every region, by handle, and for each owner how many regions it has and how many bytes
 * they really are. The sums are kept as regions come and go, so that asking what memory is for is copying a few hundred
 * numbers, and the answer is of one moment. A heap without holdings works the same and is a little faster.
 *
 *     bits 0-9    owner: struct kind and subject (subjects.ts)
 *     bits 10-31  key pattern, where origins are kept and the region is some key's (origins.ts); else 0
 */
export class Holdings {
  /** By owner. */
  readonly bytes = new Float64Array(OWNERS);
  readonly regions = new Float64Array(OWNERS);
  /** Keys by the type of their value. */
  readonly keys = new Float64Array(16);
  /** By handle; what a handle that is not allocated has here means nothing. */
  words: Uint32Array<ArrayBuffer> = new Uint32Array(1024);

  /** `origins`: to keep, as well, which keys and which commands regions were allocated for. */
  constructor(readonly origins?: Origins) {}

  entered(handle: number, owner: number, bytes: number): void {
    if (handle >= this.words.length) this.words = grown(this.words, handle + 1);
    const whole = WHOLE[owner] as number;
    this.bytes[whole] = (this.bytes[whole] as number) + bytes;
    this.regions[whole] = (this.regions[whole] as number) + 1;
    if (this.origins === undefined) this.words[handle] = whole;
    else {
      this.words[handle] = whole | (this.origins.pattern & (OF_KEY[whole] as number));
      this.origins.born(handle);
    }
  }

  freed(handle: number, bytes: number): void {
    const whole = (this.words[handle] as number) & OWNER_MASK;
    this.bytes[whole] = (this.bytes[whole] as number) - bytes;
    this.regions[whole] = (this.regions[whole] as number) - 1;
  }

  resized(handle: number, by: number): void {
    const whole = (this.words[handle] as number) & OWNER_MASK;
    this.bytes[whole] = (this.bytes[whole] as number) + by;
  }

  /** The region is something else's now: it keeps its age. */
  retag(handle: number, owner: number, bytes: number): void {
    this.freed(handle, bytes);
    const whole = WHOLE[owner] as number;
    this.bytes[whole] = (this.bytes[whole] as number) + bytes;
    this.regions[whole] = (this.regions[whole] as number) + 1;
    const pattern = this.origins === undefined ? 0 : this.origins.pattern & (OF_KEY[whole] as number);
    this.words[handle] = whole | pattern;
  }

  /** A copy that the model does not change any more. `sinceStartMs`: when that is, for the ages of regions. */
  copy(sinceStartMs = 0): HoldingsCopy {
    const { bytes, regions, keys, words, origins } = this;
    const sums = { bytes: bytes.slice(), regions: regions.slice(), keys: keys.slice() };
    return origins === undefined ? sums : { ...sums, origins: origins.copy(words, sinceStartMs) };
  }
}

/** The sums at one moment. */
export interface HoldingsCopy {
  readonly bytes: Float64Array;
  readonly regions: Float64Array;
  readonly keys: Float64Array;
  /** Every region's, where origins are kept: as many words as there are handles, and twice as many of their births. */
  readonly origins?: OriginsCopy;
}

const OWNER_MASK = OWNERS - 1;

/** Owners as they are given, with the subject that a kind implies where none is said. */
const WHOLE = Uint16Array.from({ length: OWNERS }, (_, owner) => owner);
for (const [kind, subject] of CONTAINER_SUBJECTS) WHOLE[kind] = owned(kind, subject);
WHOLE[Owner.valueString] = owned(Owner.valueString, Subject.string);

/** All ones where the region is some key's: its name, its value, its entries. */
const OF_KEY = new Uint32Array(OWNERS);
for (let owner = 0; owner < OWNERS; owner++) {
  const subject = owner >>> 6;
  const isEntry = subject >= Subject.keys && (owner & 63) === Owner.dictEntry;
  const isValue = subject >= Subject.string && subject <= Subject.stream;
  if (isEntry || isValue || owner === Owner.keyName || owner === Owner.valueObject)
    OF_KEY[owner] = 0xffffffff;
}
