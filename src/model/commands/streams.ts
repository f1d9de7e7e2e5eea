import type { Queue } from '../../base/index.js';
import {
  compareIds,
  contentOfEntry,
  type EntriesRequest,
  GREATEST_ID,
  GROUP_EXISTS,
  idLength,
  LEAST_ID,
  meaningAt,
  NEEDS_STREAM,
  NO_SUCH_ENTRY,
  NO_SUCH_KEY,
  newId,
  noGroup,
  noSuchGroup,
  OTHER_REQUEST,
  type ProducerRequest,
  parseEntries,
  parseGroupStart,
  parseIds,
  parseXadd,
  parseXcfgset,
  parseXgroup,
  parseXidmprecord,
  parseXrange,
  parseXread,
  parseXsetid,
  parseXtrim,
  readStart,
  type StreamId,
  type Trimming,
  type XaddRequest,
  type XgroupRequest,
  type XrangeRequest,
  type XreadRequest,
  type XsetidRequest,
  xsetidProblem,
} from '../../commands/index.js';
import { decimalLength } from '../client/index.js';
import { ContainerKind, embeddedStringBytes, sdsBytes } from '../heap/index.js';
import type { Call, Handlers } from '../server/index.js';
import {
  entryBytes,
  type NewRequest,
  type Producer,
  type StreamConsumer,
  type StreamEntry,
  type StreamGroup,
  StreamValue,
} from '../values/index.js';
import { addModel, modelAt, modelOr, needleAt, waitForKeys } from './container-call.js';
import { formattedError } from './formatted-error.js';
import { orReplyError, parsed } from './parsed.js';
import { newTemporaryInteger } from './string-objects.js';

/** createStreamIDString: the bytes of a string with room for any id. */
const ID_TEXT_BYTES = 48;

/** An entry's id, and the reply bytes of its fields and values. */
type ReadEntry = readonly [StreamId, number];

/** Allocates the text of a stream's id (createStreamIDString). */
function newIdText({ heap, version }: Call, id: StreamId): number {
  const bytes = version.commands.exactStreamIds ? sdsBytes(heap.sds, idLength(id)) : ID_TEXT_BYTES;
  return heap.malloc(bytes, ContainerKind.containerTemporary);
}

/** Rewrites an approximate trim for propagation, with `=` and the length of the stream now (or its first id). */
function rewriteTrimming(
  call: Call,
  stream: StreamValue,
  { isApproximate, length, argument }: Trimming,
): void {
  if (!isApproximate) return;
  call.args.rewriteOne(argument - 1);
  if (length !== undefined) {
    call.args.rewriteOne(argument, newTemporaryInteger(call, stream.size));
    return;
  }
  const text = newIdText(call, stream.lastId);
  call.args.rewriteOne(argument, text, call.newObject());
}

/** Returns the stream of a row. Without a row `absent` replies; another type replies with the error. */
function streamOf(call: Call, row: number, absent: () => void): StreamValue | undefined {
  return modelOr(call, row, StreamValue, absent);
}

function newStream(call: Call, index: number): StreamValue {
  const stream = new StreamValue(call.values);
  addModel(call, index, stream);
  return stream;
}

function xadd(call: Call, { trimming, makesStream, request, id: at }: XaddRequest): void {
  const given = call.text(at);
  const row = call.lookupWrite(1);
  if (row === 0 && !makesStream) {
    call.reply.nil();
    return;
  }
  const stream = row === 0 ? newStream(call, 1) : modelAt(call, row, StreamValue);
  if (stream === undefined) return;
  const times = entryTimesOf(call);
  const seen = request === undefined ? undefined : beginRequest(call, stream, request, at);
  if (seen === 'repeated') {
    times?.shift();
    return;
  }
  const id = newId(given, stream.lastId, times?.first ?? call.epochMs(call.nowMs));
  if (typeof id === 'string') {
    call.reply.error(id);
    if (seen !== undefined) stream.requests.drop(seen.request);
    return;
  }
  times?.shift();
  if (given === '*' && times === undefined) call.server.unknown.clockIds++;
  stream.append(id, entryAt(call, at + 1));
  const text = newIdText(call, id);
  call.reply.bulk(idLength(id));
  if (seen !== undefined) remember(call, stream, seen, id);
  call.dirty++;
  if (trimming !== undefined) {
    stream.trim(trimming);
    rewriteTrimming(call, stream, trimming);
  }
  if (given.endsWith('*')) call.args.rewriteOne(at, text, call.newObject());
  else call.heap.free(text);
}

