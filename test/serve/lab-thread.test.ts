/** Batches that are held back in a burst are not lost, and precede later questions to the lab. */
import { describe, expect, test } from 'vitest';
import { respOf } from '#slablab/src/resp/request-writer.js';
import { BATCH_BYTES } from '#slablab/src/serve/feed.js';
import { LabThread } from '#slablab/src/serve/lab-thread.js';

const FILLING = 'x'.repeat(16 * 1024);

async function withLab(maxBacklogBytes: number, work: (lab: LabThread) => Promise<void>): Promise<void> {
  const lab = await LabThread.open(
    {
      build: 'q3',
      server: 'redis-7.2',
      isCluster: false,
      conf: '',
      settings: [],
      epochMs: Date.now(),
      hasRegions: false,
    },
    maxBacklogBytes,
  );
  try {
    await work(lab);
  } finally {
    await lab.close();
  }
}

/** Writes commands until that many batches are full. Returns the number of commands. */
function burst(lab: LabThread, batches: number): number {
  let commands = 0;
  const send = (...words: string[]) => {
    const bytes = respOf(...words);
    lab.feed.commands(0, Date.now(), 0, bytes, 0, bytes.length);
    lab.flushIfFull();
    commands++;
  };
  for (let bytes = 0; bytes < batches * BATCH_BYTES; bytes += 2 * FILLING.length) {
    send('SET', 'first', FILLING);
    send('SET', 'last', FILLING);
    send('DEL', 'first', 'last');
  }
  send('SET', 'end', '1');
  return commands;
}

describe('batches in a burst', () => {
  test('are modelled in order before a command is answered', () =>
    withLab(64 * 1024 * 1024, async (lab) => {
      const commands = burst(lab, 12);
      expect(lab.backlogBytes).toBeGreaterThan(0);
      const status = await lab.status();
      // In the right order, the deletions leave only the key of the last command.
      expect(status).toMatchObject({ commands, keys: 1, failure: null, unknown: [] });
      // A tick may be in flight.
      await expect.poll(() => lab.backlogBytes).toBe(0);
    }));

  test('count as backlog, and clients resume when the backlog is reduced', () =>
    withLab(4 * BATCH_BYTES, async (lab) => {
      const caughtUp = new Promise<void>((resolve) => {
        lab.onBacklogReduced = resolve;
      });
      burst(lab, 8);
      expect(lab.isBacklogFull).toBe(true);
      await caughtUp;
      await lab.status();
      expect(lab.isBacklogFull).toBe(false);
    }));
});
