import {
  compareIds,
  GREATEST_ID,
  LEAST_ID,
  parseId,
  type StreamId,
  type StreamRequest,
  streamRequest,
} from '../../commands/index.js';
import type { CommandContext } from '../command-context.js';
import { syntaxError } from '../reply-error.js';
import type { StoreHandlers } from '../store-command.js';
import { StreamContent, type StreamEntry } from '../stream-content.js';
import { idAfter, idText, rangeId, strictId } from '../stream-ids.js';

function requestOf(ask: CommandContext, isAdd: boolean): StreamRequest {
  return ask.allowed(streamRequest(ask, isAdd, ask.limits.settings.streamNodeMaxEntries));
}

function xadd(ask: CommandContext): void {
  const { trimming, makesStream, next } = requestOf(ask, true);
  const texts = ask.args.slice(next + 1);
  if (texts.length < 2 || texts.length % 2 === 1) {
    ask.refuse("ERR wrong number of arguments for 'xadd' command");
  }
  const given = ask.text(next);
  if (given === '0-0' || given === '0') ask.refuse('ERR The ID specified in XADD must be greater than 0-0');
  let stream = ask.get(1, StreamContent);
  if (stream === undefined && !makesStream) {
    ask.reply.nil();
    return;
  }
  const isNew = stream === undefined;
  stream ??= new StreamContent(ask.limits);
  if (isNew) ask.add(1, stream);
  const id = newId(given, stream.lastId, ask.nowMs);
  if (id === undefined || compareIds(id, stream.lastId) <= 0) {
    ask.refuse('ERR The ID specified in XADD is equal or smaller than the target stream top item');
  }
  stream.append(id, texts);
  if (trimming !== undefined) stream.trim(trimming);
  ask.touch(1);
  ask.reply.bulk(idText(id));
}

/** "*" is by the clock, "ms-*" the next of that millisecond. */
function newId(text: string, last: StreamId, nowMs: number): StreamId | undefined {
  if (text === '*') {
    const ms = Math.floor(nowMs);
    return ms > last.ms ? { ms, seq: 0 } : idAfter(last);
  }
  if (!text.endsWith('-*')) return parseId(text, 0);
  const id = parseId(text.slice(0, -2), 0);
  return id !== undefined && id.ms === last.ms ? { ms: last.ms, seq: last.seq + 1 } : id;
}

function xtrim(ask: CommandContext): void {
  const { trimming } = requestOf(ask, false);
  const removed = ask.get(1, StreamContent)?.trim(trimming!) ?? 0;
  if (removed > 0) ask.touch(1);
  ask.reply.integer(removed);
}

function xdel(ask: CommandContext): void {
  const stream = ask.get(1, StreamContent);
  if (stream === undefined) {
    ask.reply.integer(0);
    return;
  }
  const ids = ask.args.slice(2).map((text) => strictId(ask, text));
  const deleted = ids.filter((id) => stream.delete(id)).length;
  if (deleted > 0) ask.touch(1);
  ask.reply.integer(deleted);
}

function xlen(ask: CommandContext): void {
  ask.reply.integer(ask.get(1, StreamContent)?.size ?? 0);
}

/** XSETID key id [ENTRIESADDED n] [MAXDELETEDID id] */
function xsetid(ask: CommandContext): void {
  const id = strictId(ask, ask.text(2));
  let added: number | undefined;
  let deletedId: StreamId | undefined;
  for (let index = 3; index < ask.count; index += 2) {
    if (ask.is(index, 'ENTRIESADDED') && ask.has(index + 1)) {
      added = ask.integer(index + 1);
      if (added < 0) ask.refuse('ERR entries_added must be positive');
    } else if (ask.is(index, 'MAXDELETEDID') && ask.has(index + 1)) {
      deletedId = strictId(ask, ask.text(index + 1));
      if (compareIds(id, deletedId) < 0) {
        ask.refuse('ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id');
      }
    } else throw syntaxError();
  }
  const stream = ask.get(1, StreamContent);
  if (stream === undefined) ask.refuse('ERR no such key');
  const last = stream.entries.at(stream.size - 1);
  if (last !== undefined && compareIds(id, last.id) < 0) {
    ask.refuse('ERR The ID specified in XSETID is smaller than the target stream top item');
  }
  if (last !== undefined && added !== undefined && stream.size > added) {
    ask.refuse('ERR The entries_added specified in XSETID is smaller than the target stream length');
  }
  stream.lastId = id;
  stream.entriesAdded = added ?? stream.entriesAdded;
  if (deletedId !== undefined && compareIds(deletedId, LEAST_ID) > 0) stream.maxDeletedId = deletedId;
  ask.reply.ok();
}