/** Returns the times of a real server's replies, of which those in the reply to EXEC are not read. */
function entryTimesOf({ server, client }: Call): Queue<number> | undefined {
  return client.transaction.queued.length > 0 ? undefined : server.entryTimes;
}

interface BegunRequest {
  readonly producer: Producer;
  readonly request: NewRequest;
}

/** Allocates the request of an entry; replies with the id of the entry that the same request added before. */
function beginRequest(
  call: Call,
  { requests }: StreamValue,
  { producer: at, name }: ProducerRequest,
  id: number,
): BegunRequest | 'repeated' {
  const producer = requests.producerFor(call.text(at));
  const isDigest = name === 0;
  const request = requests.begin(isDigest ? contentOfEntry(call, id + 1) : call.text(name), isDigest);
  const known = requests.idOf(producer, request);
  if (known === undefined) return { producer, request };
  call.heap.free(newIdText(call, known));
  call.reply.bulk(idLength(known));
  requests.drop(request);
  call.dirty++;
  return 'repeated';
}

function remember(call: Call, { requests }: StreamValue, seen: BegunRequest, id: StreamId): void {
  requests.remember(seen.producer, seen.request, id);
  const row = call.peek(1);
  if (call.db.trackedStreams.has(row)) return;
  call.db.trackedStreams.add(row, call.args.takeHandles(1));
}

const xidmprecord = parsed(parseXidmprecord, (call, { id }) => {
  const stream = streamOf(call, call.lookupWrite(1), () => call.reply.error(NO_SUCH_KEY));
  if (stream === undefined) return;
  if (stream.range(id, id, 1).length === 0) {
    call.reply.error(NO_SUCH_ENTRY);
    return;
  }
  const { requests } = stream;
  const producer = requests.producerFor(call.text(2));
  const request = requests.begin(call.text(3), false);
  const known = requests.idOf(producer, request);
  if (known === undefined) {
    remember(call, stream, { producer, request }, id);
    call.dirty++;
    call.reply.status();
    return;
  }
  requests.drop(request);
  if (compareIds(known, id) === 0) call.reply.status();
  else call.reply.error(OTHER_REQUEST);
});

function xcfgset(call: Call): void {
  const stream = streamOf(call, call.lookupWrite(1), () => call.reply.error(NO_SUCH_KEY));
  if (stream === undefined) return;
  const request = orReplyError(call, parseXcfgset(call));
  if (request === undefined) return;
  if (stream.requests.configure(request.duration, request.most)) call.dirty++;
  call.reply.status();
}

/** Returns the entry of the fields and values from argument `from` to the end. */
function entryAt(call: Call, from: number): StreamEntry {
  let names = '';
  const parts: number[] = [];
  let length = 0;
  let replyBytes = 0;
  for (let index = from; index < call.count; index++) {
    const { bytes, start, length: size } = needleAt(call, index);
    parts.push(entryBytes(bytes, start, size));
    length += size;
    replyBytes += decimalLength(size) + size + 5;
    if ((index - from) % 2 === 0) names += `${size}:${call.text(index)}`;
  }
  return { fields: (call.count - from) / 2, names, parts, length, replyBytes };
}

function xtrim(call: Call, trimming: Trimming): void {
  const stream = streamOf(call, call.lookupWrite(1), () => call.reply.integer(0));
  if (stream === undefined) return;
  const removed = stream.trim(trimming);
  if (removed > 0) rewriteTrimming(call, stream, trimming);
  call.reply.integer(removed);
  call.dirty += removed;
}

function xdel(call: Call): void {
  const stream = streamOf(call, call.lookupWrite(1), () => call.reply.integer(0));
  if (stream === undefined) return;
  const ids = orReplyError(call, parseIds(call, 2));
  if (ids === undefined) return;
  const deleted = ids.filter((id) => stream.delete(id)).length;
  call.reply.integer(deleted);
  call.dirty += deleted;
}

