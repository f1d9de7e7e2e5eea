import { GREATEST_ID, idText, LEAST_ID, NO_SUCH_KEY, noSuchGroup, wrongForm } from '../../commands/index.js';
import type { CommandContext } from '../command-context.js';
import { unsupported } from '../reply-error.js';
import type { StoreHandlers } from '../store-command.js';
import { StreamContent, type StreamEntry } from '../stream-content.js';
import type { StreamGroupContent } from '../stream-group-content.js';
import { replyEntry } from './streams.js';

/** XINFO STREAM | GROUPS key | CONSUMERS key group */
function xinfo(ask: CommandContext): void {
  const stream = ask.get(2, StreamContent);
  if (stream === undefined) ask.refuse(NO_SUCH_KEY);
  if (ask.is(1, 'STREAM')) {
    if (ask.has(3)) {
      ask.refuse(wrongForm(ask));
    }
    describe(ask, stream);
  } else if (ask.is(1, 'GROUPS')) {
    ask.reply.array(stream.groups.size);
    for (const [name, group] of stream.sortedGroups()) describeGroup(ask, stream, name, group);
  } else {
    const group = stream.groups.get(ask.text(3));
    if (group === undefined) {
      ask.refuse(noSuchGroup(ask.text(3), ask.text(2)));
    }
    describeConsumers(ask, group);
  }
}

/** Writes XINFO STREAM. The number of radix tree nodes is that of keys without a common prefix. */
function describe(ask: CommandContext, stream: StreamContent): void {
  const { reply } = ask;
  const number = (name: string, value: number) => {
    reply.bulk(name);
    reply.integer(value);
  };
  const text = (name: string, value: string) => {
    reply.bulk(name);
    reply.bulk(value);
  };
  const entry = (name: string, found: StreamEntry | undefined) => {
    reply.bulk(name);
    if (found === undefined) reply.nil();
    else replyEntry(ask, found);
  };
  reply.map(10);
  number('length', stream.size);
  number('radix-tree-keys', stream.blockCount);
  number('radix-tree-nodes', stream.blockCount + 1);
  text('last-generated-id', idText(stream.lastId));
  text('max-deleted-entry-id', idText(stream.maxDeletedId));
  number('entries-added', stream.entriesAdded);
  text('recorded-first-entry-id', idText(stream.firstId));
  number('groups', stream.groups.size);
  entry('first-entry', stream.range(LEAST_ID, GREATEST_ID, 1)[0]);
  entry('last-entry', stream.range(LEAST_ID, GREATEST_ID, 1, true)[0]);
}

function describeGroup(
  ask: CommandContext,
  stream: StreamContent,
  name: string,
  group: StreamGroupContent,
): void {
  const { reply } = ask;
  const numberOrNil = (value: number | undefined) => {
    if (value === undefined) reply.nil();
    else reply.integer(value);
  };
  reply.map(6);
  reply.bulk('name');
  reply.bulk(name);
  reply.bulk('consumers');
  reply.integer(group.consumers.size);
  reply.bulk('pending');
  reply.integer(group.pending.size);
  reply.bulk('last-delivered-id');
  reply.bulk(idText(group.lastId));
  reply.bulk('entries-read');
  numberOrNil(group.entriesRead);
  reply.bulk('lag');
  numberOrNil(lagOf(stream, group));
}

/** Counts the entries that the group has not received; undefined if the count is not known. */
function lagOf(stream: StreamContent, group: StreamGroupContent): number | undefined {
  if (stream.entriesAdded === 0) return 0;
  const isCounted = group.entriesRead !== undefined && !stream.hasTombstones(group.lastId);
  const known = isCounted ? group.entriesRead : stream.readUpTo(group.lastId);
  return known === undefined ? undefined : stream.entriesAdded - known;
}

function describeConsumers(ask: CommandContext, group: StreamGroupContent): void {
  const { reply, nowMs } = ask;
  const knowsActivity = ask.store.policy.recordsActivity;
  const consumers = group.sortedConsumers();
  reply.array(consumers.length);
  for (const { name, pendingCount, seenMs, activeMs } of consumers) {
    reply.map(knowsActivity ? 4 : 3);
    reply.bulk('name');
    reply.bulk(name);
    reply.bulk('pending');
    reply.integer(pendingCount);
    reply.bulk('idle');
    reply.integer(Math.floor(nowMs - seenMs));
    if (!knowsActivity) continue;
    reply.bulk('inactive');
    reply.integer(activeMs < 0 ? -1 : Math.floor(nowMs - activeMs));
  }
}

function refuseFull([, word = '', , option = '']: readonly string[]): string | undefined {
  const isFull = word.toUpperCase() === 'STREAM' && option.toUpperCase() === 'FULL';
  return isFull ? unsupported('XINFO STREAM FULL') : undefined;
}

export const STREAM_INFO_ANSWERS: StoreHandlers = {
  'xinfo|stream': { handler: xinfo, refusal: refuseFull },
  'xinfo|groups': xinfo,
  'xinfo|consumers': xinfo,
};
