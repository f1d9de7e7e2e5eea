import { isIntegerText } from '../../base/index.js';
import {
  chosenCount,
  type PopRequest,
  parsePop,
  parseRandom,
  parseSintercard,
  type RandomRequest,
} from '../../commands/index.js';
import { ContainerKind, ListpackKind } from '../heap/index.js';
import type { Call, Handlers } from '../server/index.js';
import { chosenMember, Intset, Listpack, type LookupKey, SetValue } from '../values/index.js';
import { addModel, modelAt, modelOr, needleAt, removeElements } from './container-call.js';
import { parsed } from './parsed.js';

/** SPOP moves the staying members to a new set, if they are at least this many times fewer than the popped count. */
const STAY_FACTOR = 5;

function sadd(call: Call): void {
  const row = call.lookupWrite(1);
  const count = call.count - 2;
  let set: SetValue | undefined;
  if (row === 0) {
    set = SetValue.create(call.values, needleAt(call, 2), count);
    addModel(call, 1, set);
  } else {
    set = modelAt(call, row, SetValue);
    set?.prepare(count);
  }
  if (set === undefined) return;
  let added = 0;
  for (let index = 2; index < call.count; index++) if (set.add(needleAt(call, index))) added++;
  call.reply.integer(added);
  call.dirty += added;
}

/** Returns the set of a row. Without a row `absent` replies; another type replies with the error. */
function setOf(call: Call, row: number, absent: () => void): SetValue | undefined {
  return modelOr(call, row, SetValue, absent);
}

function smove(call: Call): void {
  const row = call.lookupWrite(1);
  const targetRow = call.lookupWrite(2);
  const source = setOf(call, row, () => call.reply.integer(0));
  if (source === undefined) return;
  let target = targetRow === 0 ? undefined : modelAt(call, targetRow, SetValue);
  if (targetRow !== 0 && target === undefined) return;
  if (source === target) {
    call.reply.integer(source.has(needleAt(call, 3)) ? 1 : 0);
    return;
  }
  call.aimAt(1);
  if (!source.remove(needleAt(call, 3))) {
    call.reply.integer(0);
    return;
  }
  if (source.size === 0) call.deleteKey(row);
  call.aimAt(2);
  if (target === undefined) {
    target = SetValue.create(call.values, needleAt(call, 3), 1);
    addModel(call, 2, target);
  }
  call.dirty += target.add(needleAt(call, 3)) ? 2 : 1;
  call.reply.integer(1);
}

function sismember(call: Call): void {
  const set = setOf(call, call.lookupRead(1), () => call.reply.integer(0));
  if (set !== undefined) call.reply.integer(set.has(needleAt(call, 2)) ? 1 : 0);
}

function smismember(call: Call): void {
  const row = call.lookupRead(1);
  const set = row === 0 ? undefined : modelAt(call, row, SetValue);
  if (row !== 0 && set === undefined) return;
  call.reply.array(call.count - 2);
  for (let index = 2; index < call.count; index++) {
    call.reply.integer(set?.has(needleAt(call, index)) === true ? 1 : 0);
  }
}

function scard(call: Call): void {
  const set = setOf(call, call.lookupRead(1), () => call.reply.integer(0));
  if (set !== undefined) call.reply.integer(set.size);
}

/** SPOP: the model's own random numbers choose the members, not the server's. */
function spop(call: Call, { count }: PopRequest): void {
  if (count === undefined) popAtRandom(call);
  else popMany(call, count);
}

function popAtRandom(call: Call): void {
  const row = call.lookupWrite(1);
  const set = setOf(call, row, () => call.reply.nil());
  if (set === undefined) return;
  const length = popOne(call, set);
  // The propagation is an SREM, so the arguments get a new array.
  call.args.rewrite(3, [1]);
  call.reply.bulk(length);
  call.values.scratch.popped.free(call.values);
  if (set.size === 0) call.deleteKey(row);
  call.dirty++;
}

/** setTypePopRandom: makes an object of a random member, then removes the member. */
function popOne(call: Call, set: SetValue): number {
  const space = call.values;
  const { element: chosen, popped } = space.scratch;
  const { bytes, start, length } = set.random(chosen);
  decide(call, chosen);
  if (set.encoding !== 'hashtable' && isIntegerText(bytes, start, length)) {
    popped.makeInteger(space, bytes.subarray(start, start + length));
  } else {
    popped.makeString(space, length);
  }
  set.remove(chosen);
  return length;
}

/** Records a popped member, because the session that answers has to pop the same one. */
function decide({ server }: Call, member: LookupKey): void {
  server.decisions?.popped.push(chosenMember(member));
}

