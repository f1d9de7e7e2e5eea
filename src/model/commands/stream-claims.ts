import { compareIds, idLength, parseId, type StreamId } from '../../commands/index.js';
import { ContainerKind } from '../heap/index.js';
import type { Call, Handlers } from '../server/index.js';
import { type Pending, type StreamGroup, StreamValue } from '../values/index.js';
import { modelAt } from './container-call.js';
import { rangeEnd, replyEntry } from './streams.js';

const FIRST_ID: StreamId = { ms: 0, seq: 0 };
/** XAUTOCLAIM looks at ten times as many entries as it was asked for, at most. */
const ATTEMPTS = 10;

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
  call.reply.error(`NOGROUP No such key '${call.text(1)}' or consumer group '${call.text(2)}'`);
  return undefined;
}

interface ClaimOptions {
  /** The argument behind the last id. */
  readonly end: number;
  readonly isForced: boolean;
  readonly justIds: boolean;
  readonly deliveredMs: number;
  readonly lastId: StreamId | undefined;
}

/** XCLAIM key group consumer min-idle id … [IDLE ms] [TIME ms] [RETRYCOUNT n] [FORCE] [JUSTID] [LASTID id] */
function xclaim(call: Call): void {
  const place = groupAt(call);
  if (place === undefined) return;
  const minIdle = minIdleAt(call);
  const options = minIdle === undefined ? undefined : claimOptions(call);
  if (minIdle === undefined || options === undefined) return;
  const { stream, group } = place;
  const { end, isForced, justIds, deliveredMs, lastId } = options;
  if (lastId !== undefined) group.advanceTo(lastId);
  const { makesIdleConsumers } = call.values.policy;
  if (makesIdleConsumers) group.consumerFor(call.text(3));
  call.reply.startDeferredArray();
  let claimed = 0;
  for (let index = 5; index < end; index++) {
    const id = parseId(call.text(index), 0)!;
    const pending = group.pendingAt(id);
    const [entry] = stream.range(id, id, 1);
    if (entry === undefined) {
      if (group.acknowledge(id)) call.dirty++;
      continue;
    }
    if (pending === undefined && !isForced) continue;
    if (pending !== undefined && isTooYoung(call, pending, minIdle)) continue;
    claim(group, id, call.text(3), deliveredMs, justIds);
    if (justIds) call.reply.bulk(idLength(id));
    else replyEntry(call, entry);
    claimed++;
  }
  call.reply.endDeferredArray(claimed);
  call.dirty += claimed;
}

function isTooYoung(call: Call, { deliveredMs }: Pending, minIdle: number): boolean {
  return minIdle > 0 && call.nowMs - deliveredMs < minIdle;
}

function claim(group: StreamGroup, id: StreamId, name: string, atMs: number, justIds: boolean): void {
  group.deliver(id, group.consumerFor(name), atMs);
  const pending = group.pendingAt(id);
  // Who wants the ids alone has not been given the entries.
  if (justIds && pending !== undefined) pending.deliveries--;
}

function minIdleAt(call: Call): number | undefined {
  const value = call.integer(4);
  if (value !== undefined) return Math.max(0, value);
  call.reply.error(`ERR Invalid min-idle-time argument for ${call.spec.name.toUpperCase()}`);
  return undefined;
}

function claimOptions(call: Call): ClaimOptions | undefined {
  let end = 5;
  while (end < call.argc && parseId(call.text(end), 0) !== undefined) end++;
  let isForced = false;
  let justIds = false;
  let deliveredMs = call.nowMs;
  let lastId: StreamId | undefined;
  for (let index = end; index < call.argc; index++) {
    const hasNext = index + 1 < call.argc;
    if (call.is(index, 'FORCE')) isForced = true;
    else if (call.is(index, 'JUSTID')) justIds = true;
    else if (hasNext && call.is(index, 'IDLE')) deliveredMs = call.nowMs - (call.integer(++index) ?? 0);
    else if (hasNext && call.is(index, 'TIME')) {
      deliveredMs = (call.integer(++index) ?? call.epochMs(call.nowMs)) - call.epochMs(0);
    } else if (hasNext && call.is(index, 'RETRYCOUNT')) index++;
    else if (hasNext && call.is(index, 'LASTID')) lastId = parseId(call.text(++index), 0);
    else {
      call.reply.error(`ERR Unrecognized XCLAIM option '${call.text(index)}'`);
      return undefined;
    }
  }
  return { end, isForced, justIds, deliveredMs: Math.min(deliveredMs, call.nowMs), lastId };
}

/** XAUTOCLAIM key group consumer min-idle start [COUNT n] [JUSTID] */
function xautoclaim(call: Call): void {
  const minIdle = minIdleAt(call);
  if (minIdle === undefined) return;
  const start = rangeEnd(call.text(5), true);
  if (start === undefined) {
    call.reply.error('ERR Invalid stream ID specified as stream command argument');
    return;
  }
  let count = 100;
  let justIds = false;
  for (let index = 6; index < call.argc; index++) {
    if (call.is(index, 'JUSTID')) justIds = true;
    else if (call.is(index, 'COUNT') && index + 1 < call.argc) count = call.integer(++index) ?? 0;
    else {
      call.reply.syntaxError();
      return;
    }
    if (count < 1) {
      call.reply.error('ERR COUNT must be > 0');
      return;
    }
  }
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
  for (let attempts = count * ATTEMPTS; at < looked.length && attempts > 0; attempts--) {
    if (claimed.length + deleted.length === count) break;
    const pending = looked[at++]!;
    const { id } = pending;
    const [entry] = stream.range(id, id, 1);
    if (entry === undefined) {
      group.acknowledge(id);
      deleted.push(id);
    } else if (!isTooYoung(call, pending, minIdle)) {
      claim(group, id, call.text(3), call.nowMs, justIds);
      claimed.push(entry);
    }
  }
  call.reply.startDeferredArray();
  call.reply.sink.endDeferred(bulkBytes(idLength(looked[at]?.id ?? FIRST_ID)));
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

/** Of a text of one or two digits' length. */
function bulkBytes(length: number): number {
  return `${length}`.length + 5 + length;
}

/** XPENDING key group [[IDLE ms] start end count [consumer]] */
function xpending(call: Call): void {
  const place = groupAt(call);
  if (place === undefined) return;
  const { group } = place;
  if (call.argc === 3) {
    summarize(call, group);
    return;
  }
  const at = call.is(3, 'IDLE') ? 5 : 3;
  const minIdle = at === 5 ? (call.integer(4) ?? 0) : 0;
  const start = rangeEnd(call.text(at), true);
  const end = rangeEnd(call.text(at + 1), false);
  const count = call.integer(at + 2);
  if (start === undefined || end === undefined || count === undefined) {
    call.reply.error('ERR Invalid stream ID specified as stream command argument');
    return;
  }
  const consumer = call.argc > at + 3 ? call.text(at + 3) : undefined;
  const shown: Pending[] = [];
  for (const pending of group.pending.values()) {
    const { id, consumer: owner } = pending;
    if (shown.length >= count || compareIds(id, end) > 0) break;
    if (compareIds(id, start) < 0 || isTooYoung(call, pending, minIdle)) continue;
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

/** How many, the first, the last, and how many of each consumer that has any. */
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
  xautoclaim,
  xpending,
};
