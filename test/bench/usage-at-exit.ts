/**
 * Writes what this process has used when it exits, as JSON, to the file that SLABLAB_USAGE names. Loaded before a program:
 *
 *     SLABLAB_USAGE=used.json node --import usage-at-exit.js program.js
 */
import { writeFileSync } from 'node:fs';
import { peakMemoryOf } from '../support/peak-memory.js';

export interface Usage {
  /** The processor's time, of user and system, of all threads. */
  readonly cpuSeconds: number;
  /** The most memory at one time. */
  readonly peakBytes: number;
}

const file = process.env.SLABLAB_USAGE;
if (file !== undefined) {
  process.once('exit', () => {
    const { userCPUTime, systemCPUTime } = process.resourceUsage();
    const usage: Usage = { cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakBytes: peakMemoryOf('self') };
    writeFileSync(file, JSON.stringify(usage));
  });
}
