import {
  compareIds,
  GREATEST_ID,
  idLength,
  LEAST_ID,
  parseId,
  type StreamId,
  type StreamRequest,
  streamRequest,
  type Trimming,
} from '../../commands/index.js';
import { decimalLength } from '../client/index.js';
import { ContainerKind, embeddedStringBytes } from '../heap/index.js';
import type { Call, Handlers } from '../server/index.js';
import { entryBytes, type StreamEntry, type StreamGroup, StreamValue } from '../values/index.js';
import { addModel, modelAt, modelOr, needleAt, waitForKeys, wordsOf } from './container-call.js';
import { newTemporaryInteger } from './string-objects.js';

/** createStreamIDString: a string with room for any id. */
const ID_TEXT_BYTES = 48;

/** An entry's id, and the bytes that its fields and values are as a reply. */
type ReadEntry = readonly [StreamId, number];

/** Undefined: an error was said. */
function requestOf(call: Call, isAdd: boolean): StreamRequest | undefined {
  const request = streamRequest(wordsOf(call), isAdd, call.settings.streamNodeMaxEntries);
  if (typeof request !== 'string') return request;
  call.reply.error(request);
  return undefined;
}

function trim(stream: StreamValue, { length, before, isApproximate, limit }: Trimming): number {
  if (length !== undefined) return stream.trimToLength(length, isApproximate, limit);
  return before === undefined ? 0 : stream.trimBefore(before, isApproximate, limit);
}

/** What `~` left is propagated exactly: `=`, and the length that the stream has now (or its first id). */
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
  const text = call.heap.malloc(ID_TEXT_BYTES, ContainerKind.containerTemporary);
  call.args.rewriteOne(argument, text, call.newObject());
}

/** The stream of a row; undefined if there is none, in which case `absent` replies, or an error was said. */
function streamOf(call: Call, row: number, absent: () => void): StreamValue | undefined {
  return modelOr(call, row, StreamValue, absent);
}

function streamFor(call: Call, index: number): StreamValue | undefined {
  const row = call.lookupWrite(index);
  if (row !== 0) return modelAt(call, row, StreamValue);
  const stream = new StreamValue(call.values);
  addModel(call, index, stream);
  return stream;
}

function xadd(call: Call): void {
  const request = requestOf(call, true);
  if (request === undefined) return;
  const { trimming, makesStream, next: at } = request;
  const fields = call.argc - at - 1;
  if (fields < 2 || fields % 2 === 1) {
    call.reply.error("ERR wrong number of arguments for 'xadd' command");
    return;
  }
  const given = call.text(at);
  if (given === '0-0' || given === '0') {
    call.reply.error('ERR The ID specified in XADD must be greater than 0-0');
    return;
  }
  if (!makesStream && call.lookupWrite(1) === 0) {
    call.reply.nil();
    return;
  }
  const stream = streamFor(call, 1);
  if (stream === undefined) return;
  const id = idFrom(call, given, stream.lastId)!;
  if (compareIds(id, stream.lastId) <= 0) {
    call.reply.error('ERR The ID specified in XADD is equal or smaller than the target stream top item');
    return;
  }
  stream.append(id, entryAt(call, at + 1));
  const text = call.heap.malloc(ID_TEXT_BYTES, ContainerKind.containerTemporary);
  call.reply.bulk(idLength(id));
  call.dirty++;
  if (trimming !== undefined) {
    trim(stream, trimming);
    rewriteTrimming(call, stream, trimming);
  }
  if (given.endsWith('*')) call.args.rewriteOne(at, text, call.newObject());
  else call.heap.free(text);
}

