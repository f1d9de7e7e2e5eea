import {
  CLAIM_ATTEMPTS,
  compareIds,
  GROUP_EXISTS,
  idAfter,
  idText,
  LEAST_ID,
  NEEDS_STREAM,
  noGroup,
  noSuchGroup,
  parseGroupStart,
  parseIds,
  parseXautoclaim,
  parseXclaim,
  parseXgroup,
  parseXpending,
  parseXread,
  type ReadStart,
  readStart,
  type StreamId,
  type XautoclaimRequest,
  type XclaimRequest,
  type XpendingRequest,
  type XreadRequest,
} from '../../commands/index.js';
import type { CommandContext } from '../command-context.js';
import { parsed, type StoreHandlers } from '../store-command.js';
import { StreamContent, type StreamEntry } from '../stream-content.js';
import { type ConsumerContent, type PendingEntry, StreamGroupContent } from '../stream-group-content.js';
import { replyEntries, replyEntry, replyServed, type Served } from './streams.js';

/** XGROUP CREATE | SETID | DESTROY | CREATECONSUMER | DELCONSUMER key group … */
const xgroup = parsed(parseXgroup, (ask, { makesStream, entriesRead }) => {
  const stream = ask.get(2, StreamContent);
  if (stream === undefined && !makesStream) ask.refuse(NEEDS_STREAM);
  const group = stream?.groups.get(ask.text(3));
  if (ask.is(1, 'CREATE')) {
    const id = ask.allowed(parseGroupStart(ask, stream?.lastId ?? LEAST_ID));
    if (group !== undefined) ask.refuse(GROUP_EXISTS);
    const owner = stream ?? new StreamContent(ask.limits);
    if (stream === undefined) ask.put(2, owner);
    owner.groups.set(ask.text(3), new StreamGroupContent(id, entriesRead));
    ask.notify('xgroup-create', 2);
    ask.reply.ok();
  } else if (ask.is(1, 'DESTROY')) {
    stream?.groups.delete(ask.text(3));
    if (group !== undefined) {
      ask.data.signal(ask.text(2));
      ask.notify('xgroup-destroy', 2);
    }
    ask.reply.integer(group === undefined ? 0 : 1);
  } else if (stream === undefined || group === undefined) {
    ask.refuse(noSuchGroup(ask.text(3), ask.text(2)));
  } else {
    onGroup(ask, stream, group, entriesRead);
  }
});

function onGroup(
  ask: CommandContext,
  stream: StreamContent,
  group: StreamGroupContent,
  entriesRead: number | undefined,
): void {
  const name = ask.text(4);
  if (ask.is(1, 'SETID')) {
    group.lastId = ask.allowed(parseGroupStart(ask, stream.lastId));
    group.entriesRead = entriesRead;
    ask.notify('xgroup-setid', 2);
    ask.reply.ok();
  } else if (ask.is(1, 'CREATECONSUMER')) {
    const isNew = !group.consumers.has(name);
    consumerOf(ask, ask.text(2), group, name);
    ask.reply.integer(isNew ? 1 : 0);
  } else {
    if (group.consumers.has(name)) ask.notify('xgroup-delconsumer', 2);
    ask.reply.integer(group.removeConsumer(name));
  }
}

/** Returns a consumer of a group of a key, which is made if it is missing. */
function consumerOf(
  ask: CommandContext,
  key: string,
  group: StreamGroupContent,
  name: string,
): ConsumerContent {
  if (!group.consumers.has(name)) ask.data.notify('xgroup-createconsumer', key);
  return group.consumerFor(name, ask.nowMs);
}