/** The replies of XDELEX and XACKDEL for one entry. */
const DELETED = 1;
const NO_ENTRY = -1;
const STILL_REFERENCED = 2;
/** Ids up to this many lie on the server's stack. */
const IDS_ON_STACK = 8;

/** Deletes entries as a request asks for. `take` returns whether an id is one of those that may be deleted. */
function deleteEntries(
  call: Call,
  stream: StreamValue | undefined,
  { references, first, count }: EntriesRequest,
  take: (id: StreamId) => boolean,
  isGone: (isDeleted: boolean) => number,
): void {
  if (stream === undefined) {
    call.reply.array(count);
    for (let at = 0; at < count; at++) call.reply.integer(NO_ENTRY);
    return;
  }
  const { heap, version } = call;
  const bytes = count > IDS_ON_STACK ? count * version.sizes.streamId : 0;
  const ids = bytes === 0 ? 0 : heap.malloc(bytes, ContainerKind.containerTemporary);
  const wanted = orReplyError(call, parseIds(call, first, count));
  if (wanted !== undefined) call.reply.array(count);
  for (const id of wanted ?? []) {
    if (!take(id)) call.reply.integer(NO_ENTRY);
    else if (!stream.releases(id, references)) call.reply.integer(STILL_REFERENCED);
    else call.reply.integer(isGone(stream.delete(id)));
  }
  if (ids !== 0) heap.free(ids);
}

function xdelex(call: Call): void {
  const stream = streamToDeleteFrom(call, call.lookupWrite(1));
  if (stream === 'refused') return;
  const request = orReplyError(call, parseEntries(call));
  if (request === undefined) return;
  const isAny = () => true;
  deleteEntries(call, stream, request, isAny, (isDeleted) => {
    if (isDeleted) call.dirty++;
    return isDeleted ? DELETED : NO_ENTRY;
  });
}

function xackdel(call: Call): void {
  const stream = streamToDeleteFrom(call, call.lookupRead(1));
  if (stream === 'refused') return;
  const request = orReplyError(call, parseEntries(call));
  if (request === undefined) return;
  const group = stream?.group(call.text(2));
  const acknowledges = (id: StreamId) => {
    const isPending = group?.acknowledge(id) === true;
    if (isPending) call.dirty++;
    return isPending;
  };
  deleteEntries(call, group === undefined ? undefined : stream, request, acknowledges, () => DELETED);
}

/** Returns the stream of a row, undefined for no row; replies with the error if it is another value. */
function streamToDeleteFrom(call: Call, row: number): StreamValue | undefined | 'refused' {
  if (row === 0) return undefined;
  return modelAt(call, row, StreamValue) ?? 'refused';
}

function xlen(call: Call): void {
  const stream = streamOf(call, call.lookupRead(1), () => call.reply.integer(0));
  if (stream !== undefined) call.reply.integer(stream.size);
}

function xsetid(call: Call, request: XsetidRequest): void {
  const stream = streamOf(call, call.lookupWrite(1), () => call.reply.error(NO_SUCH_KEY));
  if (stream === undefined) return;
  const [last] = stream.range(LEAST_ID, GREATEST_ID, 1, true);
  const problem = xsetidProblem(call.version, request, stream, last?.[0]);
  if (problem !== undefined) {
    call.reply.error(problem);
    return;
  }
  const { id, maxDeletedId = LEAST_ID } = request;
  stream.lastId = id;
  if (compareIds(maxDeletedId, LEAST_ID) > 0) stream.maxDeletedId = maxDeletedId;
  call.reply.status();
  call.dirty++;
}

function xrange(call: Call, { from, to, count, isReversed }: XrangeRequest): void {
  const stream = streamOf(call, call.lookupRead(1), () => call.reply.array(0));
  if (stream === undefined) return;
  if (count === 0) call.reply.nilArray();
  else replyEntries(call, stream.range(from, to, count, isReversed));
}

