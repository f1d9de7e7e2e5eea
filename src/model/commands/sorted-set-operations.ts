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
import type { HashTable } from '../keyspace/index.js';
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
    const unused = call.version.commands.countsIntoSet ? newResult(call) : undefined;
    call.reply.integer(countCommon(call, bySize(sources), limit));
    if (unused !== undefined) {
      unused.result.value.free(call.heap);
      call.heap.free(unused.object);
    }
  }
  call.heap.free(array);
}

/** Returns the number of members that all sources have, up to a limit; 0 is none. */
function countCommon(call: Call, [smallest, ...others]: readonly Source[], limit: number): number {
  const first = smallest?.value;
  let count = 0;
  forEach(call, first, (member) => {
    if (limit > 0 && count >= limit) return;
    const search = new Search(call, first, member);
    if (others.every(({ value }) => value === first || search.scoreIn(value) !== undefined)) count++;
    search.end();
  });
  return count;
}

/** One member of a source, looked up in others. A member of a packed source is copied to a string for that. */
class Search {
  readonly #call: Call;
  readonly #isPacked: boolean;
  readonly #member: LookupKey;
  #text = 0;

  constructor(call: Call, source: Source['value'], member: LookupKey) {
    this.#call = call;
    this.#isPacked = source?.table === undefined;
    this.#member = member;
  }

  scoreIn(value: Source['value']): number | undefined {
    const needsText = value !== undefined && !(value instanceof SetValue && value.encoding === 'intset');
    if (needsText && this.#isPacked && this.#text === 0) {
      this.#text = this.#call.values.newString(this.#member.length, ContainerKind.sortedSetMember);
    }
    if (value instanceof SetValue) return value.has(this.#member) ? 1 : undefined;
    return value?.score(this.#member);
  }

  /** Returns the handle of the copy, which now belongs to the caller; 0 if there is none. */
  takeText(): number {
    const text = this.#text;
    this.#text = 0;
    return text;
  }

  end(): void {
    if (this.#text !== 0) this.#call.heap.free(this.#text);
  }
}

interface Result {
  readonly value: SortedSetValue;
  longest: number;
}

/** Allocates a sorted set without members, and its object. */
function newResult(call: Call): {
  readonly list: Skiplist;
  readonly result: Result;
  readonly object: number;
} {
  const list = new Skiplist(call.values);
  const result: Result = { value: new SortedSetValue(call.values, list), longest: 0 };
  return { list, result, object: call.newObject() };
}

/** Allocates the sorted set and its object, then fills it. */
function combined(
  call: Call,
  operation: Operation,
  request: Request,
): { readonly result: Result; readonly object: number } {
  const { list, result, object } = newResult(call);
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
    const { containers, commands } = call.version;
    const uniteBy = containers.membersInNodes
      ? uniteInNodes
      : commands.unitesInResult
        ? uniteInResult
        : unite;
    uniteBy(call, list, bySize(sources), aggregate, result);
    return;
  }
  const [first, ...others] = operation === 'inter' ? bySize(sources) : sources;
  if (first === undefined) return;
  forEach(call, first.value, (member, score) => {
    let sum = weighted(score, first.weight);
    const search = new Search(call, first.value, member);
    const belongs = others.every(({ value, weight }) => {
      const other = value === first.value ? score : search.scoreIn(value);
      if (other !== undefined) sum = aggregated(aggregate, sum, weighted(other, weight));
      return (operation === 'diff') === (other === undefined);
    });
    if (!belongs) {
      search.end();
      return;
    }
    result.longest = Math.max(result.longest, member.length);
    const text = search.takeText();
    if (text === 0) list.add(member, sum);
    else list.take(call.values.contents.keep(member), text, sum);
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
  sums.resizeTo(sources.at(-1)?.value?.size ?? 0);
  addUp(call, sums, sources, aggregate, result);
  const iterator = space.iterator(space.version.sizes.dictIterator);
  list.table.resizeTo(sums.used);
  for (const member of sums.elements()) {
    const name = contents.copy(members.nameOf(member));
    list.take(name, members.nameHandleOf(member), members.scoreOf(member));
  }
  space.endIterator(iterator);
  sums.free((member) => members.release(member));
}

/** Aggregates the scores in the table of the sorted set, whose nodes are made at the end. */
function uniteInResult(
  call: Call,
  list: Skiplist,
  sources: readonly Source[],
  aggregate: Aggregate,
  result: Result,
): void {
  const space = call.values;
  const largest = sources.at(-1)?.value?.size ?? 0;
  if (largest > 0 || space.version.bucketTables.replaceDicts) list.table.resizeTo(largest);
  addUp(call, list.table, sources, aggregate, result);
  const iterator = space.iteratorOf(space.version.sizes.dictIterator);
  for (const member of list.table.elements()) list.link(member, space.members.scoreOf(member));
  space.endIterator(iterator);
}

function addUp(
  call: Call,
  sums: HashTable,
  sources: readonly Source[],
  aggregate: Aggregate,
  result: Result,
): void {
  const space = call.values;
  const { members } = space;
  const newText = ({ length }: LookupKey) => space.newString(length, ContainerKind.sortedSetMember);
  for (const { value, weight } of sources) {
    // A member of a packed source is copied before it is looked up; another one only if it is new.
    const isPacked = value?.table === undefined;
    forEach(call, value, (needle, score) => {
      const text = isPacked ? newText(needle) : 0;
      sums.makeReady(needle.hash);
      const found = space.peek(sums, needle);
      if (found !== 0) {
        const sum = members.scoreOf(found);
        members.setScore(found, aggregated(aggregate, sum, weighted(score, weight)));
        if (text !== 0) call.heap.free(text);
        return;
      }
      const member = members.create(needle);
      sums.insert(member);
      members.setNameHandle(member, isPacked ? text : newText(needle));
      members.setScore(member, weighted(score, weight));
      result.longest = Math.max(result.longest, needle.length);
    });
  }
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
