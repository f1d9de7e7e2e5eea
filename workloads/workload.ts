import type { BuildInfo } from '../src/engine/engine.js';
import type { CommandLog, Owner, RedisServer, ServerVersion } from '../src/redis/index.js';
import type { OpChunk, OpWriter } from '../src/trace/index.js';
import type { Parameters, ParameterValues, ValuesOf } from './parameter.js';

export interface Phase {
  readonly name: string;
  /** What has happened by its end. */
  readonly meaning: string;
}

/** What a run of a workload takes place in. */
export interface WorkloadContext {
  readonly server: ServerVersion;
  readonly build: BuildInfo;
  /** Where the producer notes each completed command. */
  readonly log: CommandLog;
  /** What is to be done with the server before the first command, if anything. */
  readonly prepare?: (server: RedisServer, writer: OpWriter) => void;
}

/** What a workload fills memory with: regions of one kind and one requested size. */
export interface Content {
  readonly owner: Owner;
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
  contents(values: ParameterValues, server: ServerVersion): Content[];
  /** Operations it will write, near enough for a progress bar. */
  estimateOperations(values: ParameterValues): number;
  operations(values: ParameterValues, context: WorkloadContext): Generator<OpChunk, void>;
}

/** A workload whose functions see the type of each parameter's value. */
export interface WorkloadDefinition<P extends Parameters>
  extends Omit<Workload, 'parameters' | 'check' | 'contents' | 'estimateOperations' | 'operations'> {
  readonly parameters: P;
  check(values: ValuesOf<P>): void;
  contents(values: ValuesOf<P>, server: ServerVersion): Content[];
  estimateOperations(values: ValuesOf<P>): number;
  operations(values: ValuesOf<P>, context: WorkloadContext): Generator<OpChunk, void>;
}

/** The values that reach a workload come from `parseSettings` over its own parameters, so the types hold. */
export function defineWorkload<P extends Parameters>(definition: WorkloadDefinition<P>): Workload {
  return definition as unknown as Workload;
}
