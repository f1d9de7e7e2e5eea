/** A server and its lab that have done the same hold the same, whenever the ticks of either come. */
import { describe, expect, vi } from 'vitest';
import { Attach } from '#slablab/src/serve/attach.js';
import { CONTROL_CLIENT } from '#slablab/src/serve/control.js';
import type { LiveVerifyResult } from '#slablab/src/serve/live-verify.js';
import { parseUpstream } from '#slablab/src/serve/upstream.js';
import { withRealServer } from '../support/real-server.js';
import { OPTIONS, RawClient, startServer, withTap } from './support/servers.js';

/** Between two ticks a server has a few bytes more or less of its own. */
const FEW_BYTES = 64;
/** A client is idle for over two whole seconds, and then has its turn. */
const TRIMMED_AFTER_MS = 3500;
const PATIENCE = { timeout: 20_000, interval: 100 };

function bytesApart(result: LiveVerifyResult | string): number {
  if (typeof result === 'string') throw new Error(result);
  const { lab, server } = result.comparison.memory.usedMemory;
  return Math.abs(lab - server);
}

describe('the memory of our own connections is no difference between the two', () => {
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
      const attach = await Attach.open(parseUpstream('redis', `redis://127.0.0.1:${server.port}`), OPTIONS);
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
