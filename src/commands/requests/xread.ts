import { echoed, SYNTAX_ERROR } from '../error-texts.js';
import { millisecondsAt } from '../request-numbers.js';
import { RequestReader } from '../request-reader.js';
import type { RequestWords } from '../request-words.js';
import { type StreamId, strictId } from '../stream-id.js';

export interface XreadRequest {
  readonly count: number;
  /** The timeout in milliseconds, 0 for none; undefined if the command does not block. */
  readonly blockMs: number | undefined;
  readonly isNoAck: boolean;
  /** The places of the group and of the consumer; 0 for XREAD. */
  readonly group: number;
  readonly consumer: number;
  /** The place of the first key, and the number of keys. As many ids follow. */
  readonly first: number;
  readonly streams: number;
}

/** XREAD [COUNT n] [BLOCK ms] STREAMS key … id …, and XREADGROUP with GROUP group consumer and [NOACK] */
export function parseXread(words: RequestWords): XreadRequest | string {
  const forGroup = words.name === 'xreadgroup';
  const reader = new RequestReader(words, 1);
  const left = () => words.count - reader.index;
  let count = Infinity;
  let blockMs: number | undefined;
  let isNoAck = false;
  let group = 0;
  while (reader.hasMore) {
    if (reader.takes('BLOCK', 1)) blockMs = reader.orError(millisecondsAt(words, reader.take()), 0);
    else if (reader.takes('COUNT', 1)) {
      const given = reader.integer();
      count = given > 0 ? given : Infinity;
    } else if (reader.takes('STREAMS', 1)) {
      if (left() % 2 === 1) return UNBALANCED;
      if (forGroup && group === 0) return 'ERR Missing GROUP option for XREADGROUP';
      const consumer = forGroup ? group + 1 : 0;
      return { count, blockMs, isNoAck, group, consumer, first: reader.index, streams: left() / 2 };
    } else if (reader.takes('GROUP', 2)) {
      if (!forGroup) return onlyForGroups('GROUP');
      group = reader.take();
      reader.take();
    } else if (reader.takes('NOACK')) {
      if (!forGroup) return onlyForGroups('NOACK');
      isNoAck = true;
    } else reader.refuse();
  }
  return reader.error ?? SYNTAX_ERROR;
}

const UNBALANCED =
  "ERR Unbalanced XREAD list of streams: for each stream key an ID or '$' must be specified.";

function onlyForGroups(option: string): string {
  return `ERR The ${option} option is only supported by XREADGROUP. You called XREAD instead.`;
}

const NEW_ONLY_IN_GROUPS =
  'ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.';
const LAST_NOT_IN_GROUPS =
  'ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer ' +
  'by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set.';

export function noGroup(key: string, group: string): string {
  return `NOGROUP No such key '${echoed(key)}' or consumer group '${echoed(group)}'`;
}

export interface ReadStart {
  /** The id after which entries are read; undefined for entries that no consumer of the group has received. */
  readonly after: StreamId | undefined;
}

/** Returns the start of the read in a stream, or the error. */
export function readStart(text: string, forGroup: boolean, lastId: StreamId): ReadStart | string {
  if (text === '$') return forGroup ? LAST_NOT_IN_GROUPS : { after: lastId };
  if (text === '>') return forGroup ? { after: undefined } : NEW_ONLY_IN_GROUPS;
  const after = strictId(text);
  return typeof after === 'string' ? after : { after };
}
