import {
  type Aggregate,
  aggregated,
  type Combination,
  type Operation,
  parseCombination,
  parseKeyCount,
  parseLimit,
  weighted,
} from '../../commands/index.js';
import { ContainerKind, DataType } from '../heap/index.js';
import type { Call, Handlers } from '../server/index.js';
import { LookupKey, SetValue, Skiplist, SortedSetValue } from '../values/index.js';
import { isContainer } from './container-call.js';
import { orReplyError } from './parsed.js';
import { replyScore, storeSortedSet } from './sorted-sets.js';

interface Source {
  readonly value: SetValue | SortedSetValue | undefined;
  readonly weight: number;
}

interface Request extends Combination {
  readonly sources: readonly Source[];
}

/** ZUNION, ZINTER, ZDIFF and their STORE forms, over sorted sets and sets (whose scores are 1). */
function combine(operation: Operation, stores: boolean): (call: Call) => void {
  return (call) => {
    const at = stores ? 2 : 1;
    const count = orReplyError(call, parseKeyCount(call, at));
    if (count === undefined) return;
    const array = call.heap.calloc(
      call.version.sizes.sortedSetSource * count,
      ContainerKind.containerTemporary,
    );
    const request = requestOf(call, at, count, operation, stores);
    if (request !== undefined) {
      if (stores) call.aimAt(1);
      const { result, object } = combined(call, operation, request);
      if (stores) {
        if (result.value.size > 0) result.value.packIfSmall(result.longest);
        storeSortedSet(call, result.value, object);
      } else {
        replyAll(call, result.value, request.withScores);
        result.value.free(call.heap);
        call.heap.free(object);
      }
    }
    call.heap.free(array);
  };
}

function requestOf(
  call: Call,
  at: number,
  count: number,
  operation: Operation,
  stores: boolean,
): Request | undefined {
  const sources: Source[] = [];
  if (!addSources(call, at, count, sources)) return undefined;
  const said = orReplyError(call, parseCombination(call, at + 1 + count, count, operation, stores));
  if (said === undefined) return undefined;
  const weighed = sources.map(({ value }, index) => ({ value, weight: said.weights[index]! }));
  return { ...said, sources: weighed };
}

/** Looks up the keys after argument `at`. Replies with the error and returns false if one is no set or sorted set. */
function addSources(call: Call, at: number, count: number, sources: Source[]): boolean {
  for (let index = at + 1; index <= at + count; index++) {
    const row = call.lookupRead(index);
    const model = row !== 0 && isContainer(call, row) ? call.modelOf(row) : undefined;
    const value = model instanceof SetValue || model instanceof SortedSetValue ? model : undefined;
    if (row !== 0 && value === undefined) {
      call.reply.wrongType();
      return false;
    }
    sources.push({ value, weight: 1 });
  }
  return true;
}

/** ZINTERCARD numkeys key … [LIMIT n] */
function zintercard(call: Call): void {
  const keys = orReplyError(call, parseKeyCount(call, 1));
  if (keys === undefined) return;
  const array = call.heap.calloc(call.version.sizes.sortedSetSource * keys, ContainerKind.containerTemporary);
  const sources: Source[] = [];
  const limit = addSources(call, 1, keys, sources)
    ? orReplyError(call, parseLimit(call, 2 + keys))
    : undefined;
  if (limit !== undefined) {
    const [smallest, ...others] = bySize(sources);
    let count = 0;
    if (smallest?.value !== undefined) {
      forEach(call, smallest.value, (member) => {
        if (limit > 0 && count >= limit) return;
        if (others.every(({ value }) => value === smallest.value || scoreIn(value, member) !== undefined))
          count++;
      });
    }
    call.reply.integer(count);
  }
  call.heap.free(array);
}

interface Result {
  readonly value: SortedSetValue;
  longest: number;
}

/** Allocates the sorted set and its object, then fills it. */
function combined(
  call: Call,
  operation: Operation,
  request: Request,
): { readonly result: Result; readonly object: number } {
  const space = call.values;
  const list = new Skiplist(space);
  const result: Result = { value: new SortedSetValue(space, list), longest: 0 };
  const object = call.newObject();
  fill(call, operation, request, list, result);
  return { result, object };
}

