import { compareIds, GREATEST_ID, LEAST_ID, type StreamId } from '../../commands/index.js';
import type { CommandContext } from '../command-context.js';
import { syntaxError } from '../reply-error.js';
import type { StoreHandlers } from '../store-command.js';
import { StreamContent, type StreamEntry } from '../stream-content.js';
import { type PendingEntry, StreamGroupContent } from '../stream-group-content.js';
import { idAfter, idText, rangeId, strictId } from '../stream-ids.js';
import { readRequest, refuseBlock, replyEntries, replyEntry, replyServed, type Served } from './streams.js';

const NEEDS_KEY =
  'ERR The XGROUP subcommand requires the key to exist. ' +
  'Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.';

/** XGROUP CREATE | SETID | DESTROY | CREATECONSUMER | DELCONSUMER key group … */
function xgroup(ask: CommandContext): void {
  const word = ask.text(1).toUpperCase();
  const { makes, entriesRead } = groupOptions(ask, word);
  let stream = ask.get(2, StreamContent);
  if (stream === undefined && !makes) ask.refuse(NEEDS_KEY);
  const name = ask.text(3);
  const group = stream?.groups.get(name);
  if (group === undefined && !makes && word !== 'CREATE' && word !== 'DESTROY') {
    ask.refuse(`NOGROUP No such consumer group '${name}' for key name '${ask.text(2)}'`);
  }
  if (word === 'CREATE') {
    const id = ask.text(4) === '$' ? (stream?.lastId ?? LEAST_ID) : strictId(ask, ask.text(4));
    if (stream === undefined) {
      stream = new StreamContent(ask.limits);
      ask.put(2, stream);
    }
    if (group !== undefined) ask.refuse('BUSYGROUP Consumer Group name already exists');
    stream.groups.set(name, new StreamGroupContent(id, entriesRead));
    ask.reply.ok();
  } else if (word === 'DESTROY') {
    stream?.groups.delete(name);
    ask.reply.integer(group === undefined ? 0 : 1);
  } else {
    onGroup(ask, word, stream!, group!, entriesRead);
  }
}

function onGroup(
  ask: CommandContext,
  word: string,
  stream: StreamContent,
  group: StreamGroupContent,
  entriesRead: number | undefined,
): void {
  const name = ask.text(4);
  if (word === 'SETID') {
    group.lastId = name === '$' ? stream.lastId : strictId(ask, name);
    group.entriesRead = entriesRead;
    ask.reply.ok();
  } else if (word === 'CREATECONSUMER') {
    const isNew = !group.consumers.has(name);
    if (isNew) group.consumerFor(name, ask.nowMs);
    ask.reply.integer(isNew ? 1 : 0);
  } else {
    ask.reply.integer(group.removeConsumer(name));
  }
}

function groupOptions(
  ask: CommandContext,
  word: string,
): { makes: boolean; entriesRead: number | undefined } {
  let makes = false;
  let entriesRead: number | undefined;
  const mayRead = word === 'CREATE' || word === 'SETID';
  for (let index = 5; index < ask.count; index++) {
    if (word === 'CREATE' && ask.is(index, 'MKSTREAM')) makes = true;
    else if (mayRead && ask.is(index, 'ENTRIESREAD') && ask.has(index + 1)) {
      const given = ask.integer(++index);
      if (given < -1) ask.refuse('ERR value for ENTRIESREAD must be positive or -1');
      entriesRead = given === -1 ? undefined : given;
    } else ask.refuse(subcommandSyntax(ask));
  }
  return { makes, entriesRead };
}

function subcommandSyntax(ask: CommandContext): string {
  const { name } = ask.spec;
  return `ERR unknown subcommand or wrong number of arguments for '${ask.text(1)}'. Try ${name.toUpperCase()} HELP.`;
}

const NOTHING_NEW =
  'ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer ' +
  'by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set.';

