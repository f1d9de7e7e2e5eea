import {
  CLAIM_ATTEMPTS,
  compareIds,
  idLength,
  LEAST_ID,
  noGroup,
  parseXautoclaim,
  parseXclaim,
  parseXpending,
  type StreamId,
  type XautoclaimRequest,
  type XclaimRequest,
  type XpendingRequest,
} from '../../commands/index.js';
import { ContainerKind } from '../heap/index.js';
import type { Call, Handlers } from '../server/index.js';
import { type Pending, type StreamGroup, StreamValue } from '../values/index.js';
import { modelAt } from './container-call.js';
import { formattedError } from './formatted-error.js';
import { orReplyError, parsed } from './parsed.js';
import { replyEntry } from './streams.js';

interface Place {
  readonly stream: StreamValue;
  readonly group: StreamGroup;
}

function groupAt(call: Call): Place | undefined {
  const row = call.lookupRead(1);
  const stream = row === 0 ? undefined : modelAt(call, row, StreamValue);
  if (row !== 0 && stream === undefined) return undefined;
  const group = stream?.group(call.text(2));
  if (stream !== undefined && group !== undefined) return { stream, group };
  formattedError(call, noGroup(call.text(1), call.text(2)));
  return undefined;
}

function xclaim(call: Call): void {
  const place = groupAt(call);
  const request = place === undefined ? undefined : orReplyError(call, parseXclaim(call));
  if (place === undefined || request === undefined) return;
  const { stream, group } = place;
  const { ids, minIdleMs, isForced, justIds } = request;
  const deliveredMs = deliveryTime(call, request);
  group.advanceTo(request.lastId);
  const { makesIdleConsumers } = call.values.policy;
  if (makesIdleConsumers) group.consumerFor(call.text(3));
  call.reply.startDeferredArray();
  let claimed = 0;
  for (const id of ids) {
    const pending = group.pendingAt(id);
    const [entry] = stream.range(id, id, 1);
    if (entry === undefined) {
      if (group.acknowledge(id)) call.dirty++;
      continue;
    }
    if (pending === undefined && !isForced) continue;
    if (pending !== undefined && isTooYoung(call, pending, minIdleMs)) continue;
    claim(group, id, call.text(3), deliveredMs, justIds);
    if (justIds) call.reply.bulk(idLength(id));
    else replyEntry(call, entry);
    claimed++;
  }
  call.reply.endDeferredArray(claimed);
  call.dirty += claimed;
}

/** Returns the delivery time of entries in virtual time, which is not later than now. */
function deliveryTime(call: Call, { delivered }: XclaimRequest): number {
  if (delivered === undefined) return call.nowMs;
  const atMs = delivered.isAgo ? call.nowMs - delivered.ms : delivered.ms - call.epochMs(0);
  return atMs > call.nowMs || call.epochMs(atMs) < 0 ? call.nowMs : atMs;
}

function isTooYoung(call: Call, { deliveredMs }: Pending, minIdle: number): boolean {
  return minIdle > 0 && call.nowMs - deliveredMs < minIdle;
}

function claim(group: StreamGroup, id: StreamId, name: string, atMs: number, justIds: boolean): void {
  group.deliver(id, group.consumerFor(name), atMs);
  const pending = group.pendingAt(id);
  // JUSTID does not count as a delivery.
  if (justIds && pending !== undefined) pending.deliveries--;
}

function xautoclaim(call: Call, { minIdleMs, start, count, justIds }: XautoclaimRequest): void {
  const place = groupAt(call);
  if (place === undefined) return;
  const { stream, group } = place;
  const { makesIdleConsumers } = call.values.policy;
  const gone = call.heap.malloc(count * call.version.sizes.streamId, ContainerKind.containerTemporary);
  if (makesIdleConsumers) group.consumerFor(call.text(3));
  call.reply.array(3);
  const looked = [...group.pending.values()].filter(({ id }) => compareIds(id, start) >= 0);
  const claimed: (readonly [StreamId, number])[] = [];
  const deleted: StreamId[] = [];
  let at = 0;
  for (let attempts = count * CLAIM_ATTEMPTS; at < looked.length && attempts > 0; attempts--) {
    if (claimed.length + deleted.length === count) break;
    const pending = looked[at++]!;
    const { id } = pending;
    const [entry] = stream.range(id, id, 1);
    if (entry === undefined) {
      group.acknowledge(id);
      deleted.push(id);
    } else if (!isTooYoung(call, pending, minIdleMs)) {
      claim(group, id, call.text(3), call.nowMs, justIds);
      claimed.push(entry);
    }
  }
  call.reply.startDeferredArray();
  call.reply.sink.endDeferred(bulkBytes(idLength(looked[at]?.id ?? LEAST_ID)));
  call.reply.array(claimed.length);
  for (const entry of claimed) {
    if (justIds) call.reply.bulk(idLength(entry[0]));
    else replyEntry(call, entry);
  }
  call.reply.array(deleted.length);
  for (const id of deleted) call.reply.bulk(idLength(id));
  call.heap.free(gone);
  call.dirty += claimed.length + deleted.length;
}

/** Returns the reply bytes of a bulk string with this length. */
function bulkBytes(length: number): number {
  return `${length}`.length + 5 + length;
}

function xpending(call: Call, { range }: XpendingRequest): void {
  const place = groupAt(call);
  if (place === undefined) return;
  const { group } = place;
  if (range === undefined) {
    summarize(call, group);
    return;
  }
  const { minIdleMs, start, end, count } = range;
  const consumer = range.consumer === 0 ? undefined : call.text(range.consumer);
  const shown: Pending[] = [];
  for (const pending of group.pending.values()) {
    const { id, consumer: owner } = pending;
    if (shown.length >= count || compareIds(id, end) > 0) break;
    if (compareIds(id, start) < 0 || isTooYoung(call, pending, minIdleMs)) continue;
    if (consumer === undefined || owner.name === consumer) shown.push(pending);
  }
  call.reply.startDeferredArray();
  for (const { id, consumer: owner, deliveredMs, deliveries } of shown) {
    call.reply.array(4);
    call.reply.bulk(idLength(id));
    call.reply.bulk(owner.name.length);
    call.reply.integer(Math.floor(call.nowMs - deliveredMs));
    call.reply.integer(deliveries);
  }
  call.reply.endDeferredArray(shown.length);
}

/** Replies with the number of pending entries, the first and last id, and the number for each consumer that has any. */
function summarize(call: Call, { pending, consumers }: StreamGroup): void {
  const ids = [...pending.values()].map(({ id }) => id);
  const [first] = ids;
  const last = ids.at(-1);
  call.reply.array(4);
  call.reply.integer(ids.length);
  if (first === undefined || last === undefined) {
    call.reply.nil();
    call.reply.nil();
    call.reply.nilArray();
    return;
  }
  call.reply.bulk(idLength(first));
  call.reply.bulk(idLength(last));
  call.reply.startDeferredArray();
  let said = 0;
  for (const { name, pending: own } of consumers.values()) {
    const size = own?.size ?? 0;
    if (size === 0) continue;
    call.reply.array(2);
    call.reply.bulk(name.length);
    call.reply.bulk(`${size}`.length);
    said++;
  }
  call.reply.endDeferredArray(said);
}

export const STREAM_CLAIM_COMMANDS: Handlers = {
  xclaim,
  xautoclaim: parsed(parseXautoclaim, xautoclaim),
  xpending: parsed(parseXpending, xpending),
};
