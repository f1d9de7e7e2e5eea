/** Dialogues of clients with a server, directly and through the tap. */
import { afterAll, expect } from 'vitest';
import { Tap } from '#slablab/src/serve/tap/tap.js';
import { parseUpstream } from '#slablab/src/serve/upstream.js';
import type { RealServer } from '#slablab/src/verify/real-server.js';
import { withRealServer } from '../../support/real-server.js';
import { played, resp, type Step } from './script.js';
import { OPTIONS, RawClient, startServer } from './servers.js';

/** A server that clients are connected to directly, and one behind a tap. */
interface Pair {
  readonly direct: RealServer;
  readonly behind: RealServer;
  readonly tap: Tap;
}

async function startPair(binary: string): Promise<Pair> {
  const [direct, behind] = await Promise.all([startServer(binary), startServer(binary)]);
  const tap = await Tap.open(parseUpstream('--upstream', `redis://127.0.0.1:${behind.port}`), OPTIONS);
  return { direct, behind, tap };
}

const CLEARING = ['ACL DELUSER u limited mute bob eve max', 'FLUSHALL', 'SCRIPT FLUSH', 'FUNCTION FLUSH'];

/** Takes back what a dialogue changed. Returns the number of keys that there were. */
async function cleared(port: number): Promise<number> {
  const client = await RawClient.open(port);
  const replies = await client
    .write(resp('AUTH pw', 'CONFIG SET requirepass ', 'INFO keyspace', ...CLEARING))
    .nexts(3 + CLEARING.length);
  client.close();
  return [...(replies[2] ?? '').matchAll(/keys=(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Plays dialogues at a server and through a tap, and compares what the clients receive. The lab is well after each. */
export function describeDialogues(dialogues: Readonly<Record<string, readonly Step[]>>): void {
  let pair: Promise<Pair> | undefined;
  afterAll(async () => {
    const started = await pair;
    await started?.tap.close();
    await Promise.all([started?.direct.stop(), started?.behind.stop()]);
  });
  for (const [name, steps] of Object.entries(dialogues)) {
    withRealServer(name, async (binary) => {
      pair ??= startPair(binary);
      const { direct, tap } = await pair;
      expect(await played(tap.port, steps)).toEqual(await played(direct.port, steps));
      const { lab } = await tap.summary();
      const keys = await cleared(direct.port);
      expect(await cleared(tap.port)).toBe(keys);
      expect(lab).toMatchObject({ failure: null, keys });
      expect(lab?.snapshot.drainprof.reconciled).toBe(true);
    });
  }
}