function xreadgroup(ask: CommandContext, request: XreadRequest): void {
  const { count, isNoAck, first, streams } = request;
  const name = ask.text(request.group);
  const consumer = ask.text(request.consumer);
  const readings: { key: string; stream: StreamContent; group: StreamGroupContent; start: ReadStart }[] = [];
  for (let index = first; index < first + streams; index++) {
    const stream = ask.get(index, StreamContent);
    const key = ask.text(index);
    const group = stream?.groups.get(name);
    if (stream === undefined || group === undefined) {
      ask.refuse(`${noGroup(key, name)} in XREADGROUP with GROUP option`);
    }
    const start = ask.allowed(readStart(ask.text(index + streams), true, stream.lastId));
    readings.push({ key, stream, group, start });
  }
  const served: Served[] = [];
  for (const { key, stream, group, start } of readings) {
    const { after } = start;
    if (after !== undefined) {
      const owner = consumerOf(ask, key, group, consumer);
      const again = group.pendingFrom(idAfter(after) ?? LEAST_ID).filter((entry) => entry.consumer === owner);
      served.push({ key, say: () => replyHistory(ask, stream, again.slice(0, count)) });
      for (const entry of again.slice(0, count)) {
        if (stream.get(entry.id) === undefined) continue;
        entry.deliveredMs = ask.nowMs;
        entry.deliveries++;
      }
      continue;
    }
    if (ask.store.policy.makesIdleConsumers) consumerOf(ask, key, group, consumer);
    const entries = stream.after(group.lastId, count);
    if (entries.length === 0) continue;
    deliver(ask, stream, group, consumerOf(ask, key, group, consumer), entries, isNoAck);
    served.push({ key, say: () => replyEntries(ask, entries) });
  }
  replyServed(ask, request, served, ask.args.slice(first + streams));
}

function deliver(
  ask: CommandContext,
  stream: StreamContent,
  group: StreamGroupContent,
  consumer: ConsumerContent,
  entries: readonly StreamEntry[],
  isNoAck: boolean,
): void {
  consumer.activeMs = ask.nowMs;
  for (const { id } of entries) {
    if (group.entriesRead !== undefined && !stream.hasTombstones(id)) group.entriesRead++;
    else if (stream.entriesAdded > 0) group.entriesRead = stream.readUpTo(id);
    group.lastId = id;
    if (!isNoAck) group.assign(id, consumer, ask.nowMs).deliveries = 1;
  }
}

/** Writes entries that were delivered before; a deleted one has only its id. */
function replyHistory(ask: CommandContext, stream: StreamContent, pending: readonly PendingEntry[]): void {
  ask.reply.array(pending.length);
  for (const { id } of pending) {
    const entry = stream.get(id);
    if (entry !== undefined) {
      replyEntry(ask, entry);
      continue;
    }
    ask.reply.array(2);
    ask.reply.bulk(idText(id));
    ask.reply.nilArray();
  }
}

function xack(ask: CommandContext): void {
  const group = ask.get(1, StreamContent)?.groups.get(ask.text(2));
  if (group === undefined) {
    ask.reply.integer(0);
    return;
  }
  const ids = ask.allowed(parseIds(ask, 3));
  ask.reply.integer(ids.filter((id) => group.acknowledge(id)).length);
}

interface Place {
  readonly stream: StreamContent;
  readonly group: StreamGroupContent;
}

function placeAt(ask: CommandContext): Place {
  const stream = ask.get(1, StreamContent);
  const group = stream?.groups.get(ask.text(2));
  if (stream === undefined || group === undefined) {
    ask.refuse(noGroup(ask.text(1), ask.text(2)));
  }
  return { stream, group };
}

function xclaim(ask: CommandContext): void {
  const { stream, group } = placeAt(ask);
  const request = ask.allowed(parseXclaim(ask));
  const { ids, minIdleMs, deliveries, isForced, justIds } = request;
  const deliveredMs = deliveryTime(request, ask.nowMs);
  if (compareIds(request.lastId, group.lastId) > 0) group.lastId = request.lastId;
  if (ask.store.policy.makesIdleConsumers) consumerOf(ask, ask.text(1), group, ask.text(3));
  const claimed: StreamEntry[] = [];
  for (const id of ids) {
    const entry = stream.get(id);
    if (entry === undefined) {
      group.acknowledge(id);
      continue;
    }
    const known = group.pendingAt(id);
    if (known === undefined && !isForced) continue;
    if (known !== undefined && isTooYoung(ask, known, minIdleMs)) continue;
    const pending = assign(ask, group, id, deliveredMs);
    // An entry that FORCE made counts as delivered once.
    if (known === undefined) pending.deliveries = 1;
    if (deliveries >= 0) pending.deliveries = deliveries;
    else if (!justIds) pending.deliveries++;
    claimed.push(entry);
  }
  replyClaimed(ask, claimed, justIds);
}

function isTooYoung({ nowMs }: CommandContext, { deliveredMs }: PendingEntry, minIdleMs: number): boolean {
  return minIdleMs > 0 && nowMs - deliveredMs < minIdleMs;
}