/** The id that an entry gets: "*" by the clock, "ms-*" the next of that millisecond. */
function idFrom(call: Call, text: string, last: StreamId): StreamId | undefined {
  if (text === '*') {
    const ms = Math.floor(call.epochMs(call.nowMs));
    return ms > last.ms ? { ms, seq: 0 } : { ms: last.ms, seq: last.seq + 1 };
  }
  if (text.endsWith('-*')) {
    const id = parseId(text.slice(0, -2), 0);
    return id !== undefined && id.ms === last.ms ? { ms: last.ms, seq: last.seq + 1 } : id;
  }
  return parseId(text, 0);
}

/** Fields and values from argument `from` to the end. */
function entryAt(call: Call, from: number): StreamEntry {
  let names = '';
  let fieldBytes = 0;
  let valueBytes = 0;
  let length = 0;
  let replyBytes = 0;
  for (let index = from; index < call.argc; index++) {
    const { bytes, start, length: size } = needleAt(call, index);
    const entry = entryBytes(bytes, start, size);
    length += size;
    replyBytes += decimalLength(size) + size + 5;
    if ((index - from) % 2 === 1) {
      valueBytes += entry;
    } else {
      fieldBytes += entry;
      names += `${size}:${call.text(index)}`;
    }
  }
  return { fields: (call.argc - from) / 2, names, fieldBytes, valueBytes, length, replyBytes };
}

function xtrim(call: Call): void {
  const trimming = requestOf(call, false)?.trimming;
  if (trimming === undefined) return;
  const stream = streamOf(call, call.lookupWrite(1), () => call.reply.integer(0));
  if (stream === undefined) return;
  const removed = trim(stream, trimming);
  if (removed > 0) rewriteTrimming(call, stream, trimming);
  call.reply.integer(removed);
  call.dirty += removed;
}

function xdel(call: Call): void {
  const stream = streamOf(call, call.lookupWrite(1), () => call.reply.integer(0));
  if (stream === undefined) return;
  let deleted = 0;
  for (let index = 2; index < call.argc; index++) {
    const id = parseId(call.text(index), 0);
    if (id !== undefined && stream.delete(id)) deleted++;
  }
  call.reply.integer(deleted);
  call.dirty += deleted;
}

function xlen(call: Call): void {
  const stream = streamOf(call, call.lookupRead(1), () => call.reply.integer(0));
  if (stream !== undefined) call.reply.integer(stream.size);
}

function xsetid(call: Call): void {
  const stream = streamOf(call, call.lookupWrite(1), () => call.reply.error('ERR no such key'));
  const id = parseId(call.text(2), 0);
  if (stream === undefined) return;
  if (id === undefined) {
    call.reply.error('ERR Invalid stream ID specified as stream command argument');
    return;
  }
  const [last] = stream.range(LEAST_ID, GREATEST_ID, 1, true);
  if (last !== undefined && compareIds(id, last[0]) < 0) {
    call.reply.error('ERR The ID specified in XSETID is smaller than the target stream top item');
    return;
  }
  stream.lastId = id;
  call.reply.status();
  call.dirty++;
}

/** An end of a range: "-", "+", an id, or "(" and an id. */
export function rangeEnd(text: string, isStart: boolean): StreamId | undefined {
  if (text === '-') return LEAST_ID;
  if (text === '+') return GREATEST_ID;
  const isOpen = text.startsWith('(');
  const id = parseId(isOpen ? text.slice(1) : text, isStart ? 0 : Infinity);
  if (id === undefined || !isOpen) return id;
  return { ms: id.ms, seq: id.seq + (isStart ? 1 : -1) };
}

function xrange(isReversed: boolean): (call: Call) => void {
  return (call) => {
    const from = rangeEnd(call.text(isReversed ? 3 : 2), true);
    const to = rangeEnd(call.text(isReversed ? 2 : 3), false);
    if (from === undefined || to === undefined) {
      call.reply.error('ERR Invalid stream ID specified as stream command argument');
      return;
    }
    const count = call.argc > 5 && call.is(4, 'COUNT') ? (call.integer(5) ?? 0) : Infinity;
    const stream = streamOf(call, call.lookupRead(1), () => call.reply.array(0));
    if (stream === undefined) return;
    if (count === 0) {
      call.reply.nilArray();
      return;
    }
    replyEntries(call, stream.range(from, to, count, isReversed));
  };
}

