import type { AllocatorView } from '../src/engine/index.js';
import { commandTable, RedisServer } from '../src/model/index.js';
import { type OpChunk, OpWriter } from '../src/stream/index.js';
import type { Phase, Step, WorkloadContext } from './workload.js';

/** All of a build that a model sees. */
type ModelContext = Omit<WorkloadContext, 'build'> & { readonly build: AllocatorView };

/** The operations that a modelled server makes of a workload's commands. */
export function* drive(
  steps: Iterable<Step>,
  phases: readonly Phase[],
  context: ModelContext,
): Generator<OpChunk, void> {
  const {
    server: version,
    build,
    log,
    startsAtMs = 0,
    prepare,
    memoryAccounts,
    endPhase,
    hasMarks = true,
  } = context;
  const { sizeClasses, quantum } = build;
  const writer = new OpWriter();
  const server = new RedisServer(writer, {
    version,
    sizeClasses,
    commands: commandTable(version),
    log,
    startsAtMs,
    accounts: memoryAccounts,
    // A quantum of 16 is the C ABI's, which a jemalloc that serves a whole process has to keep.
    isSystemAllocator: quantum === 16,
  });
  prepare?.(server, writer);
  for (const step of steps) {
    if ('phase' in step) {
      const number = phases.findIndex(({ name }) => name === step.phase);
      if (step.atMs !== undefined) server.advanceTo(step.atMs);
      server.settle();
      if (step.isMark === true && hasMarks) writer.mark();
      const survey = () => writer.sweep(number);
      if (endPhase === undefined) survey();
      else endPhase(step.phase, server, survey);
    } else {
      server.execute(step);
      if (server.unfinished !== undefined) yield* server.finish();
    }
    if (writer.full) yield* writer.takeFull();
  }
  yield* writer.takeAll();
}
