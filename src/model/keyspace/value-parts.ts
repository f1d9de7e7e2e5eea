import type { HashTable } from './hash-table.js';

/**
 * What a value consists of, found by a walk and from nothing that is kept up to date. In two measures: `bytes` as they
 * are asked of the allocator, and `usage` as MEMORY USAGE counts them (object.c: objectComputeSize).
 */
export interface ValueParts {
  /** What belongs to no element; its robj is not counted. */
  readonly bytes: number;
  readonly usage: number;
  /** Elements: nodes of a list, listpacks of a stream, members of a hash table; 0 if the value is one allocation. */
  readonly count: number;
  elements(): Iterable<PartSizes>;
  /** Where MEMORY USAGE takes samples, the last is counted as it is (streams). */
  readonly lastApart?: boolean;
}

export type PartSizes = readonly [bytes: number, usage: number];

/** A value that is one allocation. */
export function onePart(bytes: number, usage: number): ValueParts {
  return { bytes, usage, count: 0, elements: () => [] };
}

/** A value around a hash table; `sizes` of an element are given without its entry, whose usage is the caller's. */
export function tableParts(
  table: HashTable,
  { bytes, usage }: { readonly bytes: number; readonly usage: number },
  sizes: (element: number) => PartSizes,
): ValueParts {
  return {
    bytes: bytes + table.frameBytes,
    usage: usage + table.frameBytes,
    count: table.used,
    *elements() {
      for (const element of table.elements()) {
        const [elementBytes, elementUsage] = sizes(element);
        yield [elementBytes + table.entryBytesOf(element), elementUsage];
      }
    },
  };
}

/** Bytes of all parts. */
export function walkedBytes({ bytes, elements }: ValueParts): number {
  let sum = bytes;
  for (const [elementBytes] of elements()) sum += elementBytes;
  return sum;
}

/** objectComputeSize with so many samples, robj included. */
export function sampledUsage(parts: ValueParts, samples: number, objectBytes: number): number {
  const fixed = objectBytes + parts.usage;
  let sum = 0;
  let taken = 0;
  let last = 0;
  for (const [, usage] of parts.elements()) {
    if (taken < samples) {
      sum += usage;
      taken++;
    } else if (parts.lastApart !== true) {
      break;
    }
    last = usage;
  }
  if (taken === 0) return fixed;
  // In doubles, and cut to whole bytes, as the server does it; streams in whole numbers.
  if (parts.lastApart !== true) return Math.trunc(fixed + (sum / taken) * parts.count);
  if (taken === parts.count) return fixed + sum;
  return fixed + Math.trunc(sum / taken) * (parts.count - 1) + last;
}
