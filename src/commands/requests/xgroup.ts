import { echoed } from '../error-texts.js';
import { RequestReader } from '../request-reader.js';
import type { RequestWords } from '../request-words.js';
import { rangeId, type StreamId, strictId } from '../stream-id.js';

export interface XgroupRequest {
  readonly makesStream: boolean;
  /** The number of entries read; undefined if it is unknown. */
  readonly entriesRead: number | undefined;
}

/** XGROUP CREATE key group id [MKSTREAM] [ENTRIESREAD n] and XGROUP SETID key group id [ENTRIESREAD n] */
export function parseXgroup(words: RequestWords): XgroupRequest | string {
  const isCreate = words.is(1, 'CREATE');
  const reader = new RequestReader(words, 5);
  let makesStream = false;
  let entriesRead: number | undefined;
  while (reader.hasMore) {
    if (isCreate && reader.takes('MKSTREAM')) makesStream = true;
    else if (reader.takes('ENTRIESREAD', 1)) {
      const given = reader.integer();
      if (given < -1) reader.refuse('ERR value for ENTRIESREAD must be positive or -1');
      entriesRead = given === -1 ? undefined : given;
    } else reader.refuse(wrongForm(words));
  }
  return reader.error ?? { makesStream, entriesRead };
}

/** Returns the error of a subcommand with unexpected words. */
export function wrongForm(words: RequestWords): string {
  const [container = ''] = words.name.toUpperCase().split('|');
  return `ERR unknown subcommand or wrong number of arguments for '${words.text(1)}'. Try ${container} HELP.`;
}

export const NEEDS_STREAM =
  'ERR The XGROUP subcommand requires the key to exist. ' +
  'Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.';
export const GROUP_EXISTS = 'BUSYGROUP Consumer Group name already exists';

export function noSuchGroup(group: string, key: string): string {
  return `NOGROUP No such consumer group '${echoed(group)}' for key name '${echoed(key)}'`;
}

/** Returns the id after which a group reads, as CREATE and SETID give it, or the error. */
export function parseGroupStart(words: RequestWords, lastId: StreamId): StreamId | string {
  const isSetid = words.is(1, 'SETID');
  // A server counts the words after it has looked up the group.
  if (words.count > (isSetid ? 7 : 8)) return wrongForm(words);
  const text = words.text(4);
  if (text === '$') return lastId;
  const isEnd = isSetid && (text === '-' || text === '+');
  return isEnd ? rangeId(text, true) : strictId(text);
}
