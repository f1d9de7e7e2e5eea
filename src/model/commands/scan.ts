import { parseCursor, parseScan, type ScanRequest } from '../../commands/index.js';
import { decimalLength } from '../client/index.js';
import { StructKind, sdsBytes } from '../heap/index.js';
import { patternSlot, type SlotRange, TYPE_NAMES, type ValueModel } from '../keyspace/index.js';
import type { Call, Handlers } from '../server/index.js';
import { HashValue, SetValue, SortedSetValue, scoreReply, scoreText } from '../values/index.js';
import { clusterCursorText, parseClusterScan } from './cluster-scan.js';
import { modelAt } from './container-call.js';
import { orReplyError, parsed } from './parsed.js';
import { freeTemporary, newTemporaryString } from './string-objects.js';

/** A name in the list of results. */
interface Found {
  readonly name: Uint8Array;
  /** The lengths of the name and of its value or score, if it has one. */
  readonly lengths: readonly number[];
  /** The handles that are freed for each of them, the list node last. */
  readonly parts: readonly (readonly number[])[];
}

function scan(call: Call, from: number): void {
  const { version, server } = call;
  const request = orReplyError(call, parseScan(call, version.commands.scan));
  if (request === undefined) return;
  const { pattern } = request;
  const slot = server.isCluster && pattern !== undefined ? patternSlot(pattern) : undefined;
  const slots = slot === undefined ? undefined : { first: slot, last: slot };
  scanKeys(call, request, from, slots, (cursor) => decimalLength(cursor));
}

const clusterScan = parsed(
  (call) => parseClusterScan(call, call.version.commands.scan, call.server.isCluster),
  (call, plan) => {
    if ('cursorText' in plan) {
      call.reply.array(2);
      call.reply.bulk(plan.cursorText.length);
      call.reply.array(0);
    } else {
      const { request, cursor, slots } = plan;
      scanKeys(call, request, cursor, slots, (next) => clusterCursorText(next).length);
    }
  },
);

/** `cursorLength` returns the length of a cursor in the reply. */
function scanKeys(
  call: Call,
  { count, matches, type }: ScanRequest,
  from: number,
  slots: SlotRange | undefined,
  cursorLength: (cursor: number) => number,
): void {
  const { db, keyspace } = call;
  let cursor = from;
  const filtersFirst = call.version.commands.filtersScanFirst;
  const list = newList(call);
  const found: (Found & { readonly row: number })[] = [];
  let sampled = 0;
  let iterations = count * 10;
  do {
    const take = (row: number) => {
      sampled++;
      const name = keyspace.nameOf(row);
      if (filtersFirst && !matches(name)) return;
      found.push({
        ...collected(call, name, [name.length], { isBorrowed: filtersFirst, isTable: true }),
        row,
      });
    };
    cursor = db.keys.scan(cursor, take, undefined, slots);
  } while (cursor !== 0 && iterations-- > 0 && (filtersFirst ? sampled : found.length) < count);
  const kept: Found[] = [];
  for (const one of found) {
    const { row, name } = one;
    let isKept =
      (filtersFirst || matches(name)) && (type === undefined || TYPE_NAMES[call.typeOf(row)] === type);
    const expiry = keyspace.expiryOf(row);
    if (isKept && expiry !== 0 && expiry < call.nowMs) {
      db.delete(row, call.settings.lazyfreeLazyExpire);
      isKept = false;
    }
    if (isKept) kept.push(one);
    else for (const parts of one.parts) freeTemporary(call, parts);
  }
  growList(call, list, found.length);
  replyFound(call, cursorLength(cursor), kept);
  call.heap.free(list);
}

/** An element of the array that SCAN collects names in, and the room of a new array. */
const COLLECTED_BYTES = 16;
const FIRST_ROOM = 24;

/** Allocates the list or the array of the results. */
function newList({ heap, version }: Call): number {
  const bytes = version.commands.scansIntoArray ? COLLECTED_BYTES * FIRST_ROOM : version.sizes.list;
  return heap.malloc(bytes, StructKind.temporary);
}

/** Doubles the array of the results until it has room for so many. */
function growList({ heap, version }: Call, list: number, count: number): void {
  if (!version.commands.scansIntoArray) return;
  for (let room = FIRST_ROOM; room < count; ) {
    room *= 2;
    heap.realloc(list, room * COLLECTED_BYTES, StructKind.temporary);
  }
}

type Scannable = SetValue | HashValue | SortedSetValue;

