import { describe, expect, test } from 'vitest';
import { openEngine } from '#slablab/src/engine/node.js';
import type { Snapshot } from '#slablab/src/engine/snapshot.js';
import { OpWriter } from '#slablab/src/stream/index.js';

const REGIONS = 2000;
const BYTES = 1024;
const HELD = REGIONS * BYTES;

/** 2 MB of regions, all freed, 100 ms of decay; then as much again. Snapshots: full, freed, rested, full again. */
async function fourSnapshots(conf: string): Promise<Snapshot[]> {
  const writer = new OpWriter();
  const fill = () => Array.from({ length: REGIONS }, () => writer.malloc(BYTES));
  const handles = fill();
  writer.sweep(0);
  for (const handle of handles) writer.free(handle);
  writer.flushTcache();
  writer.sweep(1);
  for (let ms = 0; ms < 100; ms += 10) {
    writer.advance(10);
    writer.decay();
  }
  writer.sweep(2);
  fill();
  writer.sweep(3);
  const engine = await openEngine({ build: 'q3', conf, hooks: 'complete', runtime: 'wasm' });
  const snapshots: Snapshot[] = [];
  for (const chunk of writer.takeAll()) snapshots.push(...(await engine.replay(chunk)));
  await engine.close();
  return snapshots;
}

describe('what the operating system is asked for', () => {
  test('the peak is the most that was resident, and stays when memory has gone back', async () => {
    const [full, freed, rested, again] = await fourSnapshots('dirty_decay_ms:0');
    expect(full?.memory.peakResident).toBe(full?.memory.resident);
    expect(freed?.memory.resident).toBeLessThan((full?.memory.resident ?? 0) - HELD * 0.9);
    const { peakResident } = freed?.memory ?? {};
    expect(peakResident).toBeGreaterThanOrEqual(full?.memory.resident ?? 0);
    // In between, only records of extents are added to it.
    expect(peakResident).toBeLessThan((full?.memory.resident ?? 0) + HELD * 0.1);
    expect(rested?.memory.peakResident).toBe(peakResident);
    expect(again?.memory.peakResident).toBeGreaterThanOrEqual(again?.memory.resident ?? 0);
  });

  test.each([
    ['at once, without decay', 'dirty_decay_ms:0', 'forcedPurgedBytes', 1],
    ['never, with decay switched off', 'dirty_decay_ms:-1', 'none', 0],
    ['in the time of decay', 'dirty_decay_ms:50', 'forcedPurgedBytes', 2],
    ['lazily, where muzzy pages may wait', 'dirty_decay_ms:50,muzzy_decay_ms:-1', 'lazyPurgedBytes', 2],
    ['by unmapping, without retain', 'dirty_decay_ms:0,retain:false', 'unmappedBytes', 1],
  ] as const)('given back %s', async (_, conf, column, from) => {
    const snapshots = await fourSnapshots(conf);
    for (const other of ['forcedPurgedBytes', 'lazyPurgedBytes', 'unmappedBytes'] as const) {
      const bytes = snapshots.map(({ system }) => system[other]);
      if (other !== column) expect(bytes[2], other).toBeLessThan(HELD * 0.1);
      else {
        expect(bytes[from - 1], other).toBeLessThan(HELD * 0.1);
        expect(bytes[from], other).toBeGreaterThan(HELD * 0.9);
      }
    }
  });
});
