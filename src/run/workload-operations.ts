import type { ParameterValues, Workload, WorkloadContext } from '../../workloads/index.js';
import { commandTable, RedisServer } from '../model/index.js';
import { type OpChunk, OpWriter } from '../stream/index.js';

/** Returns the operations of a workload: its own, or those that a modelled server makes of its commands. */
export function operationsOf(
  workload: Workload,
  values: ParameterValues,
  context: WorkloadContext,
): Generator<OpChunk, void> {
  return workload.operations?.(values, context) ?? modelled(workload, values, context);
}

function* modelled(
  { name, phases, traffic }: Workload,
  values: ParameterValues,
  context: WorkloadContext,
): Generator<OpChunk, void> {
  if (traffic === undefined) throw new Error(`workload '${name}' has neither commands nor operations`);
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
  for (const step of traffic(values)) {
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
