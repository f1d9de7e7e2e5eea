import { Elements } from '../elements.js';
import { Slice } from '../slice.js';
import { readBlob } from './blob.js';
import type { RdbCursor } from './cursor.js';
import type {
  RdbConsumer,
  RdbPending,
  RdbStream,
  RdbStreamGroup,
  RdbStreamNode,
  RdbStreamTail,
  StreamId,
} from './rdb-values.js';
import { checkNode, nodeEntries } from './stream-node-reader.js';

const ID_BYTES = 16;

/**
 * The form of a stream. Form 2 added the first and the largest deleted ID and counters. Form 3 added activity times, and
 * form 4 the requests that XADD remembers.
 */
type StreamForm = 1 | 2 | 3 | 4;

export function readStream(cursor: RdbCursor, form: StreamForm): RdbStream {
  let tail: RdbStreamTail | undefined;
  const count = cursor.count('the number of stream nodes', ID_BYTES + 1);
  const nodes = new Elements(count, () => readNode(cursor));
  return {
    kind: 'stream',
    nodes,
    tail() {
      nodes.drain();
      tail ??= readTail(cursor, form, count);
      return tail;
    },
  };
}

function readNode(cursor: RdbCursor): RdbStreamNode {
  const at = cursor.position;
  const id = cursor.string(new Slice(), "a stream node's id");
  if (id.length !== ID_BYTES) throw cursor.damaged(`a stream node's id of ${id.length} bytes`, at);
  const data = new DataView(id.bytes.buffer, id.bytes.byteOffset + id.start, ID_BYTES);
  const firstId: StreamId = { ms: data.getBigUint64(0), seq: data.getBigUint64(8) };
  const blobAt = cursor.position;
  const { slice: blob } = readBlob(cursor, 'listpack');
  const counts = checkNode(blob, firstId);
  if (typeof counts === 'string') {
    throw cursor.damaged(`a stream node of ${blob.length} bytes: ${counts}`, blobAt);
  }
  const { entries: live, deleted, fieldNames } = counts;
  return { firstId, blob, live, deleted, fieldNames, entries: nodeEntries(blob, firstId, counts) };
}

function readTail(cursor: RdbCursor, form: StreamForm, nodes: number): RdbStreamTail {
  const at = cursor.position;
  const length = cursor.length("a stream's length");
  if (length > 0 && nodes === 0) throw cursor.damaged(`a stream of ${length} entries without a node`, at);
  const lastId = readId(cursor);
  const firstId = form >= 2 ? readId(cursor) : undefined;
  const maxDeletedId = form >= 2 ? readId(cursor) : undefined;
  const entriesAdded = form >= 2 ? Number(cursor.bigLength('entries added')) : undefined;
  let current: RdbStreamGroup | undefined;
  const skipGroup = () => current?.consumers().drain();
  const readNext = () => {
    skipGroup();
    current = readGroup(cursor, form);
    return current;
  };
  const groups = new Elements(cursor.count('the number of consumer groups', 5), readNext, skipGroup);
  let requests: number | undefined;
  return {
    length,
    lastId,
    firstId,
    maxDeletedId,
    entriesAdded,
    groups,
    seenRequests() {
      groups.drain();
      requests ??= form >= 4 ? skipSeenRequests(cursor) : 0;
      return requests;
    },
  };
}

/** Skips the requests that the stream remembers, for each producer, and returns their number. */
function skipSeenRequests(cursor: RdbCursor): number {
  cursor.bigLength('how long requests are remembered');
  cursor.bigLength('how many requests are remembered');
  let requests = 0;
  const producers = cursor.count('the number of producers', 2);
  for (let producer = 0; producer < producers; producer++) {
    cursor.skipString("a producer's name");
    const count = cursor.count("a producer's number of requests", 3);
    for (let request = 0; request < count; request++) {
      cursor.skipString("a request's name");
      readId(cursor);
    }
    requests += count;
  }
  cursor.bigLength('the number of requests so far');
  cursor.bigLength('the number of repeated requests so far');
  return requests;
}

function readId(cursor: RdbCursor): StreamId {
  return { ms: cursor.bigLength("an id's time"), seq: cursor.bigLength("an id's number") };
}

function readGroup(cursor: RdbCursor, form: StreamForm): RdbStreamGroup {
  const name = new Slice();
  name.copyOf(cursor.string(new Slice(), "a consumer group's name"));
  const lastId = readId(cursor);
  // 64 set bits mean that the number is unknown.
  const read = form >= 2 ? BigInt.asIntN(64, cursor.bigLength('entries read')) : -1n;
  const entriesRead = read < 0n ? undefined : Number(read);
  const entry: RdbPending = { id: { ms: 0n, seq: 0n }, deliveredAtMs: 0, deliveries: 0 };
  const pending = new Elements(cursor.count('the number of pending entries', ID_BYTES + 9), () => {
    cursor.streamId(entry.id);
    entry.deliveredAtMs = cursor.milliseconds();
    entry.deliveries = cursor.length('the number of deliveries');
    return entry;
  });
  let consumers: Elements<RdbConsumer> | undefined;
  return {
    name,
    lastId,
    entriesRead,
    pending,
    consumers() {
      pending.drain();
      consumers ??= readConsumers(cursor, form, pending.count);
      return consumers;
    },
  };
}

function readConsumers(cursor: RdbCursor, form: StreamForm, pendingInGroup: number): Elements<RdbConsumer> {
  const id: StreamId = { ms: 0n, seq: 0n };
  const nothing = new Elements(0, () => id);
  const consumer: RdbConsumer = { name: new Slice(), seenAtMs: 0, activeAtMs: undefined, pending: nothing };
  const raw = new Slice();
  let owned = 0;
  const skipPending = () => consumer.pending.drain();
  const readNext = () => {
    skipPending();
    consumer.name.copyOf(cursor.string(raw, "a consumer's name"));
    consumer.seenAtMs = cursor.milliseconds();
    consumer.activeAtMs = form >= 3 ? cursor.milliseconds() : undefined;
    const at = cursor.position;
    const count = cursor.count("a consumer's number of pending entries", ID_BYTES);
    owned += count;
    if (owned > pendingInGroup) {
      throw cursor.damaged(
        `consumers have ${owned} pending entries, but their group has ${pendingInGroup}`,
        at,
      );
    }
    consumer.pending = new Elements(count, () => {
      cursor.streamId(id);
      return id;
    });
    return consumer;
  };
  return new Elements(cursor.count('the number of consumers', 10), readNext, skipPending);
}
