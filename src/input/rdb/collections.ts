import { latin1 } from '../../base/index.js';
import { Elements } from '../elements.js';
import { Slice } from '../slice.js';
import { type Blob, BlobElements, blobElements, blobReader, readBlob } from './blob.js';
import type { RdbCursor } from './cursor.js';
import type { RdbList, RdbListNode, RdbScored, RdbSet, RdbSortedSet } from './rdb-values.js';

const PLAIN = 1;
const PACKED = 2;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

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
  checkScores(cursor, blob, at);
  return { kind: 'zset', encoding, blob: blob.slice, elements: scoredElements(blob) };
}

/** Walks a blob again to check its scores, which are numbers or texts of numbers. */
function checkScores(cursor: RdbCursor, { slice, encoding }: Blob, at: number): void {
  const walker = cursor.checker.begin(encoding, slice);
  const score = cursor.scratch;
  while (walker.next() && walker.next()) {
    if (walker.integer !== undefined) continue;
    walker.into(score);
    const { bytes, start, length } = score;
    if (!isPlainDecimal(bytes, start, length) && Number.isNaN(scoreOf(score.asText()))) {
      throw cursor.damaged('a score that is not a number', at);
    }
  }
}

/** Whether a text is digits with a point between them, which needs no parser. */
function isPlainDecimal(bytes: Uint8Array, start: number, length: number): boolean {
  let points = 0;
  for (let at = start; at < start + length; at++) {
    const byte = bytes[at]!;
    if (byte === POINT && at > start) points++;
    else if (byte < ZERO || byte > NINE) return false;
  }
  return length > 0 && points <= 1;
}

/** Returns the elements of a blob of members and scores. */
export function scoredElements(blob: Blob): Elements<RdbScored> {
  const read = blobReader(blob);
  let scored: RdbScored | undefined;
  let score: Slice | undefined;
  return new BlobElements(blob.count / 2, () => {
    scored ??= { member: new Slice(), score: 0 };
    score ??= new Slice();
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