/** How many there are is known to the server only at the end. */
function replyEntries(call: Call, entries: readonly ReadEntry[], after?: (id: StreamId) => void): void {
  call.reply.startDeferredArray();
  for (const entry of entries) {
    replyEntry(call, entry);
    after?.(entry[0]);
  }
  call.reply.endDeferredArray(entries.length);
}

/** An entry by its id and the bytes of its fields; 0: it is not there any more. */
export function replyEntry(call: Call, [id, bytes]: ReadEntry): void {
  call.reply.array(2);
  const text = call.heap.malloc(ID_TEXT_BYTES, ContainerKind.containerTemporary);
  call.reply.bulk(idLength(id));
  call.heap.free(text);
  if (bytes === 0) {
    call.reply.nilArray();
    return;
  }
  call.reply.array(2);
  call.reply.sink.write(bytes);
}

/** Where the keys of XREAD and XREADGROUP begin, and how many there are. */
function streamsAt(call: Call): { first: number; count: number } | undefined {
  for (let index = 1; index < call.argc; index++) {
    if (call.is(index, 'STREAMS')) return { first: index + 1, count: (call.argc - index - 1) >> 1 };
  }
  call.reply.syntaxError();
  return undefined;
}

function countOption(call: Call, from: number): number {
  for (let index = from; index + 1 < call.argc && !call.is(index, 'STREAMS'); index++) {
    if (call.is(index, 'COUNT')) return call.integer(index + 1) || Infinity;
  }
  return Infinity;
}

/** XREAD [COUNT n] [BLOCK ms] STREAMS key … id … */
function xread(call: Call): void {
  const keys = streamsAt(call);
  if (keys === undefined) return;
  const count = countOption(call, 1);
  // All keys are looked at before anything is said.
  const streams: (StreamValue | undefined)[] = [];
  for (let index = keys.first; index < keys.first + keys.count; index++) {
    const row = call.lookupRead(index);
    const stream = row === 0 ? undefined : modelAt(call, row, StreamValue);
    if (row !== 0 && stream === undefined) return;
    streams.push(stream);
  }
  let served = 0;
  for (const [at, stream] of streams.entries()) {
    const index = keys.first + at;
    const text = call.text(index + keys.count);
    const after = text === '$' ? stream?.lastId : parseId(text, 0);
    if (stream === undefined || after === undefined) continue;
    const entries = stream.range({ ms: after.ms, seq: after.seq + 1 }, GREATEST_ID, count);
    if (entries.length === 0) continue;
    startStream(call, index, served++);
    replyEntries(call, entries);
  }
  if (served > 0) call.reply.endDeferredArray(served);
  else {
    const last = [...streams.keys()].map((at) => {
      const text = call.text(keys.first + keys.count + at);
      return (text === '$' ? streams[at]?.lastId : parseId(text, 0)) ?? LEAST_ID;
    });
    waitForEntries(call, keys, (stream, at) => compareIds(stream.lastId, last[at] ?? LEAST_ID) > 0);
  }
}

/** BLOCK, if it is asked for; else there is nothing. */
function waitForEntries(
  call: Call,
  { first, count }: { readonly first: number; readonly count: number },
  has: (stream: StreamValue, at: number) => boolean,
): void {
  const nothing = () => call.reply.nilArray();
  for (let index = 1; index < first - 1; index++) {
    if (!call.is(index, 'BLOCK')) continue;
    const milliseconds = call.integer(index + 1);
    if (milliseconds === undefined || milliseconds < 0) {
      call.reply.error(
        milliseconds === undefined
          ? 'ERR timeout is not an integer or out of range'
          : 'ERR timeout is negative',
      );
      return;
    }
    waitForKeys(call, [first, first + count - 1], StreamValue, milliseconds / 1000, nothing, has);
    return;
  }
  nothing();
}

