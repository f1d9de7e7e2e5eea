/** In a burst batches are kept back from the lab; nothing of them is lost, and a question waits for all of it. */
import { describe, expect, test } from 'vitest';
import { respOf } from '#slablab/src/resp/request-writer.js';
import { BATCH_BYTES } from '#slablab/src/serve/feed.js';
import { LabThread } from '#slablab/src/serve/lab-thread.js';

const FILLING = 'x'.repeat(16 * 1024);

async function withLab(maxBehindBytes: number, work: (lab: LabThread) => Promise<void>): Promise<void> {
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
    maxBehindBytes,
  );
  try {
    await work(lab);
  } finally {
    await lab.close();
  }
}

/** Writes commands until that many batches are full; returns how many there were. */
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
  test('are modelled before a question is answered, in their order', () =>
    withLab(64 * 1024 * 1024, async (lab) => {
      const commands = burst(lab, 12);
      expect(lab.behindBytes).toBeGreaterThan(0);
      const status = await lab.status();
      // Whatever came last came last: only one key is left.
      expect(status).toMatchObject({ commands, keys: 1, failure: null, unknown: [] });
      // A tick may be on its way.
      await expect.poll(() => lab.behindBytes).toBe(0);
    }));

  test('count as what the lab is behind with, and clients are told when it has caught up', () =>
    withLab(4 * BATCH_BYTES, async (lab) => {
      const caughtUp = new Promise<void>((resolve) => {
        lab.onCaughtUp = resolve;
      });
      burst(lab, 8);
      expect(lab.isFarBehind).toBe(true);
      await caughtUp;
      await lab.status();
      expect(lab.isFarBehind).toBe(false);
    }));
});
