import {
  GREATEST_ID,
  idText,
  integerAt,
  LEAST_ID,
  NO_SUCH_KEY,
  noSuchGroup,
  wrongForm,
} from '../../commands/index.js';
import type { CommandContext } from '../command-context.js';
import type { StoreHandlers } from '../store-command.js';
import { StreamContent, type StreamEntry } from '../stream-content.js';
import type { PendingEntry, StreamGroupContent } from '../stream-group-content.js';
import { replyEntries, replyEntry } from './streams.js';

/** XINFO STREAM key [FULL [COUNT n]] | GROUPS key | CONSUMERS key group */
function xinfo(ask: CommandContext): void {
  const stream = ask.get(2, StreamContent);
  if (stream === undefined) ask.refuse(NO_SUCH_KEY);
  if (ask.is(1, 'STREAM')) {
    const count = ask.has(3) ? fullCount(ask) : undefined;
    describe(ask, stream, count === undefined ? 3 : 2);
    if (count === undefined) describeEnds(ask, stream);
    else describeInFull(ask, stream, count === 0 ? Infinity : count);
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

const DEFAULT_FULL_COUNT = 10;

/** Returns the number of entries in the reply to FULL [COUNT n]; 0 for all of them. */
function fullCount(ask: CommandContext): number {
  const hasCount = ask.count === 6 && ask.is(4, 'COUNT');
  if (!ask.is(3, 'FULL') || (ask.count !== 4 && !hasCount)) ask.refuse(wrongForm(ask));
  const count = hasCount ? ask.allowed(integerAt(ask, 5)) : DEFAULT_FULL_COUNT;
  return count < 0 ? DEFAULT_FULL_COUNT : count;
}

function labelled({ reply }: CommandContext) {
  return {
    number: (name: string, value: number) => {
      reply.bulk(name);
      reply.integer(value);
    },
    text: (name: string, value: string) => {
      reply.bulk(name);
      reply.bulk(value);
    },
    numberOrNil: (name: string, value: number | undefined) => {
      reply.bulk(name);
      if (value === undefined) reply.nil();
      else reply.integer(value);
    },
  };
}

/**
 * Writes what all forms of XINFO STREAM begin with; `more` further fields follow. The number of radix tree nodes is that
 * of keys without a common prefix.
 */
function describe(ask: CommandContext, stream: StreamContent, more: number): void {
  const { number, text } = labelled(ask);
  const { requests: hasRequests } = ask.store.version.commands.streamOptions;
  ask.reply.map(7 + more + (hasRequests ? 6 : 0));
  number('length', stream.size);
  number('radix-tree-keys', stream.blockCount);
  number('radix-tree-nodes', stream.blockCount + 1);
  text('last-generated-id', idText(stream.lastId));
  text('max-deleted-entry-id', idText(stream.maxDeletedId));
  number('entries-added', stream.entriesAdded);
  text('recorded-first-entry-id', idText(stream.firstId));
  if (!hasRequests) return;
  const { requests } = stream;
  requests.expire(ask.nowMs);
  number('idmp-duration', requests.duration);
  number('idmp-maxsize', requests.most);
  number('pids-tracked', requests.producers);
  number('iids-tracked', requests.size);
  number('iids-added', requests.added);
  number('iids-duplicates', requests.repeated);
}

function describeEnds(ask: CommandContext, stream: StreamContent): void {
  const { reply } = ask;
  const entry = (name: string, found: StreamEntry | undefined) => {
    reply.bulk(name);
    if (found === undefined) reply.nil();
    else replyEntry(ask, found);
  };
  labelled(ask).number('groups', stream.groups.size);
  entry('first-entry', stream.range(LEAST_ID, GREATEST_ID, 1)[0]);
  entry('last-entry', stream.range(LEAST_ID, GREATEST_ID, 1, true)[0]);
}

function describeInFull(ask: CommandContext, stream: StreamContent, count: number): void {
  const { reply } = ask;
  const { number, text, numberOrNil } = labelled(ask);
  reply.bulk('entries');
  replyEntries(ask, stream.range(LEAST_ID, GREATEST_ID, count));
  reply.bulk('groups');
  reply.array(stream.groups.size);
  for (const [name, group] of stream.sortedGroups()) {
    reply.map(7);
    text('name', name);
    text('last-delivered-id', idText(group.lastId));
    numberOrNil('entries-read', group.entriesRead);
    numberOrNil('lag', lagOf(stream, group));
    number('pel-count', group.pending.size);
    reply.bulk('pending');
    const pending = group.pending.slice(0, Math.min(count, group.pending.size));
    reply.array(pending.length);
    for (const entry of pending) replyPending(ask, entry, entry.consumer.name);
    describeConsumersInFull(ask, group, count);
  }
}

function describeConsumersInFull(ask: CommandContext, group: StreamGroupContent, count: number): void {
  const { reply } = ask;
  const { number, text } = labelled(ask);
  const knowsActivity = ask.store.policy.recordsActivity;
  const consumers = group.sortedConsumers();
  reply.bulk('consumers');
  reply.array(consumers.length);
  for (const consumer of consumers) {
    reply.map(knowsActivity ? 5 : 4);
    text('name', consumer.name);
    number('seen-time', Math.floor(consumer.seenMs));
    if (knowsActivity) number('active-time', Math.floor(consumer.activeMs));
    number('pel-count', consumer.pendingCount);
    reply.bulk('pending');
    const own = [...group.pending].filter((entry) => entry.consumer === consumer).slice(0, count);
    reply.array(own.length);
    for (const entry of own) replyPending(ask, entry, undefined);
  }
}

function replyPending({ reply }: CommandContext, entry: PendingEntry, consumer: string | undefined): void {
  reply.array(consumer === undefined ? 3 : 4);
  reply.bulk(idText(entry.id));
  if (consumer !== undefined) reply.bulk(consumer);
  reply.integer(Math.floor(entry.deliveredMs));
  reply.integer(entry.deliveries);
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

export const STREAM_INFO_ANSWERS: StoreHandlers = {
  'xinfo|stream': xinfo,
  'xinfo|groups': xinfo,
  'xinfo|consumers': xinfo,
};
