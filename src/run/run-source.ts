import type { Content, Finding, KnownComparison, PhaseFigures } from '../../workloads/index.js';
import type { AllocatorView, BuildInfo } from '../engine/index.js';
import type { InputKind } from '../input/index.js';
import type { Gaps } from '../model/index.js';
import type { OpChunk, OpsMetadata, RecordedCounts } from '../stream/index.js';
import type { RunAnother } from './run-variants.js';

/** A source of a run's operations: a workload, commands, or a saved stream. */
export interface RunSource {
  readonly metadata: OpsMetadata;
  /** Kinds of region that a verdict may name; empty if unknown. */
  readonly contents: readonly Content[];
  /**
   * Continues the modelled server without commands, after the stream has ended. Undefined unless its active
   * defragmentation is on, without which time changes nothing but decay.
   */
  rest?(ms: number): Iterable<OpChunk> | undefined;
  /** Number of operations for a progress bar; undefined if it cannot be estimated. */
  readonly estimatedOperations: number | undefined;
  /** Whether the run adds a phase `end`, because the stream may continue after its last sweep. */
  readonly hasEndPhase: boolean;
  /** The kind of the file that the operations come from, if it is one of commands or a data set. */
  readonly inputKind?: InputKind | undefined;
  /** Returns a sentence on the server that the input was modelled as, and why. Absent if no file names one. */
  serverNote?(): string;
  /** The used_memory in bytes of the server that saved the file, if the file has it. */
  readonly savedMemory?: number | undefined;
  /** Whether a server model produces the operations. It depends on the AllocatorView of a build only. */
  readonly isModelled: boolean;
  /** Produces the stream. Can be called once. The caller owns the chunks. */
  open(build: BuildInfo): Iterable<OpChunk> | AsyncIterable<OpChunk>;
  /** Returns the live bytes that do not count as used_memory, which other libraries allocate. Undefined: none. */
  foreignBytes?(build: AllocatorView): number;
  /** Returns the number of commands completed at a position. Positions must not decrease from call to call. */
  commandsUpTo(position: number): number;
  /** Compares the phases with published figures; undefined if there are none for this run. */
  known?(phases: readonly PhaseFigures[]): readonly KnownComparison[] | undefined;
  /** Runs the variants of the workload's study, and returns its findings. Absent if it has no study. */
  findings?(phases: readonly PhaseFigures[], runAnother: RunAnother): Promise<readonly Finding[]>;
  /** Returns the progress in a file, for a progress bar. */
  bytes?(): { readonly read: number; readonly total: number };
  /** Returns the counts of a recording, once its stream has been opened. */
  recorded?(): RecordedCounts | undefined;
  /** Returns the commands that could not be carried out, after the run. Absent if no server model is there. */
  gaps?(): Gaps | undefined;
  /** Returns remarks on the input after the run, in sentences. */
  notes?(): readonly string[];
  close(): Promise<void>;
}
