import type {
  RdbList,
  RdbListNode,
  RdbPackedList,
  RdbPlainList,
  RdbQuicklist,
  Slice,
} from '../../input/index.js';
import { ContainerKind, embeddedStringBytes, ListpackKind, StructKind, sdsBytes } from '../heap/index.js';
import type { Value } from '../keyspace/index.js';
import { ListNode, Listpack, ListValue, newQuicklist } from '../values/index.js';
import type { Loaded } from './loaded.js';
import { type LoadContext, pointTo } from './loading-context.js';

export function loadList(context: LoadContext, list: RdbList): Loaded | Value | undefined {
  switch (list.encoding) {
    case 'quicklist':
      return loadQuicklist(context, list);
    case 'ziplist':
      return loadZiplist(context, list);
    default:
      return loadElements(context, list);
  }
}

/** Loads a quicklist node by node: first the listpack or element, then its node. Returns undefined for an empty list. */
function loadQuicklist(context: LoadContext, { nodes }: RdbQuicklist): Loaded | Value | undefined {
  const quicklist = newQuicklist(context.space);
  const object = context.newObject();
  let model: ListValue | undefined;
  for (const read of nodes) {
    if (nodes.count === 1 && read.encoding === 'listpack') {
      const { blob, elements } = read;
      const packed = context.packed?.loadNode(context, quicklist, object, blob, elements.count);
      if (packed !== undefined) return packed;
    }
    model ??= ListValue.quicklist(context.space, quicklist);
    const node = loadNode(context, read);
    if (node !== undefined) model.append(node);
  }
  if (model === undefined || model.size === 0) {
    context.heap.free(quicklist);
    context.heap.free(object);
    return undefined;
  }
  model.settle(1);
  return { model, object };
}

function loadNode(context: LoadContext, { encoding, blob, elements }: RdbListNode): ListNode | undefined {
  const { heap, space, needle } = context;
  if (encoding === 'plain') {
    const plain = context.reading(blob, () => heap.malloc(blob.length, ContainerKind.plainNode));
    return ListNode.aroundPlain(space, plain, pointTo(needle, blob));
  }
  let listpack: Listpack;
  if (encoding === 'listpack') {
    listpack = context.reading(blob, () => Listpack.loaded(heap, ListpackKind.list, blob.length));
  } else {
    // The blob is allocated before the listpack, and elements can be walked only once.
    const data = context.reading(blob, () => heap.malloc(blob.length, StructKind.temporary));
    return fromZiplist(context, data, blob.length, elements);
  }
  if (elements.count === 0) {
    listpack.free(heap);
    return undefined;
  }
  const node = ListNode.around(space, listpack);
  for (const element of elements) node.adopt(space, pointTo(needle, element));
  return node;
}

/** Converts a ziplist to a listpack with as much room, then shrinks the listpack to fit. */
function fromZiplist(
  { heap, space, needle }: LoadContext,
  data: number,
  bytes: number,
  elements: Iterable<Slice>,
): ListNode | undefined {
  const listpack = Listpack.create(heap, ListpackKind.list, bytes);
  const node = ListNode.converting(listpack);
  for (const element of elements) node.insert(space, node.count, pointTo(needle, element));
  heap.free(data);
  listpack.shrinkToFit(heap);
  if (node.count === 0) {
    listpack.free(heap);
    return undefined;
  }
  node.giveNode(space);
  return node;
}

/** Loads a list that is one ziplist (until Redis 3.0): its elements are pushed one by one. */
function loadZiplist(context: LoadContext, { blob, elements }: RdbPackedList): Loaded {
  const { heap, space, needle } = context;
  const data = context.reading(blob, () => heap.malloc(blob.length, StructKind.temporary));
  const object = context.newObject();
  const model = ListValue.quicklist(space);
  for (const element of elements) model.push(pointTo(needle, element), 'tail');
  heap.free(data);
  return { model, object };
}

/** Loads a list element by element; each is an object until it has been pushed. */
function loadElements(context: LoadContext, { elements }: RdbPlainList): Loaded {
  const { heap, space, needle, version } = context;
  const model = ListValue.quicklist(space);
  const object = context.newObject();
  for (const element of elements) {
    const { length } = element;
    const isEmbedded = length <= version.strings.embeddedLimit && element.compressedLength === 0;
    const sds = isEmbedded
      ? 0
      : context.reading(element, () => heap.malloc(sdsBytes(heap.sds, length), StructKind.temporary));
    const bytes = isEmbedded
      ? embeddedStringBytes(version.sizes.embeddedObjectHead, length)
      : version.sizes.object;
    const made = heap.malloc(bytes, StructKind.temporary);
    model.push(pointTo(needle, element), 'tail');
    if (sds !== 0) heap.free(sds);
    heap.free(made);
  }
  model.settle(1);
  return { model, object };
}
