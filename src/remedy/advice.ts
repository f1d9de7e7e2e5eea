import type { PhaseChange, PhaseResult, RunResult } from '../run/index.js';
import type { RemedyKind } from './remedy.js';
import type { ResultHead } from './result-head.js';

/** Identifies advice.schema.json, which describes Advice as a JSON Schema. A breaking change raises the number. */
export const ADVICE_SCHEMA = 'slablab.advice/1';

/** The memory of a server at one moment. */
export interface MemoryFigures {
  readonly usedMemory: number;
  readonly active: number;
  readonly resident: number;
  readonly keys: number;
}

/** A remedy that was replayed, and its effect. */
export interface TriedRemedy {
  readonly name: string;
  readonly kind: RemedyKind;
  /** The steps of `slablab whatif` that it was tried with. */
  readonly steps: readonly string[];
  readonly memory: MemoryFigures;
  /** Bytes of resident memory that come back, compared with the server as it is. */
  readonly backBytes: number;
  /** Bytes of used_memory less. */
  readonly freedBytes: number;
  /** The remedy that it must be better than; null for the server as it is. */
  readonly beyond: string | null;
  /** Bytes of resident memory that come back beyond that. */
  readonly gainBytes: number;
  /** Whether the gain is above the tolerance. */
  readonly helps: boolean;
  readonly costs: Pick<PhaseChange, 'sent' | 'tookMs' | 'copiedBytes'>;
  /** A cost that no figure has; empty if there is none. */
  readonly caution: string;
  /** Shell lines that make the changes on a real server. */
  readonly onServer: readonly string[];
}

/** Two remedies that were tried together. */
export interface TriedPair {
  readonly first: string;
  readonly second: string;
  readonly backBytes: number;
  /** Whether both give back the sum of their gains, only the larger gain, or an amount between or above. */
  readonly relation: 'add up' | 'exclude each other' | 'overlap' | 'help each other';
}

/** The remedies of an input, ranked, and the conclusion for an operator. */
export interface Advice extends ResultHead {
  readonly schema: typeof ADVICE_SCHEMA;
  /** The share of resident memory below which a difference counts as none. */
  readonly tolerance: number;
  readonly before: MemoryFigures;
  /** The best first: those that help by their gain, where equal gains count as equal and the cheaper kind leads. */
  readonly remedies: readonly TriedRemedy[];
  readonly pairs: readonly TriedPair[];
  /** One sentence for an operator. */
  readonly conclusion: string;
  /** Sentences on what the input cannot tell. */
  readonly limits: readonly string[];
  readonly runs: number;
  readonly timing: Pick<RunResult['timing'], 'startedAt' | 'wallMs'>;
}

export function memoryOf({ memory, keys = 0 }: PhaseResult): MemoryFigures {
  const { usedMemory, active, resident } = memory;
  return { usedMemory, active, resident, keys };
}
