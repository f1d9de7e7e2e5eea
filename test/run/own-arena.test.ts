/** Rewritten streams: the regions of an owner on a thread of their own. */
import { describe, expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { OwnArena } from '#slablab/src/run/own-arena.js';
import { MAX_THREADS, OpWriter } from '#slablab/src/stream/index.js';
import { asText } from '../support/operations.js';
import { printedSeed } from '../support/seed.js';

const OWN = MAX_THREADS - 1;
const ofOwner = (owner: number) => new OwnArena((tag) => tag === owner);

function rewritten(writer: OpWriter, arena: OwnArena): string[] {
  return asText(writer.takeAll().map((chunk) => arena.rewrite(chunk)));
}

describe('an arena of its own', () => {
  test('takes what the owner allocates, and gives it back there', () => {
    const writer = new OpWriter();
    const kept = writer.malloc(10, 1);
    const chosen = writer.malloc(20, 2);
    const also = writer.calloc(30, 2);
    writer.realloc(chosen, 40, 1);
    writer.free(kept);
    writer.free(also);
    writer.advance(5);
    writer.flushTcache();
    writer.sweep(0);
    expect(rewritten(writer, ofOwner(2))).toEqual([
      'malloc #1 10 owner 1',
      `thread ${OWN}`,
      'ownArena 0',
      'malloc #2 20 owner 2',
      'calloc #3 30 owner 2',
      'realloc #2 40 owner 1',
      'thread 0',
      'free #1',
      `thread ${OWN}`,
      'free #3',
      'advance 5',
      'thread 0',
      'flushTcache 0',
      'sweep 0',
    ]);
  });

  test('leaves threads their numbers, and lets the current one end by itself', () => {
    const writer = new OpWriter();
    writer.thread(4);
    const late = writer.malloc(10, 1);
    const chosen = writer.malloc(20, 2);
    writer.threadEnd(4);
    writer.free(late);
    writer.free(chosen);
    writer.thread(0);
    writer.malloc(8, 1);
    expect(rewritten(writer, ofOwner(2))).toEqual([
      'thread 4',
      'malloc #1 10 owner 1',
      `thread ${OWN}`,
      'ownArena 0',
      'malloc #2 20 owner 2',
      'thread 4',
      'threadEnd 4',
      'free #1',
      `thread ${OWN}`,
      'free #2',
      'thread 0',
      'malloc #2 8 owner 1',
    ]);
  });

  test('refuses a stream that uses its thread', () => {
    const writer = new OpWriter();
    writer.thread(OWN);
    expect(() => rewritten(writer, ofOwner(2))).toThrow(`thread ${OWN}: is kept for the arena of an owner`);
  });

  test('changes nothing but threads, whatever is chosen', () => {
    const random = new Random(printedSeed('streams with an arena'));
    for (let round = 0; round < 50; round++) {
      const writer = new OpWriter(1 + random.below(50));
      const live: number[] = [];
      for (let step = 0; step < 200; step++) {
        const draw = random.below(10);
        if (draw === 0) writer.thread(random.below(4));
        else if (draw < 6 || live.length === 0)
          live.push(writer.malloc(1 + random.below(99), random.below(4)));
        else writer.free(live.splice(random.below(live.length), 1)[0]!);
      }
      const chunks = writer.takeAll();
      const arena = ofOwner(random.below(4));
      const after = chunks.map((chunk) => arena.rewrite(chunk));
      const withoutThreads = (lines: string[]) => lines.filter((line) => !/^(thread|ownArena)/.test(line));
      expect(withoutThreads(asText(after))).toEqual(withoutThreads(asText(chunks)));
      let position = 0;
      for (const { firstPosition, length } of after) {
        expect(firstPosition).toBe(position);
        position += length;
      }
    }
  });
});
