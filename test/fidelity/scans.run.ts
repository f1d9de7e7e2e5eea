/**
 * Records scans/<server>.json from a server:
 *
 *   SLABLAB_RECORD_BIN=redis-server npx vitest run --config test/fidelity/record.config.ts test/fidelity/scans.run.ts
 */
import { writeFile } from 'node:fs/promises';
import { test } from 'vitest';
import { serveAllSlots } from '#slablab/src/verify/all-slots.js';
import { configurationOf } from '#slablab/src/verify/configuration.js';
import { RealServer } from '#slablab/src/verify/real-server.js';
import { inspectBinary, type ServerBinary } from '#slablab/src/verify/server-binary.js';
import { PATIENCE } from '../support/real-server.js';
import { repliesOf } from './answers/exchange.js';
import { SCANS } from './scans/requests.js';

test('records what a server replies', async () => {
  const binary = await inspectBinary(process.env.SLABLAB_RECORD_BIN ?? 'redis-server');
  const recorded = { alone: await recordedBy(binary, false), node: await recordedBy(binary, true) };
  const url = new URL(`scans/${binary.product}-${binary.version}.json`, import.meta.url);
  await writeFile(url, `${JSON.stringify(recorded, null, 1)}\n`);
});

async function recordedBy(binary: ServerBinary, isNode: boolean): Promise<string[]> {
  const cluster = isNode ? ['cluster-enabled yes', 'cluster-port 17997'] : [];
  const configuration = configurationOf(binary, cluster);
  const server = await RealServer.start(binary, {
    configuration,
    port: undefined,
    conf: '',
    patience: PATIENCE,
  });
  try {
    const connection = await server.connect();
    if (isNode) await serveAllSlots(connection);
    connection.close();
    return (await repliesOf(server.port, SCANS)).map((reply) => reply.toString('latin1'));
  } finally {
    await server.stop();
  }
}
