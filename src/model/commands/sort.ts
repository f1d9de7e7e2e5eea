import { NOT_A_WEIGHT, parseSort, type SortRequest } from '../../commands/index.js';
import { ContainerKind } from '../heap/index.js';
import type { Call, Handlers } from '../server/index.js';
import { ListValue, SetValue, SortedSetValue } from '../values/index.js';
import { isContainer } from './container-call.js';
import { newListIterators } from './lists.js';
import { orReplyError } from './parsed.js';
import { loadElements, type SortElement } from './sort-elements.js';
import { type Found, lookUp, weigh } from './sort-weights.js';

/** SORT and SORT_RO: the source stays unchanged, except for a sorted set, which is converted to a skiplist. */
function sort(call: Call): void {
  const { heap, version } = call;
  const operations = [heap.malloc(version.sizes.list, ContainerKind.containerTemporary)];
  const onGet = () => {
    operations.push(heap.malloc(version.sizes.sortOperation, ContainerKind.containerTemporary));
    operations.push(heap.malloc(version.sizes.listNode, ContainerKind.containerTemporary));
  };
  const request = orReplyError(call, parseSort(call, call.server.isCluster, onGet));
  if (request !== undefined) sortKey(call, request, () => freeOperations(call, operations));
  else freeOperations(call, operations);
}

/** Frees the operations, then their list. */
function freeOperations({ heap }: Call, [list = 0, ...parts]: readonly number[]): void {
  for (const part of parts) heap.free(part);
  heap.free(list);
}

type Sortable = ListValue | SetValue | SortedSetValue;

function sortKey(call: Call, request: SortRequest, freeRequest: () => void): void {
  const { heap } = call;
  const row = call.lookupRead(1);
  const source = sortable(call, row);
  if (source === undefined) {
    freeRequest();
    return;
  }
  if (source instanceof SortedSetValue) source.convertToSkiplist();
  // A missing key counts as a temporary empty list.
  let freeSource = () => {};
  if (row === 0) {
    const object = heap.malloc(call.version.sizes.object, ContainerKind.containerTemporary);
    freeSource = () => {
      source.free(heap);
      heap.free(object);
    };
  }
  // The order of a set that is stored or used by a script must not depend on its hash table.
  const sorted = request.isSorted || (source instanceof SetValue && request.store > 0);
  const isForced = sorted && !request.isSorted;
  const by = isForced ? 0 : request.by;
  const isAlpha = isForced || request.isAlpha;
  const { first, count, loaded } = limits(request, source, sorted);
  const vectorBytes = call.version.sizes.sortElement * loaded.count;
  const vector = heap.malloc(Math.max(8, vectorBytes), ContainerKind.containerTemporary);
  const elements = loadElements(
    call,
    iterated(call, source, sorted, request, loaded),
    source instanceof SetValue,
  );
  const hasFailed = call.server.observed?.outcome === 'failed';
  const isWeighed =
    !hasFailed && (!sorted || weigh(call, elements, { by, isAlpha, isDescending: request.isDescending }));
  const chosen = elements.slice(first, first + count);
  if (!isWeighed) {
    call.reply.error(NOT_A_WEIGHT);
  } else if (request.store === 0) {
    reply(call, chosen, request);
  } else {
    if (row !== 0 && call.text(request.store) === call.text(1)) freeSource = call.detachValue(row);
    call.aimAt(request.store);
    store(call, chosen, request);
  }
  const { contents } = call.values;
  for (const element of elements) {
    for (const part of element.parts) heap.free(part);
    contents.release(element.text);
  }
  freeSource();
  freeRequest();
  for (const { weightParts } of elements) for (const part of weightParts) heap.free(part);
  heap.free(vector);
}

function sortable(call: Call, row: number): Sortable | undefined {
  if (row === 0) return ListValue.quicklist(call.values);
  const model = isContainer(call, row) ? call.modelOf(row) : undefined;
  if (model instanceof ListValue || model instanceof SetValue || model instanceof SortedSetValue)
    return model;
  call.reply.wrongType();
  return undefined;
}

