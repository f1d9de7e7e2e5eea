import type { Command, CommandLog } from '../src/commands/index.js';
import type { BuildInfo } from '../src/engine/index.js';
import type { MemoryAccounts, RedisServer, ServerVersion, StructKind } from '../src/model/index.js';
import type { OpChunk, OpWriter } from '../src/stream/index.js';
import { drive } from './drive.js';
import type { KnownFigure } from './known.js';
import type { Parameters, ParameterValues, ValuesOf } from './parameter.js';
import type { Evidence, Finding, Study, Variant } from './study.js';

export interface Phase {
  readonly name: string;
  /** What has happened by its end. */
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

/** What a workload does next. Like a producer's command, a step is filled anew for each: keep none. */
export type Step = Command | PhaseEnd;

/** What a run of a workload takes place in. */
export interface WorkloadContext {
  readonly server: ServerVersion;
  readonly build: BuildInfo;
  /** Where the producer notes each completed command. */
  readonly log: CommandLog;
  /** Virtual time of the server's start, if it is up before its commands: below 0. */
  readonly startsAtMs?: number;
  /** What is to be done with the server before the first command, if anything. */
  readonly prepare?: (server: RedisServer, writer: OpWriter) => void;
  /** To keep account of who holds what; a workload that drives the allocator itself leaves it empty. */
  readonly memoryAccounts?: MemoryAccounts | undefined;
  /** Takes the survey that ends a phase, where more is to be done about it than `survey` itself. */
  readonly endPhase?: (phase: string, server: RedisServer, survey: () => void) => void;
}

/** What a workload fills memory with: regions of one kind and one requested size. */
export interface Content {
  readonly owner: StructKind;
  readonly bytes: number;
}

/** One experiment: what it reproduces, its parameters, its phases, and the operations themselves. */
export interface Workload {
  readonly name: string;
  readonly summary: string;
  /** Where the experiment was published. */
  readonly source: string;
  /** What it is known to show. */
  readonly shows: string;
  readonly parameters: Parameters;
  readonly phases: readonly Phase[];
  /** Throws an InputError when values are each in range but do not go together. */
  check(values: ParameterValues): void;
  /** The kinds of region that a verdict may name as what pins a slab; large ones first. */
  contents(values: ParameterValues, server: ServerVersion): readonly Content[];
  /** Operations it will write, near enough for a progress bar. */
  estimateOperations(values: ParameterValues): number;
  operations(values: ParameterValues, context: WorkloadContext): Generator<OpChunk, void>;
  /** The commands that it consists of, for whoever has a server; undefined where the allocator itself is driven. */
  readonly traffic?: (values: ParameterValues) => Iterable<Step>;
  /** The published figures that these values reproduce, each to be read from the run's phases. */
  known(values: ParameterValues): readonly KnownFigure[];
  /** What it has to say of several runs. */
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
  const { phases } = definition;
  const common = { check: () => {}, contents: () => [], known: () => [], ...untyped };
  if ('operations' in common) return common as Workload;
  const { traffic } = common;
  return { ...common, operations: (values, context) => drive(traffic(values), phases, context) };
}
