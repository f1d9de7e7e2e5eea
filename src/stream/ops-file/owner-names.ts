/** The names of owner tags: the call sites and threads whose operations carry them. */
import { MAX_OWNER } from '../operation.js';
import {
  isCount,
  isObject,
  isRecordedCounts,
  isTexts,
  objectIn,
  type RecordedCounts,
} from './ops-metadata.js';

/** An owner tag of a recorded program. */
export interface NamedOwner {
  readonly tag: number;
  /** The calls that led to the operation, the innermost first, each as `function at file:line`. */
  readonly frames: readonly string[];
  /** The simulated thread of the operations, if the tag belongs to one thread alone. */
  readonly thread?: number;
}

/** Describes operations after they were written. */
export interface OpsNames {
  readonly owners: readonly NamedOwner[];
  /** Counts that were complete when the last operation had been written; they replace those of the metadata. */
  readonly recorded?: RecordedCounts;
  /** Number of operations after which the live regions had asked for most bytes. */
  readonly peakAt?: number;
}

/** Returns the names of a record, or what is wrong with them. */
export function parseNames(json: Uint8Array): OpsNames | { readonly problem: string } {
  const value = objectIn(json);
  if (typeof value === 'string') return { problem: value };
  const { owners = [], recorded, peakAt } = value;
  if (!Array.isArray(owners)) return { problem: '`owners` is not a list' };
  for (const [index, owner] of owners.entries()) {
    const problem = problemOfOwner(owner);
    if (problem !== undefined) return { problem: `\`owners[${index}]\` ${problem}` };
  }
  if (recorded !== undefined && !isRecordedCounts(recorded)) {
    return { problem: '`recorded` is not an object of counts' };
  }
  if (peakAt !== undefined && (!isCount(peakAt) || peakAt < 1)) {
    return { problem: '`peakAt` is not a whole number of at least 1' };
  }
  return {
    owners,
    ...(recorded === undefined ? {} : { recorded }),
    ...(peakAt === undefined ? {} : { peakAt }),
  };
}

function problemOfOwner(owner: unknown): string | undefined {
  if (!isObject(owner)) return 'is not an object';
  if (!isCount(owner.tag) || owner.tag < 1 || owner.tag > MAX_OWNER) {
    return `has no \`tag\` from 1 to ${MAX_OWNER}`;
  }
  if (!isTexts(owner.frames)) return 'has no list of `frames`';
  if (owner.thread !== undefined && !isCount(owner.thread)) return 'has a `thread` that is not a number';
  return undefined;
}

/** Returns names in parts, so that no record is larger than a reader takes. */
export function* namesInParts(names: OpsNames): Generator<OpsNames> {
  for (let from = 0; from === 0 || from < names.owners.length; from += OWNERS_OF_RECORD) {
    const owners = names.owners.slice(from, from + OWNERS_OF_RECORD);
    yield from === 0 ? { ...names, owners } : { owners };
  }
}

const OWNERS_OF_RECORD = 20_000;