interface Range {
  readonly first: number;
  readonly count: number;
}

/** Returns the ranges of replied and of loaded elements. Without sorting, no more are loaded than replied. */
function limits(
  request: SortRequest,
  { size }: Sortable,
  sorted: boolean,
): Range & { readonly loaded: Range } {
  const { offset, limit } = request;
  const from = Math.min(Math.max(offset, 0), size);
  const many = Math.min(Math.max(limit, -1), size);
  const first = from >= size ? size - 1 : from;
  const last = from >= size ? size - 2 : Math.min(many < 0 ? size - 1 : from + many - 1, size - 1);
  const range = { first: Math.max(first, 0), count: Math.max(0, last - first + 1) };
  if (sorted) return { ...range, loaded: { first: 0, count: size } };
  return { first: 0, count: range.count, loaded: range };
}

/** Yields the elements (in Contents) in the order of loading, under the iterators that a server needs for it. */
function* iterated(
  call: Call,
  source: Sortable,
  sorted: boolean,
  { isDescending }: SortRequest,
  { first, count }: Range,
): Generator<number> {
  if (source instanceof ListValue) {
    if (!sorted && count === 0) return;
    const iterators = newListIterators(call, source);
    const isReversed = !sorted && isDescending;
    const kept = [...source.slice(isReversed ? source.size - first - count : first, count)];
    yield* isReversed ? kept.reverse() : kept;
    for (const iterator of iterators) call.values.endIterator(iterator);
  } else if (source instanceof SetValue) {
    const { contents } = call.values;
    const iterator = source.newIterator();
    const names: number[] = [];
    source.each((member) => names.push(contents.keep(member)));
    for (const name of names) {
      yield name;
      contents.release(name);
    }
    source.freeIterator(iterator);
  } else if (sorted) {
    const iterator = call.values.iterator(call.version.sizes.dictIterator);
    yield* source.inTableOrder();
    call.values.endIterator(iterator);
  } else {
    const members = source.slice(isDescending ? source.size - first - count : first, count);
    for (const [name] of isDescending ? members.reverse() : members) yield name;
  }
}

function reply(call: Call, elements: readonly SortElement[], { get }: SortRequest): void {
  const { contents } = call.values;
  call.reply.array(elements.length * Math.max(1, get.length));
  for (const element of elements) {
    if (get.length === 0) call.reply.bulk(contents.length(element.text));
    for (const pattern of get) {
      const found = lookUp(call, pattern, element);
      if (found === undefined) call.reply.nil();
      else call.reply.bulk(found.length);
      release(call, found);
    }
  }
}

function store(call: Call, elements: readonly SortElement[], request: SortRequest): void {
  const space = call.values;
  const { element: pushed } = space.scratch;
  const result = ListValue.quicklist(space);
  const object = call.newObject();
  for (const element of elements) {
    if (request.get.length === 0) result.push(space.contents.point(element.text, pushed), 'tail');
    for (const pattern of request.get) {
      const found = lookUp(call, pattern, element) ?? nothing(call);
      call.aimAt(request.store);
      result.push(found.point(pushed), 'tail');
      release(call, found);
    }
  }
  const { size } = result;
  if (size > 0) {
    result.settle(1);
    call.setKey(request.store, object, result);
    call.dirty += size;
  } else {
    if (call.deleteNamed(request.store)) call.dirty++;
    result.free(call.heap);
    call.heap.free(object);
  }
  call.reply.integer(size);
}

function nothing(call: Call): Found {
  const part = call.values.temporary(call.version.sizes.object + 4);
  return { length: 0, parts: [part], point: (needle) => needle.setText('') };
}

function release({ heap }: Call, found: Found | undefined): void {
  for (const part of found?.parts ?? []) heap.free(part);
}

export const SORT_COMMANDS: Handlers = {
  sort,
  sort_ro: sort,
};
