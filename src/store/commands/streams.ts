import {
  compareIds,
  idText,
  LEAST_ID,
  NO_SUCH_KEY,
  newId,
  parseIds,
  parseXadd,
  parseXrange,
  parseXread,
  parseXsetid,
  parseXtrim,
  readStart,
  type StreamId,
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
import { refuseToWait, waiting } from './waiting.js';

function xadd(ask: CommandContext, { trimming, makesStream, id: at }: XaddRequest): void {
  let stream = ask.get(1, StreamContent);
  if (stream === undefined && !makesStream) {
    ask.reply.nil();
    return;
  }
  const isNew = stream === undefined;
  stream ??= new StreamContent(ask.limits);
  if (isNew) ask.add(1, stream);
  const id = ask.allowed(newId(ask.text(at), stream.lastId, ask.nowMs));
  stream.append(id, ask.args.slice(at + 1));
  if (trimming !== undefined) stream.trim(trimming);
  ask.touch(1);
  ask.reply.bulk(idText(id));
}

function xtrim(ask: CommandContext, trimming: Trimming): void {
  const removed = ask.get(1, StreamContent)?.trim(trimming) ?? 0;
  if (removed > 0) ask.touch(1);
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
  if (deleted > 0) ask.touch(1);
  ask.reply.integer(deleted);
}

function xlen(ask: CommandContext): void {
  ask.reply.integer(ask.get(1, StreamContent)?.size ?? 0);
}

function xsetid(ask: CommandContext, request: XsetidRequest): void {
  const { id, entriesAdded, maxDeletedId } = request;
  const stream = ask.get(1, StreamContent);
  if (stream === undefined) ask.refuse(NO_SUCH_KEY);
  const last = stream.entries.at(stream.size - 1);
  const problem = last === undefined ? undefined : xsetidProblem(request, last.id, stream.size);
  if (problem !== undefined) ask.refuse(problem);
  stream.lastId = id;
  stream.entriesAdded = entriesAdded ?? stream.entriesAdded;
  if (maxDeletedId !== undefined && compareIds(maxDeletedId, LEAST_ID) > 0) {
    stream.maxDeletedId = maxDeletedId;
  }
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
export function replyServed(ask: CommandContext, { blockMs }: XreadRequest, served: readonly Served[]): void {
  const { reply } = ask;
  if (served.length === 0) {
    if (blockMs !== undefined) refuseToWait(ask);
    reply.nilArray();
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
    const entries = stream?.after(after, count) ?? [];
    if (entries.length > 0) served.push({ key, say: () => replyEntries(ask, entries) });
  }
  replyServed(ask, request, served);
}

export const STREAM_ANSWERS: StoreHandlers = {
  xadd: parsed((ask) => parseXadd(ask, ask.limits.settings.streamNodeMaxEntries), xadd),
  xtrim: parsed((ask) => parseXtrim(ask, ask.limits.settings.streamNodeMaxEntries), xtrim),
  xdel,
  xlen,
  xsetid: parsed(parseXsetid, xsetid),
  xrange: parsed(parseXrange, xrange),
  xrevrange: parsed(parseXrange, xrange),
  xread: waiting('XREAD', parsed(parseXread, xread)),
};