function fill(
  call: Call,
  operation: Operation,
  { sources, aggregate }: Request,
  list: Skiplist,
  result: Result,
): void {
  if (operation === 'union') {
    const uniteBy = call.version.containers.membersInNodes ? uniteInNodes : unite;
    uniteBy(call, list, bySize(sources), aggregate, result);
    return;
  }
  const [first, ...others] = operation === 'inter' ? bySize(sources) : sources;
  if (first === undefined) return;
  forEach(call, first.value, (member, score) => {
    let sum = weighted(score, first.weight);
    for (const { value, weight } of others) {
      const other = value === first.value ? score : scoreIn(value, member);
      if (operation === 'diff' ? other !== undefined : other === undefined) return;
      if (other !== undefined) sum = aggregated(aggregate, sum, weighted(other, weight));
    }
    result.longest = Math.max(result.longest, member.length);
    list.add(member, sum);
  });
}

/** Aggregates the scores in a hash table first, which then gives its strings to the sorted set. */
function unite(
  call: Call,
  list: Skiplist,
  sources: readonly Source[],
  aggregate: Aggregate,
  result: Result,
): void {
  const space = call.values;
  const { members, contents } = space;
  const sums = space.newTable(DataType.sortedSet);
  const largest = sources.at(-1)?.value?.size ?? 0;
  sums.resizeTo(largest);
  for (const { value, weight } of sources) {
    forEach(call, value, (needle, score) => {
      sums.makeReady(needle.hash);
      const found = space.peek(sums, needle);
      if (found !== 0) {
        const sum = members.scoreOf(found);
        members.setScore(found, aggregated(aggregate, sum, weighted(score, weight)));
        return;
      }
      const member = members.create(needle);
      sums.insert(member);
      members.setNameHandle(member, space.newString(needle.length, ContainerKind.sortedSetMember));
      members.setScore(member, weighted(score, weight));
      result.longest = Math.max(result.longest, needle.length);
    });
  }
  const iterator = space.iterator(space.version.sizes.dictIterator);
  list.table.resizeTo(sums.used);
  for (const member of sums.elements()) {
    const name = contents.copy(members.nameOf(member));
    list.take(name, members.nameHandleOf(member), members.scoreOf(member));
  }
  space.endIterator(iterator);
  sums.free((member) => members.release(member));
}

/** Aggregates the scores in the nodes of the sorted set, which are put in order at the end. */
function uniteInNodes(
  call: Call,
  list: Skiplist,
  sources: readonly Source[],
  aggregate: Aggregate,
  result: Result,
): void {
  const space = call.values;
  const { members } = space;
  if (sources.length > 0) list.table.resizeTo(sources.at(-1)?.value?.size ?? 0);
  for (const { value, weight } of sources) {
    forEach(call, value, (needle, score) => {
      const found = space.find(list.table, needle);
      if (found === 0) {
        result.longest = Math.max(result.longest, needle.length);
        list.place(needle, weighted(score, weight));
      } else {
        const sum = members.scoreOf(found);
        members.setScore(found, aggregated(aggregate, sum, weighted(score, weight)));
      }
    });
  }
  list.arrange();
}

function bySize(sources: readonly Source[]): Source[] {
  return [...sources].sort((left, right) => (left.value?.size ?? 0) - (right.value?.size ?? 0));
}

function forEach(
  call: Call,
  value: Source['value'],
  visit: (member: LookupKey, score: number) => void,
): void {
  if (value instanceof SetValue) {
    value.each((member) => visit(member, 1));
  } else if (value !== undefined) {
    const { contents } = call.values;
    const needle = new LookupKey();
    for (const [name, score] of value.slice(0, value.size)) visit(contents.point(name, needle), score);
  }
}

function scoreIn(value: Source['value'], member: LookupKey): number | undefined {
  if (value instanceof SetValue) return value.has(member) ? 1 : undefined;
  return value?.score(member);
}

function replyAll(call: Call, set: SortedSetValue, withScores: boolean): void {
  const { contents } = call.values;
  call.reply.array(withScores ? set.size * 2 : set.size);
  for (const [name, score] of set.slice(0, set.size)) {
    call.reply.bulk(contents.length(name));
    if (withScores) replyScore(call, score);
  }
}

export const SORTED_SET_OPERATIONS: Handlers = {
  zunion: combine('union', false),
  zunionstore: combine('union', true),
  zinter: combine('inter', false),
  zinterstore: combine('inter', true),
  zdiff: combine('diff', false),
  zintercard,
  zdiffstore: combine('diff', true),
};
