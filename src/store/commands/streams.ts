import {
  compareIds,
  contentOfEntry,
  type EntriesRequest,
  idText,
  LEAST_ID,
  NO_SUCH_ENTRY,
  NO_SUCH_KEY,
  newId,
  OTHER_REQUEST,
  type ProducerRequest,
  parseEntries,
  parseIds,
  parseXadd,
  parseXcfgset,
  parseXidmprecord,
  parseXrange,
  parseXread,
  parseXsetid,
  parseXtrim,
  readStart,
  type StreamId,
  type StreamOptions,
  type Trimming,
  type XaddRequest,
  type XrangeRequest,
  type XreadRequest,
  type XsetidRequest,
  xsetidProblem,
} from '../../commands/index.js';
import type { CommandContext } from '../command-context.js';
import { parsed, type StoreHandlers } from '../store-command.js';
import { StreamContent, type StreamEntry } from '../stream-content.js';
import { nilArray, waitOr } from './waiting.js';

function xadd(ask: CommandContext, { trimming, makesStream, request, id: at }: XaddRequest): void {
  let stream = ask.get(1, StreamContent);
  if (stream === undefined && !makesStream) {
    ask.reply.nil();
    return;
  }
  const isNew = stream === undefined;
  stream ??= new StreamContent(ask.limits);
  if (isNew) ask.add(1, stream);
  const { requests } = stream;
  const producer = request === undefined ? '' : ask.text(request.producer);
  const name = request === undefined ? '' : nameOfRequest(ask, request, at + 1);
  if (request !== undefined) requests.expire(ask.nowMs);
  const known = request === undefined ? undefined : requests.idOf(producer, name);
  if (known !== undefined) {
    requests.repeated++;
    ask.touch(1);
    ask.reply.bulk(idText(known));
    return;
  }
  const id = ask.allowed(newId(ask.text(at), stream.lastId, ask.nowMs));
  if (request !== undefined) requests.remember(producer, name, id);
  stream.append(id, ask.args.slice(at + 1));
  ask.touch(1, 'xadd');
  if (trimming !== undefined && stream.trim(trimming) > 0) ask.touch(1, 'xtrim');
  ask.data.signal(ask.text(1));
  ask.reply.bulk(idText(id));
}

/** Returns the name of a request; one that is named after its entry cannot have the name of another. */
function nameOfRequest(ask: CommandContext, { name }: ProducerRequest, from: number): string {
  return name === 0 ? `entry ${contentOfEntry(ask, from)}` : `name ${ask.text(name)}`;
}

function xcfgset(ask: CommandContext): void {
  const stream = ask.get(1, StreamContent);
  if (stream === undefined) ask.refuse(NO_SUCH_KEY);
  const { duration, most } = ask.allowed(parseXcfgset(ask));
  if (stream.requests.configure(duration, most)) ask.touch(1);
  ask.reply.ok();
}

function xidmprecord(ask: CommandContext, { id }: { readonly id: StreamId }): void {
  const stream = ask.get(1, StreamContent);
  if (stream === undefined) ask.refuse(NO_SUCH_KEY);
  if (stream.get(id) === undefined) ask.refuse(NO_SUCH_ENTRY);
  const { requests } = stream;
  const [producer, name] = [ask.text(2), `name ${ask.text(3)}`];
  requests.expire(ask.nowMs);
  const known = requests.idOf(producer, name);
  if (known !== undefined && compareIds(known, id) !== 0) ask.refuse(OTHER_REQUEST);
  if (known === undefined) requests.remember(producer, name, id);
  ask.reply.ok();
}

function xtrim(ask: CommandContext, trimming: Trimming): void {
  const removed = ask.get(1, StreamContent)?.trim(trimming) ?? 0;
  if (removed > 0) ask.touch(1, 'xtrim');
  ask.reply.integer(removed);
}

function xdel(ask: CommandContext): void {
  const stream = ask.get(1, StreamContent);
  if (stream === undefined) {
    ask.reply.integer(0);
    return;
  }
  const ids = ask.allowed(parseIds(ask, 2));
  const deleted = ids.filter((id) => stream.delete(id)).length;
  if (deleted > 0) ask.touch(1, 'xdel');
  ask.reply.integer(deleted);
}

/** The replies of XDELEX and XACKDEL for one entry. */
const DELETED = 1;
const NO_ENTRY = -1;
const STILL_REFERENCED = 2;

/** Deletes entries as a request asks for. `replyTo` returns the reply for one id. */
function deleteEntries(
  ask: CommandContext,
  stream: StreamContent | undefined,
  { first, count }: EntriesRequest,
  replyTo: (stream: StreamContent, id: StreamId) => number,
): void {
  const ids = stream === undefined ? [] : ask.allowed(parseIds(ask, first, count));
  const replies = stream === undefined ? Array(count).fill(NO_ENTRY) : ids.map((id) => replyTo(stream, id));
  if (replies.includes(DELETED)) ask.touch(1, 'xdel');
  ask.reply.array(count);
  for (const reply of replies) ask.reply.integer(reply);
}

