import type { RunResult } from '../run/index.js';
import type { ResultHead } from './result-head.js';

/** Identifies sizing.schema.json, which describes Sizing as a JSON Schema. A breaking change raises the number. */
export const SIZING_SCHEMA = 'slablab.size/1';

/** The memory that a process may have, and the parts of it that no replay counts. */
export interface RssLimit {
  readonly rssBytes: number;
  /** The process without its allocator: code, stacks, other libraries. */
  readonly processBytes: number;
  /** The share of the allocator's memory that is copied while a child process saves. */
  readonly copiedShare: number;
  /** The part that is left for the allocator. */
  readonly allocatorBytes: number;
}

/** The largest limit of memory for traffic, with one policy. */
export interface PolicySizing {
  readonly policy: string;
  /** The value for `maxmemory`; null if the traffic needs no limit, or no limit is low enough. */
  readonly maxmemoryBytes: number | null;
  /** The peak of the allocator's resident memory with it. */
  readonly peakBytes: number;
  /** Used memory and keys at the end. */
  readonly usedMemory: number;
  readonly keys: number;
}

/** The largest data set of keys like those of the input. */
export interface DataSetSizing {
  readonly keys: number;
  /** The value for `maxmemory`, which is the used_memory of so many keys. */
  readonly maxmemoryBytes: number;
  readonly peakBytes: number;
  /** The size of the replayed data set, as a fraction of this one: 1, 1/2, 1/4 and so on. */
  readonly replayedShare: number;
}

/** The largest size of a server whose memory stays below a limit. */
export interface Sizing extends ResultHead {
  readonly schema: typeof SIZING_SCHEMA;
  readonly limit: RssLimit;
  /** The input as it is, without a limit. */
  readonly input: { readonly keys: number; readonly usedMemory: number; readonly peakBytes: number };
  /** One for each policy; empty for a data set. */
  readonly policies: readonly PolicySizing[];
  /** Null for traffic. */
  readonly dataSet: DataSetSizing | null;
  readonly runs: number;
  readonly timing: Pick<RunResult['timing'], 'startedAt' | 'wallMs'>;
}

/** Returns the limit of the allocator's memory. A process that saves has the copied pages twice. */
export function rssLimit(rssBytes: number, processBytes: number, copiedShare: number): RssLimit {
  const allocatorBytes = Math.floor((rssBytes - processBytes) / (1 + copiedShare));
  return { rssBytes, processBytes, copiedShare, allocatorBytes };
}