function xrange(isReversed: boolean) {
  return (ask: CommandContext): void => {
    const from = rangeId(ask, ask.text(isReversed ? 3 : 2), true);
    const to = rangeId(ask, ask.text(isReversed ? 2 : 3), false);
    let count = Infinity;
    for (let index = 4; index < ask.count; index += 2) {
      if (!ask.is(index, 'COUNT') || !ask.has(index + 1)) throw syntaxError();
      count = Math.max(0, ask.integer(index + 1));
    }
    const stream = ask.get(1, StreamContent);
    if (stream !== undefined && count === 0) ask.reply.nilArray();
    else replyEntries(ask, stream?.range(from, to, count, isReversed) ?? []);
  };
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

/** What XREAD and XREADGROUP ask for. */
export interface ReadRequest {
  readonly count: number;
  readonly isNoAck: boolean;
  readonly group: string | undefined;
  readonly consumer: string;
  /** The first key, and how many there are; as many ids follow. */
  readonly first: number;
  readonly streams: number;
}

export function readRequest(ask: CommandContext): ReadRequest {
  const forGroup = ask.spec.name === 'xreadgroup';
  let count = Infinity;
  let isNoAck = false;
  let group: string | undefined;
  let consumer = '';
  for (let index = 1; index < ask.count; index++) {
    const left = ask.count - index - 1;
    if (ask.is(index, 'COUNT') && left >= 1) {
      const given = ask.integer(++index);
      count = given > 0 ? given : Infinity;
    } else if (ask.is(index, 'STREAMS') && left >= 1) {
      if (left % 2 === 1) ask.refuse(UNBALANCED);
      if (forGroup && group === undefined) ask.refuse('ERR Missing GROUP option for XREADGROUP');
      return { count, isNoAck, group, consumer, first: index + 1, streams: left / 2 };
    } else if (ask.is(index, 'GROUP') && left >= 2) {
      if (!forGroup) ask.refuse(onlyForGroups('GROUP'));
      group = ask.text(++index);
      consumer = ask.text(++index);
    } else if (ask.is(index, 'NOACK')) {
      if (!forGroup) ask.refuse(onlyForGroups('NOACK'));
      isNoAck = true;
    } else throw syntaxError();
  }
  throw syntaxError();
}

const UNBALANCED =
  "ERR Unbalanced XREAD list of streams: for each stream key an ID or '$' must be specified.";

function onlyForGroups(option: string): string {
  return `ERR The ${option} option is only supported by XREADGROUP. You called XREAD instead.`;
}

/** What is said of a stream that has something for the reader. */
export interface Served {
  readonly key: string;
  say(): void;
}

/** Nothing, or the streams that have something, with what they have. */
export function replyServed({ reply }: CommandContext, served: readonly Served[]): void {
  if (served.length === 0) {
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

const NEW_ONLY_IN_GROUPS =
  'ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.';

function xread(ask: CommandContext): void {
  const { count, first, streams } = readRequest(ask);
  const asked: { key: string; stream: StreamContent | undefined; after: StreamId }[] = [];
  for (let index = first; index < first + streams; index++) {
    const stream = ask.get(index, StreamContent);
    const text = ask.text(index + streams);
    if (text === '>') ask.refuse(NEW_ONLY_IN_GROUPS);
    const after = text === '$' ? (stream?.lastId ?? LEAST_ID) : strictId(ask, text);
    asked.push({ key: ask.text(index), stream, after });
  }
  const served: Served[] = [];
  for (const { key, stream, after } of asked) {
    const entries = stream?.range(idAfter(after), GREATEST_ID, count) ?? [];
    if (entries.length > 0) served.push({ key, say: () => replyEntries(ask, entries) });
  }
  replyServed(ask, served);
}

/** BLOCK would have to wait. */
export function refuseBlock(args: readonly string[]): string | undefined {
  for (const arg of args.slice(1)) {
    const word = arg.toUpperCase();
    if (word === 'STREAMS') return undefined;
    if (word === 'BLOCK') return 'ERR slablab serve without an upstream does not wait: no BLOCK';
  }
  return undefined;
}

export const STREAM_ANSWERS: StoreHandlers = {
  xadd,
  xtrim,
  xdel,
  xlen,
  xsetid,
  xrange: xrange(false),
  xrevrange: xrange(true),
  xread: { handler: xread, refusal: refuseBlock },
};