/** Assigns an entry to the consumer that word 3 names. */
function assign(ask: CommandContext, group: StreamGroupContent, id: StreamId, atMs: number): PendingEntry {
  const consumer = consumerOf(ask, ask.text(1), group, ask.text(3));
  consumer.activeMs = ask.nowMs;
  return group.assign(id, consumer, atMs);
}

/** Returns when entries count as delivered, which is not later than now. */
function deliveryTime({ delivered }: XclaimRequest, nowMs: number): number {
  if (delivered === undefined) return nowMs;
  const atMs = delivered.isAgo ? nowMs - delivered.ms : delivered.ms;
  return atMs < 0 || atMs > nowMs ? nowMs : atMs;
}

function replyClaimed(ask: CommandContext, entries: readonly StreamEntry[], justIds: boolean): void {
  if (justIds) ask.reply.bulks(entries.map(({ id }) => idText(id)));
  else replyEntries(ask, entries);
}

function xautoclaim(ask: CommandContext, { minIdleMs, start, count, justIds }: XautoclaimRequest): void {
  const { stream, group } = placeAt(ask);
  if (ask.store.policy.makesIdleConsumers) consumerOf(ask, ask.text(1), group, ask.text(3));
  const looked = group.pendingFrom(start);
  const claimed: StreamEntry[] = [];
  const deleted: string[] = [];
  let at = 0;
  for (let left = count * CLAIM_ATTEMPTS; left > 0 && at < looked.length; left--) {
    if (claimed.length + deleted.length === count) break;
    const known = looked[at++]!;
    const { id } = known;
    const entry = stream.get(id);
    if (entry === undefined) {
      group.acknowledge(id);
      deleted.push(idText(id));
    } else if (!isTooYoung(ask, known, minIdleMs)) {
      const pending = assign(ask, group, id, ask.nowMs);
      if (!justIds) pending.deliveries++;
      claimed.push(entry);
    }
  }
  ask.reply.array(3);
  ask.reply.bulk(idText(looked[at]?.id ?? LEAST_ID));
  replyClaimed(ask, claimed, justIds);
  ask.reply.bulks(deleted);
}

function xpending(ask: CommandContext, { range }: XpendingRequest): void {
  const { group } = placeAt(ask);
  if (range === undefined) {
    summarize(ask, group);
    return;
  }
  const { minIdleMs, start, end, count } = range;
  const consumer = range.consumer === 0 ? undefined : ask.text(range.consumer);
  const shown: PendingEntry[] = [];
  for (const pending of group.pendingFrom(start)) {
    if (shown.length >= count || compareIds(pending.id, end) > 0) break;
    if (isTooYoung(ask, pending, minIdleMs)) continue;
    if (consumer === undefined || pending.consumer.name === consumer) shown.push(pending);
  }
  ask.reply.array(shown.length);
  for (const { id, consumer: owner, deliveredMs, deliveries } of shown) {
    ask.reply.array(4);
    ask.reply.bulk(idText(id));
    ask.reply.bulk(owner.name);
    ask.reply.integer(Math.max(0, Math.floor(ask.nowMs - deliveredMs)));
    ask.reply.integer(deliveries);
  }
}

/** Writes the summary of XPENDING: the count, the first and the last id, and the count of each busy consumer. */
function summarize({ reply }: CommandContext, group: StreamGroupContent): void {
  const { pending } = group;
  reply.array(4);
  reply.integer(pending.size);
  const [first, last] = [pending.at(0), pending.at(pending.size - 1)];
  reply.bulkOrNil(first === undefined ? undefined : idText(first.id));
  reply.bulkOrNil(last === undefined ? undefined : idText(last.id));
  if (first === undefined) {
    reply.nilArray();
    return;
  }
  const busy = group.sortedConsumers().filter(({ pendingCount }) => pendingCount > 0);
  reply.array(busy.length);
  for (const { name, pendingCount } of busy) reply.bulks([name, `${pendingCount}`]);
}

export const STREAM_GROUP_ANSWERS: StoreHandlers = {
  'xgroup|create': xgroup,
  'xgroup|setid': xgroup,
  'xgroup|destroy': xgroup,
  'xgroup|createconsumer': xgroup,
  'xgroup|delconsumer': xgroup,
  xreadgroup: parsed(parseXread, xreadgroup),
  xack,
  xclaim,
  xautoclaim: parsed(parseXautoclaim, xautoclaim),
  xpending: parsed(parseXpending, xpending),
};
