/** The two streams that are measured, whole and in memory. */

import { Random } from '#slablab/src/base/index.js';
import { CommandLog } from '#slablab/src/commands/index.js';
import { openEngine } from '#slablab/src/engine/node.js';
import { type OpChunk, OpWriter } from '#slablab/src/stream/index.js';
import { serverVersion } from '../../src/run/modelled-server.js';
import { operationsOf } from '../../src/run/workload-operations.js';
import { findWorkload, parseSettings } from '../../workloads/index.js';

export interface BenchStream {
  readonly name: string;
  readonly operations: number;
  readonly chunks: readonly OpChunk[];
}

/** 1 M allocations, then 2 M times the free of a random one and an allocation in its place; 1 to 1,000 bytes. */
export function randomReplacement(): BenchStream {
  const live = 1_000_000;
  const random = new Random(1);
  const writer = new OpWriter();
  const chunks: OpChunk[] = [];
  const handles = new Uint32Array(live);
  const size = () => 1 + random.below(1000);
  for (let i = 0; i < live; i++) {
    handles[i] = writer.malloc(size());
    if (writer.full) chunks.push(...writer.takeFull());
  }
  for (let i = 0; i < 2 * live; i++) {
    const at = random.below(live);
    writer.free(handles[at]!);
    handles[at] = writer.malloc(size());
    if (writer.full) chunks.push(...writer.takeFull());
  }
  chunks.push(...writer.takeAll());
  return { name: '5 M operations, random replacement', operations: writer.position, chunks };
}

/** scattered-delete's own stream at ten times its default size, so that it takes long enough to be measured. */
export async function scatteredDelete(): Promise<BenchStream> {
  const workload = findWorkload('scattered-delete');
  const engine = await openEngine({ build: 'q3', conf: '', hooks: 'complete', runtime: 'wasm' });
  const context = { server: serverVersion('redis-7.2'), build: engine.info, log: new CommandLog() };
  const values = parseSettings(workload.parameters, ['keys=1000000']);
  const chunks = [...operationsOf(workload, values, context)];
  await engine.close();
  const operations = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  return { name: 'scattered-delete, 1 M keys', operations, chunks };
}
