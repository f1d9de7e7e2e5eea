/** What keys take of the process, each time in a process of its own with Node's default heap. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { KeysMemory } from './keys-memory.js';
import type { Leg } from './leg.js';

interface KeysResult extends KeysMemory {
  readonly from: number;
  readonly to: number;
}

const PROGRAM = fileURLToPath(new URL('keys-memory.js', import.meta.url));

const GOAL_BYTES = 100;

export const memoryOfKeys: Leg = {
  title: 'Memory of keys',
  about: 'What a key with a short name and a short string takes of the process, the allocator not counted.',
  async measure() {
    const results = await measureAll();
    const rows = results.map((result) => [
      nameOf(result),
      result.bytesPerKey.toFixed(0),
      result.peakBytesPerKey.toFixed(0),
    ]);
    return {
      tables: [{ caption: 'Bytes a key', columns: ['', 'at the end', 'at the highest'], rows }],
      goals: results.map((result) => ({
        what: `process memory of a key, ${nameOf(result)}`,
        measured: result.bytesPerKey,
        is: 'at most' as const,
        goal: GOAL_BYTES,
        unit: 'B',
      })),
      figures: results,
    };
  },
};

function nameOf({ from, to }: KeysResult): string {
  return `${from / 1e6} M to ${to / 1e6} M keys`;
}

async function measureAll(): Promise<KeysResult[]> {
  const results: KeysResult[] = [];
  for (const [from, to] of [
    [0, 1_000_000],
    [0, 5_000_000],
    [1_000_000, 5_000_000],
  ] as const) {
    const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, `${from}`, `${to}`]);
    const memory = JSON.parse(stdout) as KeysMemory;
    results.push({ from, to, ...memory });
  }
  return results;
}
