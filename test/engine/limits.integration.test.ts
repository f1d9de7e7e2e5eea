/** How large a heap fits into how small a process: in a process of its own, so that nothing else counts. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { LabEngine, type OutOfMemoryError } from '#slablab/src/engine/index.js';
import { NativePort } from '#slablab/src/engine/native-port.js';
import { nativeTwin } from '#slablab/src/engine/node.js';
import { type OpChunk, OpWriter } from '#slablab/src/stream/index.js';
import { peakMemoryOf } from '../support/peak-memory.js';
import { rejection, withEngine } from './streams.js';

const GIB = 2 ** 30;
const MIB = 2 ** 20;

function* mallocs(count: number, sizeBytes: number): Generator<OpChunk> {
  const writer = new OpWriter();
  for (let i = 0; i < count; i++) {
    writer.malloc(sizeBytes);
    if (writer.full) yield* writer.takeFull();
  }
  yield* writer.takeAll();
}

test('3.5 GiB are simulated in WebAssembly within 512 MiB of process memory', async () => {
  const script = `
    import { openEngine } from '#slablab/src/engine/node.js';
    import { OpWriter } from '#slablab/src/stream/index.js';
    import { peakMemoryOf } from '#slablab/test/support/peak-memory.js';
    const engine = await openEngine({ build: 'q3', conf: '', hooks: 'complete', runtime: 'wasm' });
    const writer = new OpWriter();
    for (let bytes = 0; bytes < ${3.5 * GIB}; bytes += 1024) {
      writer.malloc(1000);
      for (const chunk of writer.full ? writer.takeFull() : []) await engine.replay(chunk);
    }
    for (const chunk of writer.takeAll()) await engine.replay(chunk);
    const { memory, drainprof } = await engine.survey(0);
    console.log(JSON.stringify({ allocated: memory.allocated, reconciled: drainprof.reconciled, peak: peakMemoryOf('self') }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  const { allocated, reconciled, peak } = JSON.parse(stdout);
  console.log(`3.5 GiB in WebAssembly: peak ${(peak / MIB).toFixed(0)} MiB`);
  expect(allocated).toBeGreaterThanOrEqual(3.5 * GIB);
  expect(reconciled).toBe(true);
  expect(peak).toBeLessThan(512 * MIB);
});

test('64 GiB are simulated by the native twin within 4 GiB', async () => {
  const port = await NativePort.start(await nativeTwin('q3'));
  const engine = await LabEngine.boot('native', port, { build: 'q3', conf: '', hooks: 'complete' });
  for (const chunk of mallocs((64 * GIB) / 1024, 1000)) await engine.replay(chunk);
  const { memory, drainprof } = await engine.survey(0);
  const peak = peakMemoryOf(port.pid!);
  console.log(`64 GiB in the native twin: peak ${(peak / MIB).toFixed(0)} MiB`);
  await engine.close();
  expect(memory.allocated).toBeGreaterThanOrEqual(64 * GIB);
  expect(drainprof.reconciled).toBe(true);
  expect(peak).toBeLessThan(4 * GIB);
});

test('a heap that does not fit is refused with what filled it, and what was measured stays', async () => {
  await withEngine({}, async (engine) => {
    const error = await rejection<OutOfMemoryError>(
      (async () => {
        for (const chunk of mallocs(5000, MIB)) await engine.replay(chunk);
      })(),
    );
    expect(error.name).toBe('OutOfMemoryError');
    expect(error.message).toMatch(/operation \d+ \(malloc, .*\): out of memory with 3\d{3}\.\d MiB mapped/);
    expect(error.message).toMatch(/use --runtime native/);
    const { memory, drainprof } = await engine.survey(0);
    expect(memory.allocated).toBeGreaterThan(3.4 * GIB);
    expect(drainprof.reconciled).toBe(true);
  });
});
