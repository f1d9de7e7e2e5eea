/**
 * Surveys very many slabs in a process of its own, after half of the keys are deleted. Prints its measurements as JSON.
 *
 *     node sweep-lap.js <wasm | native> <slabs> <sweeps>
 */
import { wasmModule } from '#slablab/src/engine/builds.js';
import { LabEngine, type Snapshot, WasmPort } from '#slablab/src/engine/index.js';
import { NativePort } from '#slablab/src/engine/native-port.js';
import { nativeTwin } from '#slablab/src/engine/node.js';
import { OpWriter } from '#slablab/src/stream/index.js';
export interface SweepLap {
  readonly slabs: number;
  readonly extents: number;
  /** Of each sweep, from the request to the snapshot; the one before has been given back. */
  readonly sweepMs: readonly number[];
  /** Bytes of the columns of a snapshot, and how long a copy of as many takes, once after each sweep. */
  readonly bytes: number;
  readonly copyMs: readonly number[];
}

const SIZE = 1024;
const REGIONS = 4;
/** Of so many slabs one is freed whole. */
const FREED = 20;

const [runtime, slabs, sweeps] = process.argv.slice(2);
const port =
  runtime === 'native'
    ? await NativePort.start(await nativeTwin('q3'))
    : new WasmPort(await wasmModule('q3'));
const options = { build: 'q3', conf: '', hooks: 'complete' } as const;
const engine = await LabEngine.boot(runtime === 'native' ? 'native' : 'wasm', port, options);
const writer = new OpWriter();
const replay = async () => {
  for (const chunk of writer.takeAll()) await engine.replay(chunk);
};
const count = Number(slabs) * REGIONS;
const handles = new Uint32Array(count);
for (let i = 0; i < count; i++) {
  handles[i] = writer.malloc(SIZE);
  if (writer.full) for (const chunk of writer.takeFull()) await engine.replay(chunk);
}
for (let i = 0; i < count; i++) {
  if (i % 2 === 1 || Math.floor(i / REGIONS) % FREED === 0) writer.free(handles[i]!);
  if (writer.full) for (const chunk of writer.takeFull()) await engine.replay(chunk);
}
writer.flushTcache();
await replay();
const sweepMs: number[] = [];
const copyMs: number[] = [];
let found = { granules: 0, unused: 0, bytes: 0 };
let source = new Uint8Array();
let target = new Uint8Array();
for (let sweep = 0; sweep < Number(sweeps); sweep++) {
  const start = performance.now();
  const snapshot = await engine.survey(sweep);
  sweepMs.push(performance.now() - start);
  const bytes = bytesOf(snapshot);
  found = { granules: snapshot.granules.count, unused: snapshot.unused.count, bytes };
  if (source.length !== bytes) {
    source = new Uint8Array(bytes).fill(1);
    target = new Uint8Array(bytes).fill(2);
  }
  const begun = performance.now();
  target.set(source);
  copyMs.push(performance.now() - begun);
  engine.giveBack(snapshot);
}
await engine.close();
const { granules, unused, bytes } = found;
const lap: SweepLap = { slabs: granules, extents: unused, sweepMs, bytes, copyMs };
console.log(JSON.stringify(lap));

/** Returns the bytes of the columns of granules and unused extents. */
function bytesOf(snapshot: Snapshot): number {
  const columns = [...Object.values(snapshot.granules), ...Object.values(snapshot.unused)];
  return columns.reduce((sum, column) => sum + (ArrayBuffer.isView(column) ? column.byteLength : 0), 0);
}