/** Replies with the entries in a deferred array, because the server knows their number only at the end. */
function replyEntries(call: Call, entries: readonly ReadEntry[], after?: (id: StreamId) => void): void {
  call.reply.startDeferredArray();
  for (const entry of entries) replyEntry(call, entry, after);
  call.reply.endDeferredArray(entries.length);
}

/**
 * Replies with an entry, by its id and the bytes of its fields, which are 0 if it was deleted. An object of the id is freed
 * when `after` has run.
 */
export function replyEntry(call: Call, [id, bytes]: ReadEntry, after?: (id: StreamId) => void): void {
  const { idsOfEntries } = call.version.commands;
  call.reply.array(2);
  const object = idsOfEntries === 'objects' && bytes > 0 ? newIdObject(call, id) : [];
  const hasText = idsOfEntries === 'texts' || (idsOfEntries === 'objects' && bytes === 0);
  const text = hasText ? [newIdText(call, id)] : [];
  call.reply.bulk(idLength(id));
  freeAll(call, text);
  if (bytes === 0) {
    call.reply.nilArray();
  } else {
    call.reply.array(2);
    call.reply.sink.write(bytes);
  }
  after?.(id);
  freeAll(call, object);
}

/** A stream that a request reads. */
interface Reading {
  /** The index of the key's argument. */
  readonly index: number;
  readonly stream: StreamValue | undefined;
  /** The id after which to read; undefined for entries that the group has not delivered. */
  readonly after: StreamId | undefined;
}

/** Looks up all keys and reads their ids before any reply. Returns undefined if it replied with an error. */
function readingsOf(call: Call, { first, streams, group }: XreadRequest): Reading[] | undefined {
  const readings: Reading[] = [];
  for (let index = first; index < first + streams; index++) {
    const row = call.lookupRead(index);
    const stream = row === 0 ? undefined : modelAt(call, row, StreamValue);
    if (row !== 0 && stream === undefined) return undefined;
    if (group > 0 && stream?.group(call.text(group)) === undefined) {
      const problem = noGroup(call.text(index), call.text(group));
      formattedError(call, `${problem} in XREADGROUP with GROUP option`);
      return undefined;
    }
    const lastId = stream?.lastId ?? LEAST_ID;
    const start = orReplyError(call, readStart(call.text(index + streams), group > 0, lastId));
    if (start === undefined) return undefined;
    readings.push({ index, stream, after: start.after });
  }
  return readings;
}

function xread(call: Call, request: XreadRequest): void {
  const readings = readingsOf(call, request);
  if (readings === undefined) return;
  let served = 0;
  for (const { index, stream, after = LEAST_ID } of readings) {
    call.lookupRead(index);
    const entries = stream?.after(after, request.count) ?? [];
    if (entries.length === 0) continue;
    startStream(call, index, served++);
    replyEntries(call, entries);
  }
  if (served > 0) call.reply.endDeferredArray(served);
  else {
    const hasNew = ({ lastId }: StreamValue, at: number) =>
      compareIds(lastId, readings[at]?.after ?? LEAST_ID) > 0;
    waitForEntries(call, request, hasNew);
  }
}

/** Replies with a nil array, or waits if BLOCK asks for it. */
function waitForEntries(
  call: Call,
  { first, streams, blockMs }: XreadRequest,
  has: (stream: StreamValue, at: number) => boolean,
): void {
  const seconds = blockMs === undefined ? undefined : blockMs / 1000;
  waitForKeys(call, [first, first + streams - 1], StreamValue, seconds, () => call.reply.nilArray(), has);
}

/** Replies with the name of a stream that has entries, which follow. */
function startStream(call: Call, index: number, servedBefore: number): void {
  if (servedBefore === 0) call.reply.startDeferredArray();
  call.reply.array(2);
  call.reply.bulk(call.length(index));
}

function xreadgroup(call: Call, request: XreadRequest): void {
  const { heap, version } = call;
  const groups = heap.malloc(request.streams * version.sizes.pointer, ContainerKind.containerTemporary);
  readAsGroup(call, request);
  heap.free(groups);
}

