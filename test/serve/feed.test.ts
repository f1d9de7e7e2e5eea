/** Executed commands reach the lab's thread unchanged, in memory that is reused. */
import { expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { BATCH_BYTES, type Batch, FeedKind, FeedReader, FeedWriter } from '#slablab/src/serve/feed.js';
import { printedSeed } from '../support/seed.js';

type Record = readonly [kind: number, flags: number, client: number, timeMs: number, bytes: string];

/** Returns a random record. Commands are mostly short, and sometimes longer than a batch. */
function written(feed: FeedWriter, random: Random): Record {
  const client = random.word();
  const timeMs = random.below(2 ** 31) + 0.5;
  const kind = 1 + random.below(4);
  if (kind === FeedKind.connect) feed.connect(client, timeMs);
  else if (kind === FeedKind.disconnect) feed.disconnect(client, timeMs);
  else if (kind === FeedKind.tick) feed.tick(timeMs);
  else {
    const length = random.below(random.below(20) === 0 ? 4 * BATCH_BYTES : 300);
    const text = String.fromCharCode(65 + random.below(26)).repeat(length);
    const flags = random.below(2);
    feed.commands(client, timeMs, flags, Buffer.from(`..${text}...`), 2, 2 + length);
    return [kind, flags, client, timeMs, text];
  }
  return [kind, 0, kind === FeedKind.tick ? 0 : client, timeMs, ''];
}

function read(reader: FeedReader, batch: Batch): Record[] {
  return Array.from(reader.read(batch), ({ kind, flags, client, timeMs, bytes }) => [
    kind,
    flags,
    client,
    timeMs,
    Buffer.from(bytes).toString(),
  ]);
}

test('records are read unchanged, for any order of returned batches', () => {
  const random = new Random(printedSeed('a feed'));
  const [feed, reader] = [new FeedWriter(), new FeedReader()];
  const onTheirWay: { batch: Batch; records: Record[] }[] = [];
  for (let count = 0; count < 300; count++) {
    const records = Array.from({ length: random.below(40) }, () => written(feed, random));
    onTheirWay.push({ batch: feed.take(), records });
    while (onTheirWay.length > random.below(5)) {
      const [oldest] = onTheirWay.splice(0, 1) as [(typeof onTheirWay)[number]];
      expect(read(reader, oldest.batch)).toEqual(oldest.records);
      feed.giveBack(oldest.batch);
    }
  }
});

test('returned memory is reused, and no more is allocated than batches are in flight', () => {
  const feed = new FeedWriter();
  const memories = new Set<unknown>();
  for (let round = 0; round < 50; round++) {
    const batches = Array.from({ length: 3 }, () => {
      feed.tick(round);
      return feed.take();
    });
    for (const batch of batches) {
      memories.add(batch.memory);
      feed.giveBack(batch);
    }
  }
  // Three batches are in flight, and one is being written.
  expect(memories.size).toBe(4);
});

test('records stay unchanged if the shared memory is overwritten during the reading', () => {
  const [feed, reader] = [new FeedWriter(), new FeedReader()];
  feed.commands(1, 2, 0, Buffer.from('abcdef'), 0, 6);
  feed.tick(3);
  const batch = feed.take();
  const records = reader.read(batch);
  const first = records.next().value;
  new Uint8Array(batch.memory).fill(0xff);
  expect(Buffer.from((first as { bytes: Uint8Array }).bytes).toString()).toBe('abcdef');
  expect(records.next().value).toMatchObject({ kind: FeedKind.tick, timeMs: 3 });
  expect(records.next().done).toBe(true);
});
