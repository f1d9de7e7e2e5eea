import type { Command, CommandLog } from '../src/commands/index.js';
import type { BuildInfo } from '../src/engine/index.js';
import type { MemoryAccounts, RedisServer, ServerVersion, StructKind } from '../src/model/index.js';
import type { OpChunk, OpWriter } from '../src/stream/index.js';
import type { KnownFigure } from './known.js';
import type { Parameters, ParameterValues, ValuesOf } from './parameter.js';
import type { Evidence, Finding, Study, Variant } from './study.js';

export interface Phase {
  readonly name: string;
  /** The state at the end of the phase. */
  readonly meaning: string;
}

/** The end of a phase among a workload's commands. */
export interface PhaseEnd {
  readonly phase: string;
  /** The slabs open now are the cohort. */
  readonly isMark?: boolean;
  /** Virtual time to wait for, where the experiment is about time going by. */
  readonly atMs?: number;
}

/** The next step of a workload. The object is reused for every step, so callers must not keep it. */
export type Step = Command | PhaseEnd;

/** The environment of a run of a workload. */
export interface WorkloadContext {
  readonly server: ServerVersion;
  readonly build: BuildInfo;
  /** The log to which the producer adds each completed command. */
  readonly log: CommandLog;
  /** Virtual time of the server's start, if it is up before its commands: below 0. */
  readonly startsAtMs?: number;
  /** Prepares the server before the first command. */
  readonly prepare?: (server: RedisServer, writer: OpWriter) => void;
  /** Accounts to keep of the server's memory; empty for a workload that drives the allocator itself. */
  readonly memoryAccounts?: MemoryAccounts | undefined;
  /** Whether the workload sets its own marks of the cohort; default: it does. */
  readonly hasMarks?: boolean;
  /** Ends a phase and calls `survey`; by default only `survey` is called. */
  readonly endPhase?: (phase: string, server: RedisServer, survey: () => void) => void;
}

/** The regions that a workload allocates, of one struct kind and one requested size. */
export interface Content {
  readonly owner: StructKind;
  readonly bytes: number;
}

/** One experiment: what it reproduces, its parameters, its phases, and the operations themselves. */
export interface Workload {
  readonly name: string;
  readonly summary: string;
  /** The publication of the experiment. */
  readonly source: string;
  /** Published figures of the experiment. */
  readonly shows: string;
  readonly parameters: Parameters;
  readonly phases: readonly Phase[];
  /** Throws an InputError when values are each in range but do not go together. */
  check(values: ParameterValues): void;
  /** The kinds of region that a verdict may name as what pins a slab; large ones first. */
  contents(values: ParameterValues, server: ServerVersion): readonly Content[];
  /** Operations it will write, near enough for a progress bar. */
  estimateOperations(values: ParameterValues): number;
  /** The commands of the workload; undefined for a workload that drives the allocator itself. */
  readonly traffic?: (values: ParameterValues) => Iterable<Step>;
  /** The operations of a workload without commands. */
  readonly operations?: (values: ParameterValues, context: WorkloadContext) => Generator<OpChunk, void>;
  /** The published figures that these values reproduce, each to be read from the run's phases. */
  known(values: ParameterValues): readonly KnownFigure[];
  /** The study of the workload, if it compares several runs. */
  readonly study?: Study;
}

type Typed<P extends Parameters> = ValuesOf<P>;

interface Described<P extends Parameters>
  extends Pick<Workload, 'name' | 'summary' | 'source' | 'shows' | 'phases'> {
  readonly parameters: P;
  check?(values: Typed<P>): void;
  contents?(values: Typed<P>, server: ServerVersion): readonly Content[];
  estimateOperations(values: Typed<P>): number;
  known?(values: Typed<P>): readonly KnownFigure[];
  readonly study?: {
    readonly prefixes: readonly string[];
    variants(values: Typed<P>): readonly Variant[];
    findings(values: Typed<P>, main: Evidence, variants: ReadonlyMap<string, Evidence>): readonly Finding[];
  };
}

/** A workload whose functions see the type of each parameter's value: of commands, or of the operations themselves. */
export type WorkloadDefinition<P extends Parameters> = Described<P> &
  (
    | { traffic(values: Typed<P>): Iterable<Step> }
    | { operations(values: Typed<P>, context: WorkloadContext): Generator<OpChunk, void> }
  );

/** The values that reach a workload come from `parseSettings` over its own parameters, so the types hold. */
export function defineWorkload<P extends Parameters>(definition: WorkloadDefinition<P>): Workload {
  const untyped = definition as unknown as WorkloadDefinition<Parameters>;
  return { check: () => {}, contents: () => [], known: () => [], ...untyped } as Workload;
}
