import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '../base/index.js';
import type { Connection } from '../resp/node.js';

const READY_WITHIN_MS = 10_000;

/** Of a server in cluster mode: it is to be a cluster of one, which takes commands for every slot. */
export async function serveAllSlots(connection: Connection): Promise<void> {
  await connection.ask('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  const deadline = performance.now() + READY_WITHIN_MS;
  while (performance.now() < deadline) {
    const [info = ''] = await connection.ask('CLUSTER', 'INFO');
    if (info.includes('cluster_state:ok')) return;
    await sleep(100);
  }
  throw new InputError(
    `cluster-enabled yes: the cluster of one is not ready after ${READY_WITHIN_MS / 1000} s; leave it out, or try again`,
  );
}
