import type { ParameterValues, Workload, WorkloadContext } from '../../workloads/index.js';
import { commandTable, RedisServer } from '../model/index.js';
import { type OpChunk, OpWriter } from '../stream/index.js';
import { servesWholeProcess } from './modelled-server.js';

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
  const writer = new OpWriter();
  const server = new RedisServer(writer, {
    version,
    sizeClasses: build.sizeClasses,
    commands: commandTable(version),
    log,
    startsAtMs,
    accounts: memoryAccounts,
    isSystemAllocator: servesWholeProcess(build),
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
