import type { Content, ParameterValues, Workload } from '../../workloads/index.js';
import type { BuildInfo } from '../engine/engine.js';
import { CommandLog, DEFAULT_SERVER, findServer, SERVERS, type ServerVersion } from '../redis/index.js';
import { type OpChunk, unknownName } from '../trace/index.js';
import { OpsFileReader, type OpsMetadata } from '../trace/ops-file/index.js';

/** Where a run's operations come from: a workload, or a file that one was saved to. */
export interface RunSource {
  readonly metadata: OpsMetadata;
  /** Kinds of region a verdict may name; empty when nobody knows. */
  readonly contents: readonly Content[];
  /** For a progress bar; undefined when it cannot be told. */
  readonly estimatedOperations: number | undefined;
  /** Whether the run ends with a phase `end` of its own, because the last sweep need not be the stream's end. */
  readonly hasEndPhase: boolean;
  /** Can be called once. */
  open(build: BuildInfo): Iterable<OpChunk> | AsyncIterable<OpChunk>;
  /** Commands complete at a position; positions must not go back from call to call. */
  commandsUpTo(position: number): number;
  close(): Promise<void>;
}

export function workloadSource(
  workload: Workload,
  parameters: ParameterValues,
  serverName = DEFAULT_SERVER,
): RunSource {
  workload.check(parameters);
  const server = serverVersion(serverName);
  const log = new CommandLog();
  return {
    metadata: {
      workload: workload.name,
      server: server.name,
      parameters,
      phases: workload.phases.map((phase) => phase.name),
    },
    contents: workload.contents(parameters, server),
    estimatedOperations: workload.estimateOperations(parameters),
    hasEndPhase: false,
    open: (build) => workload.operations(parameters, { server, build, log }),
    commandsUpTo: (position) => log.countUpTo(position),
    close: async () => {},
  };
}

export async function opsFileSource(path: string): Promise<RunSource> {
  const reader = await OpsFileReader.open(path);
  return {
    metadata: reader.metadata,
    contents: [],
    estimatedOperations: undefined,
    hasEndPhase: true,
    open: () => reader.chunks(),
    commandsUpTo: () => 0,
    close: () => reader.close(),
  };
}

export function serverVersion(name: string): ServerVersion {
  const server = findServer(name);
  if (server !== undefined) return server;
  const known = SERVERS.map((version) => version.name);
  throw unknownName('a server version', name, known);
}