function popMany(call: Call, count: number): void {
  const row = call.lookupWrite(1);
  const set = setOf(call, row, () => call.reply.array(0));
  if (set === undefined || count === 0) {
    if (set !== undefined) call.reply.array(0);
    return;
  }
  const many = Math.min(count, set.size);
  const rest = set.size - many;
  call.reply.array(many);
  if (rest === 0) {
    set.each((member) => goes(call, member));
    call.deleteKey(row);
  } else if (rest * STAY_FACTOR > count) {
    // The server keeps the objects of up to 1024 members for the propagation of an SREM; the model frees each at once.
    const lengths = set.popFromListpack(many, (member) => decide(call, member));
    for (let at = 0; at < many; at++) {
      call.reply.bulk(lengths?.[at] ?? popOne(call, set));
      if (lengths === undefined) call.values.scratch.popped.free(call.values);
    }
  } else {
    const staying = set.split(rest);
    set.each((member) => goes(call, member));
    call.replaceModel(row, staying);
    set.free(call.heap);
  }
  call.dirty += many;
}

function goes(call: Call, member: LookupKey): void {
  decide(call, member);
  call.reply.bulk(member.length);
}

function srandmember(call: Call, { count }: RandomRequest): void {
  const set = setOf(call, call.lookupRead(1), () =>
    count === undefined ? call.reply.nil() : call.reply.array(0),
  );
  if (set === undefined) return;
  const many = chosenCount(count, set.size);
  if (count !== undefined) call.reply.array(many);
  if ((count ?? 1) >= set.size) set.each((member) => call.reply.bulk(member.length));
  else
    for (let left = many; left > 0; left--) {
      call.reply.bulk(set.random(call.values.scratch.element).length);
    }
}

type Operation = 'union' | 'inter' | 'diff';

/**
 * Returns the sets that arguments `from` to `to` name, with undefined for a missing key; undefined if one is no set.
 */
function sourcesOf(call: Call, from: number, to: number): (SetValue | undefined)[] | undefined {
  const sources: (SetValue | undefined)[] = [];
  for (let index = from; index <= to; index++) {
    const row = call.lookupRead(index);
    const set = row === 0 ? undefined : modelAt(call, row, SetValue);
    if (row !== 0 && set === undefined) return undefined;
    sources.push(set);
  }
  return sources;
}

/** SUNION, SINTER, SDIFF and their STORE forms. */
function combine(operation: Operation, stores: boolean): (call: Call) => void {
  return (call) => {
    const { heap, version } = call;
    const from = stores ? 2 : 1;
    const isAlone = version.commands.readsMembersAlone && call.is(0, 'SMEMBERS');
    const array = isAlone
      ? 0
      : heap.malloc((call.count - from) * version.sizes.pointer, ContainerKind.containerTemporary);
    const freeArray = () => {
      if (array !== 0) heap.free(array);
    };
    const sources = sourcesOf(call, from, call.count - 1);
    if (sources === undefined) {
      freeArray();
      return;
    }
    if (operation === 'inter' && !sources.every(Boolean)) {
      freeArray();
      if (stores) deleteTarget(call);
      if (stores) call.reply.integer(0);
      else call.reply.array(0);
      return;
    }
    if (operation === 'inter') intersect(call, sources as SetValue[], stores);
    else uniteOrSubtract(call, operation, sources, stores);
    freeArray();
  };
}

function uniteOrSubtract(
  call: Call,
  operation: Operation,
  sources: (SetValue | undefined)[],
  stores: boolean,
): void {
  if (stores) call.aimAt(1);
  const isTable =
    !stores &&
    call.version.commands.combinesIntoTable &&
    sources.some((set) => set !== undefined && set.encoding !== 'intset');
  const result = new SetValue(call.values, isTable ? call.values.newSetTable() : new Intset(call.heap));
  const object = call.newObject();
  const [first, ...others] = sources;
  if (operation === 'union') {
    for (const set of sources) visit(call, set, (member) => result.add(member));
  } else if (first !== undefined && !others.includes(first)) {
    const work = sources.reduce((sum, set) => sum + (set?.size ?? 0), 0);
    const isByFirst = Math.floor((first.size * sources.filter(Boolean).length) / 2) <= work;
    if (isByFirst) {
      const ordered = others.sort((left, right) => (right?.size ?? 0) - (left?.size ?? 0));
      visit(call, first, (member) => {
        if (!ordered.some((set) => set?.has(member))) result.add(member);
      });
    } else {
      visit(call, first, (member) => result.add(member));
      for (const set of others) {
        if (result.size > 0) visit(call, set, (member) => result.remove(member));
      }
    }
  }
  finish(call, result, object, stores);
}

