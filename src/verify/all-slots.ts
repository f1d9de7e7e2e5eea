import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '../base/index.js';
import type { Connection } from '../resp/node.js';

const READY_TIMEOUT_MS = 10_000;

/** Makes a server in cluster mode a cluster of one node, which serves every slot. */
export async function serveAllSlots(connection: Connection): Promise<void> {
  await connection.ask('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const [info = ''] = await connection.ask('CLUSTER', 'INFO');
    if (info.includes('cluster_state:ok')) return;
    await sleep(100);
  }
  throw new InputError(
    `cluster-enabled yes: the cluster is not ready after ${READY_TIMEOUT_MS / 1000} s; try again, or remove the setting`,
  );
}
