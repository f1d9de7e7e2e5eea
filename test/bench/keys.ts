/** What keys take of the process, each time in a process of its own with Node's default heap. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { KeysMemory } from './keys-memory.js';
import { row } from './measured.js';

export interface KeysResult extends KeysMemory {
  readonly from: number;
  readonly to: number;
}

const PROGRAM = fileURLToPath(new URL('keys-memory.js', import.meta.url));

export async function memoryOfKeys(): Promise<KeysResult[]> {
  console.log('\nbytes of process memory per key, the allocator not counted');
  console.log(row(['', 'at the end', 'at its highest']));
  const results: KeysResult[] = [];
  for (const [from, to] of [
    [0, 1_000_000],
    [0, 5_000_000],
    [1_000_000, 5_000_000],
  ] as const) {
    const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, `${from}`, `${to}`]);
    const memory = JSON.parse(stdout) as KeysMemory;
    const { bytesPerKey, peakBytesPerKey } = memory;
    console.log(
      row([`${from / 1e6} M to ${to / 1e6} M keys`, bytesPerKey.toFixed(0), peakBytesPerKey.toFixed(0)]),
    );
    results.push({ from, to, ...memory });
  }
  return results;
}