function xdelex(ask: CommandContext): void {
  const stream = ask.get(1, StreamContent);
  const request = ask.allowed(parseEntries(ask));
  deleteEntries(ask, stream, request, (from, id) => {
    if (!from.releases(id, request.references)) return STILL_REFERENCED;
    return from.delete(id) ? DELETED : NO_ENTRY;
  });
}

function xackdel(ask: CommandContext): void {
  const stream = ask.get(1, StreamContent);
  const request = ask.allowed(parseEntries(ask));
  const group = stream?.groups.get(ask.text(2));
  deleteEntries(ask, group === undefined ? undefined : stream, request, (from, id) => {
    if (group?.acknowledge(id) !== true) return NO_ENTRY;
    if (!from.releases(id, request.references)) return STILL_REFERENCED;
    from.delete(id);
    return DELETED;
  });
}

function xlen(ask: CommandContext): void {
  ask.reply.integer(ask.get(1, StreamContent)?.size ?? 0);
}

function xsetid(ask: CommandContext, request: XsetidRequest): void {
  const { id, entriesAdded, maxDeletedId } = request;
  const stream = ask.get(1, StreamContent);
  if (stream === undefined) ask.refuse(NO_SUCH_KEY);
  const last = stream.entries.at(stream.size - 1);
  const problem = xsetidProblem(ask.store.version, request, stream, last?.id);
  if (problem !== undefined) ask.refuse(problem);
  stream.lastId = id;
  stream.entriesAdded = entriesAdded ?? stream.entriesAdded;
  if (maxDeletedId !== undefined && compareIds(maxDeletedId, LEAST_ID) > 0) {
    stream.maxDeletedId = maxDeletedId;
  }
  ask.notify('xsetid', 1);
  ask.reply.ok();
}

function xrange(ask: CommandContext, { from, to, count, isReversed }: XrangeRequest): void {
  const stream = ask.get(1, StreamContent);
  if (stream !== undefined && count === 0) ask.reply.nilArray();
  else replyEntries(ask, stream?.range(from, to, count, isReversed) ?? []);
}

export function replyEntries(ask: CommandContext, entries: readonly StreamEntry[]): void {
  ask.reply.array(entries.length);
  for (const entry of entries) replyEntry(ask, entry);
}

export function replyEntry({ reply }: CommandContext, { id, texts }: StreamEntry): void {
  reply.array(2);
  reply.bulk(idText(id));
  reply.bulks(texts);
}

/** A stream that has entries for the reader, and the function that writes them. */
export interface Served {
  readonly key: string;
  say(): void;
}

/** Writes the streams that have entries for the reader, or a null if there are none. */
export function replyServed(
  ask: CommandContext,
  { blockMs, first, streams }: XreadRequest,
  served: readonly Served[],
  ids: readonly string[],
): void {
  const { reply } = ask;
  if (served.length === 0) {
    const keys = ask.args.slice(first, first + streams);
    const head = ask.args.slice(0, first);
    waitOr(ask, blockMs, nilArray, {
      keys,
      kind: StreamContent,
      args: [...head, ...keys, ...ids],
      only: (at) => [...head, keys[at]!, ids[at]!],
    });
    return;
  }
  if (reply.protocol === 2) reply.array(served.length);
  else reply.map(served.length);
  for (const { key, say } of served) {
    if (reply.protocol === 2) reply.array(2);
    reply.bulk(key);
    say();
  }
}

function xread(ask: CommandContext, request: XreadRequest): void {
  const { count, first, streams } = request;
  const readings: { key: string; stream: StreamContent | undefined; after: StreamId }[] = [];
  for (let index = first; index < first + streams; index++) {
    const stream = ask.get(index, StreamContent);
    const start = readStart(ask.text(index + streams), false, stream?.lastId ?? LEAST_ID);
    readings.push({ key: ask.text(index), stream, after: ask.allowed(start).after ?? LEAST_ID });
  }
  const served: Served[] = [];
  for (const { key, stream, after } of readings) {
    // A server looks up each key twice.
    if (stream === undefined) ask.data.notify('keymiss', key);
    const entries = stream?.after(after, count) ?? [];
    if (entries.length > 0) served.push({ key, say: () => replyEntries(ask, entries) });
  }
  // An id such as `$` means the entry that was last when the command came.
  const ids = readings.map(({ after }) => idText(after));
  replyServed(ask, request, served, ids);
}

function optionsOf({ store }: CommandContext): StreamOptions {
  return store.version.commands.streamOptions;
}

export const STREAM_ANSWERS: StoreHandlers = {
  xadd: parsed((ask) => parseXadd(ask, ask.limits.settings.streamNodeMaxEntries, optionsOf(ask)), xadd),
  xtrim: parsed((ask) => parseXtrim(ask, ask.limits.settings.streamNodeMaxEntries, optionsOf(ask)), xtrim),
  xdel,
  xdelex,
  xackdel,
  xcfgset,
  xidmprecord: parsed(parseXidmprecord, xidmprecord),
  xlen,
  xsetid: parsed(parseXsetid, xsetid),
  xrange: parsed(parseXrange, xrange),
  xrevrange: parsed(parseXrange, xrange),
  xread: parsed(parseXread, xread),
};