/** The name of a stream that has something; its entries follow. */
function startStream(call: Call, index: number, servedBefore: number): void {
  if (servedBefore === 0) call.reply.startDeferredArray();
  call.reply.array(2);
  call.reply.bulk(call.length(index));
}

/** XREADGROUP GROUP group consumer [COUNT n] [NOACK] STREAMS key … id … */
function xreadgroup(call: Call): void {
  const keys = streamsAt(call);
  if (keys === undefined) return;
  const { heap, version } = call;
  const groups = heap.malloc(keys.count * version.sizes.pointer, ContainerKind.containerTemporary);
  readAsGroup(call, keys.first, keys.count);
  heap.free(groups);
}

function readAsGroup(call: Call, first: number, keys: number): void {
  const count = countOption(call, 4);
  let noAck = false;
  for (let index = 4; index < first - 1; index++) if (call.is(index, 'NOACK')) noAck = true;
  let served = 0;
  for (let index = first; index < first + keys; index++) {
    const row = call.lookupWrite(index);
    const stream = row === 0 ? undefined : modelAt(call, row, StreamValue);
    if (row !== 0 && stream === undefined) return;
    const group = stream?.group(call.text(2));
    if (stream === undefined || group === undefined) {
      const what = `key '${call.text(index)}' or consumer group '${call.text(2)}'`;
      call.reply.error(`NOGROUP No such ${what} in XREADGROUP with GROUP option`);
      return;
    }
    const isNew = call.is(index + keys, '>');
    const entries = isNew
      ? stream.range({ ms: group.lastId.ms, seq: group.lastId.seq + 1 }, GREATEST_ID, count)
      : [];
    if (isNew && call.values.policy.makesIdleConsumers) group.consumerFor(call.text(3));
    if (isNew && entries.length === 0) continue;
    startStream(call, index, served++);
    if (isNew) deliver(call, group, entries, noAck);
    else replyEntries(call, unacknowledged(call, stream, group, call.text(index + keys), count));
  }
  if (served > 0) call.reply.endDeferredArray(served);
  else {
    const name = call.text(2);
    waitForEntries(call, { first, count: keys }, (stream) => {
      const group = stream.group(name);
      return group === undefined || compareIds(stream.lastId, group.lastId) > 0;
    });
  }
}

/** New entries to a consumer, each of which is propagated as an XCLAIM. */
function deliver(call: Call, group: StreamGroup, entries: readonly ReadEntry[], noAck: boolean): void {
  const consumer = group.consumerFor(call.text(3));
  replyEntries(call, entries, (id) => {
    group.advanceTo(id);
    if (noAck) return;
    group.deliver(id, consumer, call.nowMs);
    propagateClaim(call);
  });
  call.dirty += entries.length;
}

/** streamPropagateXCLAIM: the arguments are made even where nobody is told: two ids, a consumer's name, a time. */
function propagateClaim({ heap, version, command }: Call): void {
  const temporary = (bytes: number) => heap.malloc(bytes, ContainerKind.containerTemporary);
  const id = [temporary(ID_TEXT_BYTES), temporary(version.sizes.object)];
  const name = temporary(embeddedStringBytes(version.sizes.object, command.length[3]!));
  const time = temporary(version.sizes.object);
  const last = [temporary(ID_TEXT_BYTES), temporary(version.sizes.object)];
  for (const handle of [name, time, ...id, ...last]) heap.free(handle);
}

