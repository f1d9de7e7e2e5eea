import { latin1 } from '../../base/index.js';
import { Elements } from '../elements.js';
import { Slice } from '../slice.js';
import { type Blob, blobElements, blobReader, readBlob } from './blob.js';
import type { RdbCursor } from './cursor.js';
import type { RdbList, RdbListNode, RdbScored, RdbSet, RdbSortedSet } from './rdb-values.js';

const PLAIN = 1;
const PACKED = 2;

export function readStrings(cursor: RdbCursor, what: string): Elements<Slice> {
  const element = new Slice();
  return new Elements(cursor.count(`the number of ${what}s`, 1), () => cursor.string(element, `a ${what}`));
}

export function readPackedList(cursor: RdbCursor): RdbList {
  const blob = readBlob(cursor, 'ziplist');
  return { kind: 'list', encoding: 'ziplist', blob: blob.slice, elements: blobElements(blob) };
}

/** Reads a quicklist. Its nodes are ziplists, or in the second form listpacks and single large elements. */
export function readQuicklist(cursor: RdbCursor, form: 1 | 2): RdbList {
  const count = cursor.count('the number of list nodes', form);
  const nodes = new Elements(count, (): RdbListNode => {
    const container = form === 1 ? PACKED : cursor.length('the kind of a list node');
    if (container === PLAIN) return plainNode(cursor);
    if (container !== PACKED) throw cursor.damaged(`a list node of the unknown kind ${container}`);
    const blob = readBlob(cursor, form === 1 ? 'ziplist' : 'listpack');
    const encoding = form === 1 ? 'ziplist' : 'listpack';
    return { encoding, blob: blob.slice, elements: blobElements(blob) };
  });
  return { kind: 'list', encoding: 'quicklist', nodes };
}

function plainNode(cursor: RdbCursor): RdbListNode {
  const blob = cursor.string(new Slice(), 'a large list element');
  if (blob.length === 0) throw cursor.damaged('a large list element without a byte');
  return { encoding: 'plain', blob, elements: new Elements(1, () => blob) };
}

export function readPackedSet(cursor: RdbCursor, encoding: 'intset' | 'listpack'): RdbSet {
  const blob = readBlob(cursor, encoding);
  return { kind: 'set', encoding, blob: blob.slice, elements: blobElements(blob) };
}

export function readSortedSet(cursor: RdbCursor, readScore: (cursor: RdbCursor) => number): RdbSortedSet {
  const scored: RdbScored = { member: new Slice(), score: 0 };
  const elements = new Elements(cursor.count('the number of members', 2), () => {
    cursor.heldString(scored.member, 'a member');
    scored.score = readScore(cursor);
    cursor.release(scored.member);
    if (Number.isNaN(scored.score)) throw cursor.damaged('a score that is not a number');
    return scored;
  });
  return { kind: 'zset', encoding: 'skiplist', blob: undefined, elements };
}

/** Reads a score as text with one byte of length. Three lengths stand for the infinities and NaN. */
export function textScore(cursor: RdbCursor): number {
  const length = cursor.byte();
  if (length === 255) return Number.NEGATIVE_INFINITY;
  if (length === 254) return Number.POSITIVE_INFINITY;
  if (length === 253) return Number.NaN;
  const start = cursor.take(length);
  const { bytes } = cursor.window;
  return scoreOf(latin1(bytes, start, start + length));
}

export function readPackedSortedSet(cursor: RdbCursor, encoding: 'ziplist' | 'listpack'): RdbSortedSet {
  const at = cursor.position;
  const blob = readBlob(cursor, encoding, 2);
  const elements = scoredElements(blob);
  // A score is text in the blob, so a second walk checks that it is a number.
  for (const { score } of scoredElements(blob)) {
    if (Number.isNaN(score)) throw cursor.damaged('a score that is not a number', at);
  }
  return { kind: 'zset', encoding, blob: blob.slice, elements };
}

function scoredElements(blob: Blob): Elements<RdbScored> {
  const read = blobReader(blob);
  const scored: RdbScored = { member: new Slice(), score: 0 };
  const score = new Slice();
  return new Elements(blob.count / 2, () => {
    read(scored.member);
    read(score);
    scored.score = scoreOf(score.asText());
    return scored;
  });
}

function scoreOf(text: string): number {
  if (/^[-+]?inf$/i.test(text)) {
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  return text === '' ? Number.NaN : Number(text);
}