function intersect(call: Call, sources: SetValue[], stores: boolean): void {
  const space = call.values;
  const [smallest, others] = smallestAndOthers(sources);
  if (!stores) {
    call.reply.startDeferredArray();
    let count = 0;
    common(call, smallest, others, (member) => {
      call.reply.bulk(member.length);
      count++;
      return true;
    });
    call.reply.endDeferredArray(count);
    return;
  }
  call.aimAt(1);
  const isIntset = !space.policy.listpackSets || smallest.encoding === 'intset';
  const content = isIntset
    ? new Intset(call.heap)
    : Listpack.create(call.heap, ListpackKind.set, smallest.listpackBytes);
  const result = new SetValue(space, content);
  const object = call.newObject();
  let onlyIntegers = true;
  common(call, smallest, others, (member) => {
    if (!isIntegerText(member.bytes, member.start, member.length)) onlyIntegers = false;
    asString(call, isIntset, member, () => result.add(member));
    return true;
  });
  if (space.policy.listpackSets && result.size > 0) {
    if (onlyIntegers) result.toIntset();
    result.trim();
  }
  finish(call, result, object, true);
}

const sintercard = parsed(parseSintercard, (call, { keys, limit }) => {
  const { heap, version } = call;
  const array = heap.malloc(keys * version.sizes.pointer, ContainerKind.containerTemporary);
  const sources = sourcesOf(call, 2, 1 + keys);
  if (sources === undefined) {
    heap.free(array);
    return;
  }
  let count = 0;
  if (sources.every(Boolean)) {
    const [smallest, others] = smallestAndOthers(sources as SetValue[]);
    common(call, smallest, others, () => {
      count++;
      return count !== limit;
    });
  }
  call.reply.integer(count);
  heap.free(array);
});

function smallestAndOthers(sources: SetValue[]): [SetValue, SetValue[]] {
  const [smallest, ...others] = sources.sort((left, right) => left.size - right.size) as [SetValue];
  return [smallest, others];
}

/** Visits the members that all sets have, through an iterator of the smallest, until `take` returns false. */
function common(
  call: Call,
  smallest: SetValue,
  others: readonly SetValue[],
  take: (member: LookupKey) => boolean,
): void {
  const isIntset = smallest.encoding === 'intset';
  const iterator = smallest.newIterator();
  let wantsMore = true;
  smallest.each((member) => {
    if (!wantsMore) return;
    const isInAll = others.every(
      (set) =>
        set === smallest ||
        asString(call, isIntset && set.encoding !== 'intset', member, () => set.has(member)),
    );
    if (isInAll) wantsMore = take(member);
  });
  smallest.freeIterator(iterator);
}

/** Runs `work` on a member. A version without listpack sets makes a string of an integer member for it. */
function asString<T>(call: Call, isInteger: boolean, member: LookupKey, work: () => T): T {
  const space = call.values;
  if (!isInteger || space.policy.listpackSets) return work();
  const text = space.newString(member.length, ContainerKind.containerTemporary);
  const result = work();
  call.heap.free(text);
  return result;
}

/** Visits each member through an iterator. A version without listpack sets makes a string of each. */
function visit(call: Call, set: SetValue | undefined, take: (member: LookupKey) => void): void {
  if (set === undefined) return;
  const space = call.values;
  const iterator = set.newIterator();
  set.each((member) => {
    const text = space.policy.listpackSets
      ? 0
      : space.newString(member.length, ContainerKind.containerTemporary);
    take(member);
    if (text !== 0) call.heap.free(text);
  });
  set.freeIterator(iterator);
}

function finish(call: Call, result: SetValue, object: number, stores: boolean): void {
  if (stores && result.size > 0) {
    call.setKey(1, object, result);
    call.reply.integer(result.size);
    call.dirty++;
    return;
  }
  if (stores) {
    call.reply.integer(0);
    deleteTarget(call);
  } else {
    call.reply.array(result.size);
    visit(call, result, (member) => call.reply.bulk(member.length));
  }
  result.free(call.heap);
  call.heap.free(object);
}

function deleteTarget(call: Call): void {
  if (call.deleteNamed(1)) call.dirty++;
}

export const SET_COMMANDS: Handlers = {
  sadd,
  srem: removeElements(SetValue, (set, member) => set.remove(member)),
  smove,
  spop: parsed(parsePop, spop),
  sismember,
  smismember,
  scard,
  smembers: combine('inter', false),
  srandmember: parsed(parseRandom, srandmember),
  sunion: combine('union', false),
  sunionstore: combine('union', true),
  sinter: combine('inter', false),
  sinterstore: combine('inter', true),
  sdiff: combine('diff', false),
  sdiffstore: combine('diff', true),
  sintercard,
};
