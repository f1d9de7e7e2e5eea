import { describe, expect } from 'vitest';
import type { VerifyResult } from '#slablab/src/verify/verify-result.js';
import { slablab } from '../support/cli.js';
import { withRealServer } from '../support/real-server.js';

const RANGES = [32, 64, 128, 1024, 16_384];

describe("Redis's own experiment: 10,000 values with lengths below 32, 64, 128, 1024 and 16384", () => {
  withRealServer('used_memory grows in the lab as in the real server, within 2%', async (binary) => {
    const args = [
      'verify',
      'memory-efficiency',
      '--build',
      'q4',
      '--server-bin',
      binary,
      '--json',
      '--quiet',
    ];
    const { stdout, stderr } = await slablab(args);
    expect(stderr).toBe('');
    const { phases } = JSON.parse(stdout) as VerifyResult;
    const usedIn = (phase: string) => phases.find(({ name }) => name === phase)?.absolute.memory.usedMemory;
    const empty = usedIn('empty');
    for (const range of RANGES) {
      const filled = usedIn(`below-${range}`);
      if (empty === undefined || filled === undefined)
        throw new Error(`no phase below-${range} in the result`);
      const lab = filled.lab - empty.lab;
      const server = filled.server - empty.server;
      // The experiment's figure is user bytes over this growth; user bytes are the same on both sides.
      expect(Math.abs(server / lab - 1), `below ${range}: ${lab} and ${server}`).toBeLessThan(0.02);
    }
  });
});