function readAsGroup(call: Call, request: XreadRequest): void {
  const { count, isNoAck } = request;
  const readings = readingsOf(call, request);
  if (readings === undefined) return;
  const name = call.text(request.group);
  const consumer = call.text(request.consumer);
  let served = 0;
  for (const { index, stream, after } of readings) {
    call.lookupRead(index);
    const group = stream?.group(name);
    if (stream === undefined || group === undefined) continue;
    if (after !== undefined) {
      startStream(call, index, served++);
      const to = group.consumerFor(consumer);
      if (call.version.commands.claimTexts === 'once') freeClaimTexts(call, newClaimTexts(call, group, to));
      replyEntries(call, unacknowledged(stream, to, after, count));
      continue;
    }
    const entries = stream.after(group.lastId, count);
    if (call.values.policy.makesIdleConsumers) group.consumerFor(consumer);
    if (entries.length === 0) continue;
    startStream(call, index, served++);
    deliver(call, group, group.consumerFor(consumer), entries, isNoAck);
  }
  if (served > 0) call.reply.endDeferredArray(served);
  else {
    waitForEntries(call, request, (stream) => {
      const group = stream.group(name);
      return group === undefined || compareIds(stream.lastId, group.lastId) > 0;
    });
  }
}

/** Delivers new entries to a consumer; each is propagated as an XCLAIM, and the group's last id after them. */
function deliver(
  call: Call,
  group: StreamGroup,
  consumer: StreamConsumer,
  entries: readonly ReadEntry[],
  isNoAck: boolean,
): void {
  const { claimTexts, propagatesLastId } = call.version.commands;
  const kept = claimTexts === 'once' ? newClaimTexts(call, group, consumer) : undefined;
  replyEntries(call, entries, (id) => {
    group.advanceTo(id);
    if (isNoAck) return;
    group.deliver(id, consumer, call.nowMs);
    if (kept !== undefined) return;
    const claimed = newIdObject(call, id);
    const texts = newClaimTexts(call, group, consumer);
    freeAll(call, [...texts.name, ...texts.time, ...texts.last, ...claimed]);
  });
  if (kept !== undefined) freeClaimTexts(call, kept);
  if (isNoAck || propagatesLastId) freeAll(call, newIdObject(call, group.lastId));
  call.dirty += entries.length;
}

/** The handles of a consumer's name, of the time and of the group's last id, which propagated claims share. */
interface ClaimTexts {
  readonly name: readonly number[];
  readonly time: readonly number[];
  readonly last: readonly number[];
}

/** Makes the texts of claims, even without a target for propagation (streamPropagateXCLAIM). */
function newClaimTexts(call: Call, { lastId }: StreamGroup, { name }: StreamConsumer): ClaimTexts {
  const { heap, version } = call;
  const temporary = (bytes: number) => heap.malloc(bytes, ContainerKind.containerTemporary);
  return {
    name: [temporary(embeddedStringBytes(version.sizes.embeddedObjectHead, name.length))],
    time: [temporary(version.sizes.object)],
    last: newIdObject(call, lastId),
  };
}

/** Frees the texts that all claims of a read have shared. */
function freeClaimTexts(call: Call, { name, time, last }: ClaimTexts): void {
  freeAll(call, [...time, ...name, ...last]);
}

/** Allocates the text of a stream's id and the object of it (createObjectFromStreamID). */
function newIdObject(call: Call, id: StreamId): readonly number[] {
  const text = newIdText(call, id);
  return [text, call.heap.malloc(call.version.sizes.object, ContainerKind.containerTemporary)];
}

function freeAll({ heap }: Call, handles: readonly number[]): void {
  for (const handle of handles) heap.free(handle);
}

/** Returns the entries that a consumer has received but not acknowledged. */
function unacknowledged(
  stream: StreamValue,
  { pending }: StreamConsumer,
  after: StreamId,
  count: number,
): ReadEntry[] {
  const again: ReadEntry[] = [];
  for (const { id } of pending?.values() ?? []) {
    if (compareIds(id, after) <= 0 || again.length >= count) continue;
    again.push(stream.range(id, id, 1)[0] ?? [id, 0]);
  }
  return again;
}