/** SSCAN, HSCAN, ZSCAN: a value that is no hash table is read as a whole. */
function scanMembers<Model extends Scannable>(
  kind: abstract new (...parts: never[]) => Model & ValueModel,
): (call: Call) => void {
  return parsed(cursorAt(2), (call, from) => {
    let cursor = from;
    const row = call.lookupRead(1);
    if (row === 0) {
      call.reply.array(2);
      call.reply.bulk(1);
      call.reply.array(0);
      return;
    }
    const value = modelAt(call, row, kind);
    const request =
      value === undefined ? undefined : orReplyError(call, parseScan(call, call.version.commands.scan));
    if (value === undefined || request === undefined) return;
    const { count, matches, namesOnly } = request;
    const filtersFirst = call.version.commands.filtersScanFirst;
    const list = newList(call);
    const found: Found[] = [];
    // Values count too in versions whose filter runs last.
    const wanted = filtersFirst || value instanceof SetValue ? count : count * 2;
    const { table } = value;
    const take = (name: number, extra: readonly number[]) => {
      const { contents } = call.values;
      const known = contents.known(name);
      if (filtersFirst && !matches(known)) return;
      // The strings of a hash table are not copied, except for sorted sets, whose scores are written as text.
      const isBorrowed = filtersFirst && table !== undefined && !(value instanceof SortedSetValue);
      found.push(
        collected(call, known.slice(), [contents.length(name), ...(namesOnly ? [] : extra)], {
          isBorrowed,
          isTable: table !== undefined,
        }),
      );
    };
    if (table === undefined) {
      const iterator = value instanceof SetValue && filtersFirst ? value.newIterator() : undefined;
      takeAll(call, value, take);
      if (iterator !== undefined && value instanceof SetValue) value.freeIterator(iterator);
      cursor = 0;
    } else {
      let iterations = wanted * 10;
      let sampled = 0;
      do {
        cursor = table.scan(cursor >>> 0, (member) => {
          sampled++;
          takeMember(call, value, member, take);
        });
        // Each name counts together with its value or score.
      } while (
        cursor !== 0 &&
        iterations-- > 0 &&
        (filtersFirst ? sampled : found.length * (found[0]?.lengths.length ?? 1)) < wanted
      );
    }
    const kept: Found[] = [];
    for (const one of found) {
      if (filtersFirst || matches(one.name)) kept.push(one);
      else for (const parts of one.parts) freeTemporary(call, parts);
    }
    growList(
      call,
      list,
      found.reduce((sum, { lengths }) => sum + lengths.length, 0),
    );
    replyFound(call, decimalLength(cursor), kept);
    call.heap.free(list);
  });
}

type Take = (name: number, extra: readonly number[]) => void;

function takeAll(call: Call, value: Scannable, take: Take): void {
  const { contents, policy } = call.values;
  if (value instanceof SetValue) {
    const names: number[] = [];
    value.each((member) => names.push(contents.keep(member)));
    for (const name of names) {
      take(name, []);
      contents.release(name);
    }
  } else if (value instanceof HashValue) {
    for (const [name, code] of value.entries()) take(name, [value.lengthOfValue(code)]);
  } else {
    for (const [name, score] of value.slice(0, value.size)) {
      take(name, [scoreText(score, policy.shortestScores).length]);
    }
  }
}

function takeMember(call: Call, value: Scannable, member: number, take: Take): void {
  const { members } = call.values;
  const name = members.nameOf(member);
  if (value instanceof SetValue) take(name, []);
  else if (value instanceof HashValue) take(name, [value.lengthOfValue(members.valueCodeOf(member))]);
  else take(name, [scoreReply(members.scoreOf(member), false).length]);
}

interface CollectedHow {
  /** Whether the strings of a table stand for themselves. */
  readonly isBorrowed: boolean;
  /** Whether they come from a table, whose scan makes both strings of an element before the list nodes. */
  readonly isTable: boolean;
}

/** Allocates a list node for each length, and the strings unless they are borrowed. */
function collected(
  call: Call,
  name: Uint8Array,
  lengths: readonly number[],
  { isBorrowed, isTable }: CollectedHow,
): Found {
  const { heap, version } = call;
  const newString = (length: number) => {
    if (isBorrowed) return [];
    return version.commands.filtersScanFirst
      ? [heap.malloc(sdsBytes(heap.sds, length), StructKind.temporary)]
      : newTemporaryString(call, length);
  };
  const withNode = (parts: readonly number[]) =>
    version.commands.scansIntoArray
      ? parts
      : [...parts, heap.malloc(version.sizes.listNode, StructKind.temporary)];
  const parts = isTable
    ? lengths.map(newString).map(withNode)
    : lengths.map((length) => withNode(newString(length)));
  return { name, lengths, parts };
}

function replyFound(call: Call, cursorLength: number, found: readonly Found[]): void {
  call.reply.array(2);
  call.reply.bulk(cursorLength);
  call.reply.array(found.reduce((sum, { lengths }) => sum + lengths.length, 0));
  for (const { lengths, parts } of found) {
    for (const [at, length] of lengths.entries()) {
      call.reply.bulk(length);
      freeTemporary(call, parts[at] ?? []);
    }
  }
}

function cursorAt(index: number): (call: Call) => number | string {
  return (call) => parseCursor(call, index);
}

export const SCAN_COMMANDS: Handlers = {
  scan: parsed(cursorAt(1), scan),
  clusterscan: clusterScan,
  sscan: scanMembers(SetValue),
  hscan: scanMembers(HashValue),
  zscan: scanMembers(SortedSetValue),
};