/** What a consumer was given before and has not acknowledged. */
function unacknowledged(
  call: Call,
  stream: StreamValue,
  group: StreamGroup,
  text: string,
  count: number,
): ReadEntry[] {
  const consumer = group.consumerFor(call.text(3));
  const after = parseId(text, 0) ?? LEAST_ID;
  const again: ReadEntry[] = [];
  for (const { id } of consumer.pending?.values() ?? []) {
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
  let acknowledged = 0;
  for (let index = 3; index < call.argc && group !== undefined; index++) {
    const id = parseId(call.text(index), 0);
    if (id !== undefined && group.acknowledge(id)) acknowledged++;
  }
  call.reply.integer(acknowledged);
  call.dirty += acknowledged;
}

const NO_SUCH_STREAM =
  'ERR The XGROUP subcommand requires the key to exist. ' +
  'Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.';

/** XGROUP CREATE key group id [MKSTREAM] */
function xgroupCreate(call: Call): void {
  const makes = call.argc > 5 && call.is(5, 'MKSTREAM');
  const row = call.lookupWrite(2);
  if (row === 0 && !makes) {
    call.reply.error(NO_SUCH_STREAM);
    return;
  }
  const text = call.text(4);
  const id = text === '$' ? undefined : parseId(text, 0);
  if (text !== '$' && id === undefined) {
    call.reply.error('ERR Invalid stream ID specified as stream command argument');
    return;
  }
  const stream = streamFor(call, 2);
  if (stream === undefined) return;
  if (stream.createGroup(call.text(3), id ?? stream.lastId) === undefined) {
    call.reply.error('BUSYGROUP Consumer Group name already exists');
    return;
  }
  call.reply.status();
  call.dirty++;
}

/** A subcommand of XGROUP on a group that must be there. */
function onGroup(work: (call: Call, stream: StreamValue, group: StreamGroup) => void): (call: Call) => void {
  return (call) => {
    const stream = streamOf(call, call.lookupWrite(2), () => call.reply.error(NO_SUCH_STREAM));
    if (stream === undefined) return;
    const group = stream.group(call.text(3));
    if (group === undefined) {
      if (call.is(1, 'DESTROY')) call.reply.integer(0);
      else
        call.reply.error(`NOGROUP No such consumer group '${call.text(3)}' for key name '${call.text(2)}'`);
      return;
    }
    work(call, stream, group);
    call.dirty++;
  };
}

const xgroupDestroy = onGroup((call, stream) => {
  stream.destroyGroup(call.text(3));
  call.reply.integer(1);
});

const xgroupSetid = onGroup((call, stream, group) => {
  const text = call.text(4);
  group.lastId = text === '$' ? stream.lastId : (parseId(text, 0) ?? group.lastId);
  call.reply.status();
});

const xgroupCreateconsumer = onGroup((call, _, group) => {
  const isNew = group.consumer(call.text(4)) === undefined;
  group.consumerFor(call.text(4));
  call.reply.integer(isNew ? 1 : 0);
});

const xgroupDelconsumer = onGroup((call, _, group) => {
  call.reply.integer(group.removeConsumer(call.text(4)));
});

/** XGROUP CREATE | DESTROY | SETID | CREATECONSUMER | DELCONSUMER */
function xgroup(call: Call): void {
  if (call.is(1, 'CREATE')) xgroupCreate(call);
  else if (call.is(1, 'DESTROY')) xgroupDestroy(call);
  else if (call.is(1, 'SETID')) xgroupSetid(call);
  else if (call.is(1, 'CREATECONSUMER')) xgroupCreateconsumer(call);
  else if (call.is(1, 'DELCONSUMER')) xgroupDelconsumer(call);
  else call.reply.error(`ERR unknown subcommand '${call.text(1)}'. Try XGROUP HELP.`);
}

/** XINFO changes nothing; its reply's size is a guess. */
function xinfo(call: Call): void {
  const stream = streamOf(call, call.lookupRead(2), () => call.reply.error('ERR no such key'));
  if (stream !== undefined) call.reply.sink.write(400);
}

export const STREAM_COMMANDS: Handlers = {
  xadd,
  xtrim,
  xdel,
  xlen,
  xsetid,
  xrange: xrange(false),
  xrevrange: xrange(true),
  xread,
  xreadgroup,
  xack,
  xgroup,
  xinfo,
};