function xack(call: Call): void {
  const row = call.lookupRead(1);
  const stream = row === 0 ? undefined : modelAt(call, row, StreamValue);
  if (row !== 0 && stream === undefined) return;
  const group = stream?.group(call.text(2));
  const ids = group === undefined ? [] : orReplyError(call, parseIds(call, 3));
  if (ids === undefined) return;
  const acknowledged = ids.filter((id) => group?.acknowledge(id)).length;
  call.reply.integer(acknowledged);
  call.dirty += acknowledged;
}

function xgroupCreate(call: Call, { makesStream }: XgroupRequest): void {
  const row = call.lookupWrite(2);
  const known = row === 0 ? undefined : modelAt(call, row, StreamValue);
  if (row !== 0 && known === undefined) return;
  if (row === 0 && !makesStream) {
    call.reply.error(NEEDS_STREAM);
    return;
  }
  const id = orReplyError(call, parseGroupStart(call, known?.lastId ?? LEAST_ID));
  const stream = id === undefined ? undefined : (known ?? newStream(call, 2));
  if (id === undefined || stream === undefined) return;
  if (stream.createGroup(call.text(3), id) === undefined) {
    call.reply.error(GROUP_EXISTS);
    return;
  }
  call.reply.status();
  call.dirty++;
}

/** Returns the handler of a subcommand of XGROUP on a group that must exist. */
function onGroup(
  work: (call: Call, stream: StreamValue, group: StreamGroup) => void,
): (call: Call, request: XgroupRequest) => void {
  return (call) => {
    const stream = streamOf(call, call.lookupWrite(2), () => call.reply.error(NEEDS_STREAM));
    if (stream === undefined) return;
    const group = stream.group(call.text(3));
    if (group !== undefined) work(call, stream, group);
    else if (call.is(1, 'DESTROY')) call.reply.integer(0);
    else formattedError(call, noSuchGroup(call.text(3), call.text(2)));
  };
}

const SUBCOMMANDS: Readonly<Record<string, (call: Call, request: XgroupRequest) => void>> = {
  CREATE: xgroupCreate,
  DESTROY: onGroup((call, stream) => {
    stream.destroyGroup(call.text(3));
    call.reply.integer(1);
    call.dirty++;
  }),
  SETID: onGroup((call, stream, group) => {
    const id = orReplyError(call, parseGroupStart(call, stream.lastId));
    if (id === undefined) return;
    group.lastId = id;
    call.reply.status();
    call.dirty++;
  }),
  CREATECONSUMER: onGroup((call, _, group) => {
    const isNew = group.consumer(call.text(4)) === undefined;
    group.consumerFor(call.text(4));
    call.reply.integer(isNew ? 1 : 0);
    call.dirty++;
  }),
  DELCONSUMER: onGroup((call, _, group) => {
    call.reply.integer(group.removeConsumer(call.text(4)));
    call.dirty++;
  }),
};

const xgroup = parsed(parseXgroup, (call, request) => {
  const subcommand = meaningAt(call, 1, SUBCOMMANDS);
  if (subcommand === undefined) call.reply.array(0);
  else subcommand(call, request);
});

/** XINFO changes nothing; the size of its reply is an estimate. */
function xinfo(call: Call): void {
  const stream = streamOf(call, call.lookupRead(2), () => call.reply.error(NO_SUCH_KEY));
  if (stream !== undefined) call.reply.sink.write(400);
}

export const STREAM_COMMANDS: Handlers = {
  xadd: parsed(
    (call) => parseXadd(call, call.settings.streamNodeMaxEntries, call.version.commands.streamOptions),
    xadd,
  ),
  xtrim: parsed(
    (call) => parseXtrim(call, call.settings.streamNodeMaxEntries, call.version.commands.streamOptions),
    xtrim,
  ),
  xdel,
  xdelex,
  xackdel,
  xcfgset,
  xidmprecord,
  xlen,
  xsetid: parsed(parseXsetid, xsetid),
  xrange: parsed(parseXrange, xrange),
  xrevrange: parsed(parseXrange, xrange),
  xread: parsed(parseXread, xread),
  xreadgroup: parsed(parseXread, xreadgroup),
  xack,
  xgroup,
  xinfo,
};