/** XREADGROUP GROUP group consumer [COUNT n] [NOACK] STREAMS key … id … */
function xreadgroup(ask: CommandContext): void {
  const { count, isNoAck, group: name = '', consumer, first, streams } = readRequest(ask);
  const asked: { key: string; stream: StreamContent; group: StreamGroupContent; after?: StreamId }[] = [];
  for (let index = first; index < first + streams; index++) {
    const stream = ask.get(index, StreamContent);
    const key = ask.text(index);
    const group = stream?.groups.get(name);
    if (stream === undefined || group === undefined) {
      ask.refuse(`NOGROUP No such key '${key}' or consumer group '${name}' in XREADGROUP with GROUP option`);
    }
    const text = ask.text(index + streams);
    if (text === '$') ask.refuse(NOTHING_NEW);
    asked.push(text === '>' ? { key, stream, group } : { key, stream, group, after: strictId(ask, text) });
  }
  const served: Served[] = [];
  for (const { key, stream, group, after } of asked) {
    if (after !== undefined) {
      const owner = group.consumerFor(consumer, ask.nowMs);
      const again = group.pendingFrom(idAfter(after)).filter((entry) => entry.consumer === owner);
      served.push({ key, say: () => replyHistory(ask, stream, again.slice(0, count)) });
      for (const entry of again.slice(0, count)) {
        if (stream.get(entry.id) === undefined) continue;
        entry.deliveredMs = ask.nowMs;
        entry.deliveries++;
      }
      continue;
    }
    if (ask.store.policy.makesIdleConsumers) group.consumerFor(consumer, ask.nowMs);
    const entries = stream.range(idAfter(group.lastId), GREATEST_ID, count);
    if (entries.length === 0) continue;
    deliver(ask, stream, group, consumer, entries, isNoAck);
    served.push({ key, say: () => replyEntries(ask, entries) });
  }
  replyServed(ask, served);
}

function deliver(
  ask: CommandContext,
  stream: StreamContent,
  group: StreamGroupContent,
  name: string,
  entries: readonly StreamEntry[],
  isNoAck: boolean,
): void {
  const consumer = group.consumerFor(name, ask.nowMs);
  consumer.activeMs = ask.nowMs;
  for (const { id } of entries) {
    if (group.entriesRead !== undefined && !stream.hasTombstones(id)) group.entriesRead++;
    else if (stream.entriesAdded > 0) group.entriesRead = stream.readUpTo(id);
    group.lastId = id;
    if (!isNoAck) group.assign(id, consumer, ask.nowMs).deliveries = 1;
  }
}

/** Entries that were given out before; of those that have been deleted, the id. */
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
  const ids = ask.args.slice(3).map((text) => strictId(ask, text));
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
    ask.refuse(`NOGROUP No such key '${ask.text(1)}' or consumer group '${ask.text(2)}'`);
  }
  return { stream, group };
}

interface ClaimOptions {
  deliveredMs: number;
  retries: number;
  isForced: boolean;
  justIds: boolean;
  lastId: StreamId;
}

/** XCLAIM key group consumer min-idle id … [IDLE ms] [TIME ms] [RETRYCOUNT n] [FORCE] [JUSTID] [LASTID id] */
function xclaim(ask: CommandContext): void {
  const { stream, group } = placeAt(ask);
  const minIdle = ask.integer(4, 'ERR Invalid min-idle-time argument for XCLAIM');
  let end = 5;
  while (ask.has(end) && /^\d{1,20}(-\d{1,20})?$/.test(ask.text(end))) end++;
  const options = claimOptions(ask, end);
  if (compareIds(options.lastId, group.lastId) > 0) group.lastId = options.lastId;
  const { makesIdleConsumers } = ask.store.policy;
  if (makesIdleConsumers) group.consumerFor(ask.text(3), ask.nowMs);
  const claimed: StreamEntry[] = [];
  for (let index = 5; index < end; index++) {
    const id = strictId(ask, ask.text(index));
    const entry = stream.get(id);
    if (entry === undefined) {
      group.acknowledge(id);
      continue;
    }
    const known = group.pendingAt(id);
    if (known === undefined && !options.isForced) continue;
    if (known !== undefined && minIdle > 0 && ask.nowMs - known.deliveredMs < minIdle) continue;
    const consumer = group.consumerFor(ask.text(3), ask.nowMs);
    consumer.activeMs = ask.nowMs;
    const pending = group.assign(id, consumer, options.deliveredMs);
    // One that FORCE made counts as given out once.
    if (known === undefined) pending.deliveries = 1;
    if (options.retries >= 0) pending.deliveries = options.retries;
    else if (!options.justIds) pending.deliveries++;
    claimed.push(entry);
  }
  replyClaimed(ask, claimed, options.justIds);
}

