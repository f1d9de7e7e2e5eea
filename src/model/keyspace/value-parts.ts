import type { HashTable } from './hash-table.js';

/**
 * The parts of a value, found by a walk without the sizes that models keep. There are two measures: `bytes` as
 * requested from the allocator, and `usage` as MEMORY USAGE counts them (object.c: objectComputeSize).
 */
export interface ValueParts {
  /** Bytes that belong to no element; the robj is not counted. */
  readonly bytes: number;
  readonly usage: number;
  /** The number of list nodes, listpacks of a stream or members of a hash table; 0 if the value is one allocation. */
  readonly count: number;
  elements(): Iterable<PartSizes>;
  /** Whether MEMORY USAGE, when it samples, counts the last element exactly (streams). */
  readonly lastApart?: boolean;
}

export type PartSizes = readonly [bytes: number, usage: number];

/** Returns the parts of a value that is one allocation. */
export function onePart(bytes: number, usage: number): ValueParts {
  return { bytes, usage, count: 0, elements: () => [] };
}

/** Returns the parts of a value around a hash table. The bytes of `sizes` exclude the entry; its usage includes it. */
export function tableParts(
  table: HashTable,
  { bytes, usage }: { readonly bytes: number; readonly usage: number },
  sizes: (element: number) => PartSizes,
): ValueParts {
  return {
    bytes: bytes + table.frameBytes,
    usage: usage + table.frameUsage,
    count: table.used,
    *elements() {
      for (const element of table.elements()) {
        const [elementBytes, elementUsage] = sizes(element);
        yield [elementBytes + table.entryBytesOf(element), elementUsage];
      }
    },
  };
}

/** Returns the bytes of all parts. */
export function walkedBytes({ bytes, elements }: ValueParts): number {
  let sum = bytes;
  for (const [elementBytes] of elements()) sum += elementBytes;
  return sum;
}

/** objectComputeSize: returns the usage estimated from so many samples, with the robj. */
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
  // The server computes in doubles and truncates to whole bytes; for streams it computes in whole numbers.
  if (parts.lastApart !== true) return Math.trunc(fixed + (sum / taken) * parts.count);
  if (taken === parts.count) return fixed + sum;
  return fixed + Math.trunc(sum / taken) * (parts.count - 1) + last;
}
