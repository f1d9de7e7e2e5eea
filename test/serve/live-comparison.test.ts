/** A server and its lab hold the same memory after the same commands, at any time of their crons. */
import { describe, expect, vi } from 'vitest';
import { Attach } from '#slablab/src/serve/attach.js';
import { CONTROL_CLIENT } from '#slablab/src/serve/control.js';
import type { LiveVerifyResult } from '#slablab/src/serve/live-verify.js';
import { parseUpstream } from '#slablab/src/serve/upstream.js';
import { withRealServer } from '../support/real-server.js';
import { OPTIONS, RawClient, startServer, withTap } from './support/servers.js';

/** The memory of a server varies by a few bytes between two ticks. */
const FEW_BYTES = 64;
/** The cron reaches a client after it has been idle for over two seconds. */
const TRIMMED_AFTER_MS = 3500;
const PATIENCE = { interval: 100 };

function bytesApart(result: LiveVerifyResult | string): number {
  if (typeof result === 'string') throw new Error(result);
  const { lab, server } = result.comparison.memory.usedMemory;
  return Math.abs(lab - server);
}

describe('the connections of the lab itself make no difference in memory', () => {
  withRealServer('a reply buffer that has shrunk in the lab and not at the server: tap', (binary) =>
    withTap(
      binary,
      async (tap) => {
        await vi.waitFor(async () => {
          expect(await tap.lab.replyBufferOf(CONTROL_CLIENT)).toBeLessThan(16_384);
        }, PATIENCE);
        expect(bytesApart(await tap.verify())).toBeLessThanOrEqual(FEW_BYTES);
      },
      {},
      async ({ port }) => {
        const client = await RawClient.open(port);
        expect(await client.write('DEBUG REPLYBUFFER RESIZING 0\r\n').next()).toBe('+OK\r\n');
        client.close();
      },
    ),
  );

  withRealServer('a query buffer of MONITOR that the server trims: attach', async (binary) => {
    const server = await startServer(binary);
    try {
      const attach = await Attach.open(
        parseUpstream('redis', `redis://127.0.0.1:${server.port}`),
        OPTIONS,
        'monitor',
      );
      try {
        // A witness of its own would be a client that MONITOR does not tell the end of.
        await new Promise((resolve) => setTimeout(resolve, TRIMMED_AFTER_MS));
        expect(bytesApart(await attach.verify())).toBeLessThanOrEqual(FEW_BYTES);
      } finally {
        await attach.close();
      }
    } finally {
      await server.stop();
    }
  });
});
