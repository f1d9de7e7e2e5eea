import {
  compareWithKnown,
  type ParameterValues,
  type Workload,
  type WorkloadContext,
} from '../../workloads/index.js';
import { takeCensus } from '../analysis/index.js';
import { CommandLog } from '../commands/index.js';
import {
  DEFAULT_SERVER,
  type Gaps,
  type RedisServer,
  type ServerSettings,
  startWith,
} from '../model/index.js';
import type { OpChunk, OpWriter } from '../stream/index.js';
import { type Continuation, type Cut, further } from './continuation.js';
import { foreignBytesOf, restOf, serverVersion } from './modelled-server.js';
import { observePhase, observeStart } from './observer.js';
import type { RunAccounts } from './run-accounts.js';
import type { RunSource } from './run-source.js';
import { type Censuses, findingsOf } from './run-variants.js';
import { operationsOf } from './workload-operations.js';

export interface WorkloadSourceOptions {
  /** Runs as `verify` does: with an idle phase, an observer, and this rest before each survey. */
  readonly restMs?: number;
  /** Settings of the server, by the names of CONFIG SET. */
  readonly settings?: ServerSettings['settings'];
  /** Accounts of the run, but not of the variants of its study. */
  readonly accounts?: RunAccounts | undefined;
  /** Phases after the workload's last one, or after the one at which `cut` ends it. */
  readonly continuation?: Continuation | undefined;
  readonly cut?: { readonly phase: string } | undefined;
  /** The phase at whose end the cohort is marked, in place of the workload's own marks. */
  readonly mark?: { readonly phase: string } | undefined;
}

/** Returns a source that runs a workload. */
export function workloadSource(
  workload: Workload,
  parameters: ParameterValues,
  serverName = DEFAULT_SERVER,
  { restMs, settings = [], accounts, continuation, cut, mark }: WorkloadSourceOptions = {},
): RunSource {
  const { study } = workload;
  if (continuation !== undefined) {
    return plainSource(workload, parameters, serverName, { settings, accounts, continuation, cut, mark });
  }
  if (restMs !== undefined) return plainSource(workload, parameters, serverName, { restMs, settings });
  if (study === undefined) return plainSource(workload, parameters, serverName, { settings, accounts, mark });
  const sourceOf = (values: ParameterValues, census: Censuses, ofMain = {}) =>
    plainSource(workload, values, serverName, { census, settings, mark, ...ofMain });
  const census: Censuses = new Map();
  return {
    ...sourceOf(parameters, census, { accounts }),
    findings: (all, runAnother) => {
      // Sweeps between the phases of the workload have no census, and a study is about its phases.
      const phases = all.filter(({ name }) => census.has(name));
      return findingsOf(
        study,
        parameters,
        { phases, census },
        (values, of) => sourceOf(values, of),
        runAnother,
      );
    },
  };
}

/** Returns a source that runs a workload without a study. Censuses of its phases are kept in `census`. */
function plainSource(
  workload: Workload,
  parameters: ParameterValues,
  serverName: string,
  {
    restMs,
    settings = [],
    accounts,
    census,
    continuation,
    cut,
    mark,
  }: WorkloadSourceOptions & { readonly census?: Censuses },
): RunSource {
  workload.check(parameters);
  const server = serverVersion(serverName);
  const log = new CommandLog();
  const idle = restMs === undefined ? [] : ['idle'];
  const known = workload.known(parameters);
  let gaps: Gaps | undefined;
  let started: RedisServer | undefined;
  const prefixes = workload.study?.prefixes ?? [];
  const own = [...workload.phases.map((phase) => phase.name), ...idle];
  return {
    metadata: {
      workload: workload.name,
      server: server.name,
      parameters,
      phases: [...own, ...(continuation?.phases ?? [])],
    },
    contents: workload.contents(parameters, server),
    isModelled: workload.traffic !== undefined,
    estimatedOperations: workload.estimateOperations(parameters),
    hasEndPhase: false,
    open: (build) => {
      let marking: OpWriter | undefined;
      const endPhase = (phase: string, redis: RedisServer, survey: () => void) => {
        if (mark?.phase === phase) marking?.mark();
        if (restMs === undefined) survey();
        else observePhase(redis, restMs, survey);
        census?.set(phase, takeCensus(redis, prefixes));
        accounts?.copyAt(phase, redis);
      };
      const prepare = (redis: RedisServer, writer: OpWriter) => {
        gaps = redis.gaps;
        started = redis;
        marking = writer;
        startWith(redis.settings, settings);
      };
      const context = {
        server,
        build,
        log,
        prepare,
        endPhase,
        hasMarks: mark === undefined,
        memoryAccounts: accounts?.memoryAccounts,
      };
      if (continuation !== undefined) {
        const first = own.length;
        return continued((more) => operationsOf(workload, parameters, { ...context, ...more }), context, {
          continuation,
          first,
          cut,
        });
      }
      if (restMs === undefined) return operationsOf(workload, parameters, context);
      return operationsOf(workload, parameters, {
        ...context,
        startsAtMs: -restMs,
        prepare: (redis, writer) => {
          prepare(redis, writer);
          observeStart(redis, restMs, () => writer.sweep(workload.phases.length));
        },
      });
    },
    ...(workload.traffic === undefined ? {} : { foreignBytes: foreignBytesOf(server) }),
    gaps: () => gaps,
    rest: (ms) => restOf(started, ms),
    commandsUpTo: (position) => log.countUpTo(position),
    known: (phases) => (known.length === 0 ? undefined : compareWithKnown(known, phases)),
    close: async () => {},
  };
}

/** Ends a workload before its end. */
class WorkloadIsCut extends Error {}

type WorkloadHooks = Required<Pick<WorkloadContext, 'prepare' | 'endPhase'>>;

/** Runs a workload, up to the end of a phase if it is cut there, and what follows on its server. */
function* continued(
  operations: (hooks: WorkloadHooks) => Iterable<OpChunk>,
  { prepare, endPhase }: WorkloadHooks,
  {
    continuation,
    first,
    cut,
  }: { readonly continuation: Continuation; readonly first: number; readonly cut?: Cut | undefined },
): Generator<OpChunk, void> {
  let made: { readonly redis: RedisServer; readonly writer: OpWriter } | undefined;
  const hooks: WorkloadHooks = {
    prepare: (redis, writer) => {
      made = { redis, writer };
      prepare(redis, writer);
    },
    endPhase: (phase, redis, survey) => {
      endPhase(phase, redis, survey);
      if (cut !== undefined && 'phase' in cut && cut.phase === phase) throw new WorkloadIsCut();
    },
  };
  try {
    yield* operations(hooks);
  } catch (error) {
    if (!(error instanceof WorkloadIsCut)) throw error;
  }
  if (made === undefined) throw new Error('a workload ran without a server');
  yield* further(made.redis, made.writer, continuation, first);
}