function claimOptions(ask: CommandContext, from: number): ClaimOptions {
  let given = -1;
  const found = { deliveredMs: 0, retries: -1, isForced: false, justIds: false, lastId: LEAST_ID };
  for (let index = from; index < ask.count; index++) {
    const hasNext = ask.has(index + 1);
    const numberOf = (what: string) => ask.integer(++index, `ERR Invalid ${what} option argument for XCLAIM`);
    if (ask.is(index, 'FORCE')) found.isForced = true;
    else if (ask.is(index, 'JUSTID')) found.justIds = true;
    else if (hasNext && ask.is(index, 'IDLE')) given = ask.nowMs - numberOf('IDLE');
    else if (hasNext && ask.is(index, 'TIME')) given = numberOf('TIME');
    else if (hasNext && ask.is(index, 'RETRYCOUNT')) found.retries = numberOf('RETRYCOUNT');
    else if (hasNext && ask.is(index, 'LASTID')) found.lastId = strictId(ask, ask.text(++index));
    else ask.refuse(`ERR Unrecognized XCLAIM option '${ask.text(index)}'`);
  }
  found.deliveredMs = given < 0 || given > ask.nowMs ? ask.nowMs : given;
  return found;
}

function replyClaimed(ask: CommandContext, entries: readonly StreamEntry[], justIds: boolean): void {
  if (justIds) ask.reply.bulks(entries.map(({ id }) => idText(id)));
  else replyEntries(ask, entries);
}

/** Entries that XAUTOCLAIM looks at for each that it is asked for. */
const ATTEMPTS = 10;

/** XAUTOCLAIM key group consumer min-idle start [COUNT n] [JUSTID] */
function xautoclaim(ask: CommandContext): void {
  const minIdle = ask.integer(4, 'ERR Invalid min-idle-time argument for XAUTOCLAIM');
  const start = rangeId(ask, ask.text(5), true);
  let count = 100;
  let justIds = false;
  for (let index = 6; index < ask.count; index++) {
    if (ask.is(index, 'COUNT') && ask.has(index + 1)) {
      count = ask.integer(++index, 'ERR COUNT must be > 0');
      if (count < 1 || count > 2 ** 59) ask.refuse('ERR COUNT must be > 0');
    } else if (ask.is(index, 'JUSTID')) justIds = true;
    else throw syntaxError();
  }
  const { stream, group } = placeAt(ask);
  if (ask.store.policy.makesIdleConsumers) group.consumerFor(ask.text(3), ask.nowMs);
  const looked = group.pendingFrom(start);
  const claimed: StreamEntry[] = [];
  const deleted: string[] = [];
  let at = 0;
  for (let left = count * ATTEMPTS; left > 0 && at < looked.length; left--) {
    if (claimed.length + deleted.length === count) break;
    const { id, deliveredMs } = looked[at++]!;
    const entry = stream.get(id);
    if (entry === undefined) {
      group.acknowledge(id);
      deleted.push(idText(id));
    } else if (minIdle <= 0 || ask.nowMs - deliveredMs >= minIdle) {
      const consumer = group.consumerFor(ask.text(3), ask.nowMs);
      consumer.activeMs = ask.nowMs;
      const pending = group.assign(id, consumer, ask.nowMs);
      if (!justIds) pending.deliveries++;
      claimed.push(entry);
    }
  }
  ask.reply.array(3);
  ask.reply.bulk(idText(looked[at]?.id ?? LEAST_ID));
  replyClaimed(ask, claimed, justIds);
  ask.reply.bulks(deleted);
}

/** XPENDING key group [[IDLE ms] start end count [consumer]] */
function xpending(ask: CommandContext): void {
  if (ask.count !== 3 && (ask.count < 6 || ask.count > 9)) throw syntaxError();
  if (ask.count === 3) {
    summarize(ask, placeAt(ask).group);
    return;
  }
  let minIdle = 0;
  let at = 3;
  if (ask.is(3, 'IDLE')) {
    minIdle = ask.integer(4);
    if (ask.count < 8) throw syntaxError();
    at = 5;
  }
  const count = ask.integer(at + 2);
  const start = rangeId(ask, ask.text(at), true);
  const end = rangeId(ask, ask.text(at + 1), false);
  const { group } = placeAt(ask);
  const consumer = ask.has(at + 3) ? ask.text(at + 3) : undefined;
  const shown: PendingEntry[] = [];
  for (const pending of group.pendingFrom(start)) {
    if (shown.length >= count || compareIds(pending.id, end) > 0) break;
    if (minIdle > 0 && ask.nowMs - pending.deliveredMs < minIdle) continue;
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

/** How many, the first, the last, and how many of each consumer that has any. */
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
  xreadgroup: { handler: xreadgroup, refusal: refuseBlock },
  xack,
  xclaim,
  xautoclaim,
  xpending,
};
