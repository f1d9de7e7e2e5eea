import { expect, test } from 'vitest';
import { spawned } from '../../support/spawned.js';

test('a key takes at most 150 bytes of the process, even while its tables grow', async () => {
  // Chunks that are garbage already, up to 64 MB of them, are in the figure: fewer keys would make too much of them.
  const args = ['dist/test/bench/keys-memory.js', '100000', '2000000'];
  const { exitCode, stdout, stderr } = await spawned(process.execPath, args);
  expect([exitCode, stderr]).toEqual([0, '']);
  const { bytesPerKey, peakBytesPerKey } = JSON.parse(stdout);
  // Less than its record and its bucket cannot be.
  expect(bytesPerKey).toBeGreaterThan(60);
  expect(peakBytesPerKey).toBeLessThanOrEqual(150);
});
