import { idPart, type StreamId } from '../../commands/index.js';
import type { RdbStream, RdbStreamEntry, RdbStreamGroup, RdbStreamNode } from '../../input/index.js';
import { decimalLength } from '../client/index.js';
import { ContainerKind, StructKind, sdsBytes } from '../heap/index.js';
import { Listpack, type StreamGroup, StreamNode, StreamValue } from '../values/index.js';
import type { Loaded } from './loaded.js';
import type { LoadContext } from './loading-context.js';

/** Bytes of an entry's id, which is its node's key in the tree. */
const ID_BYTES = 16;

export function loadStream(context: LoadContext, { nodes, tail }: RdbStream): Loaded {
  const model = new StreamValue(context.space);
  const object = context.newObject();
  for (const node of nodes) loadNode(context, model, node);
  const { length, lastId, maxDeletedId, groups } = tail();
  model.size = length;
  model.lastId = idOf(lastId);
  if (maxDeletedId !== undefined) model.maxDeletedId = idOf(maxDeletedId);
  for (const group of groups) loadGroup(context, model, group);
  return { model, object };
}

function loadNode(context: LoadContext, model: StreamValue, read: RdbStreamNode): void {
  const { heap } = context;
  const { blob, firstId, fieldNames, entries } = read;
  const key = heap.malloc(sdsBytes(heap.sds, ID_BYTES), StructKind.temporary);
  const listpack = context.reading(blob, () =>
    Listpack.loaded(heap, ContainerKind.streamListpack, blob.length),
  );
  const names = fieldNames.map((name) => `${name.length}:${name}`).join('');
  const node = StreamNode.loaded(listpack, idOf(firstId), names);
  const ofFields = replyBytes(fieldNames.map(({ length }) => length));
  for (const entry of entries) node.adopt(idOf(entry.id), entryReplyBytes(entry, ofFields));
  if (!model.adopt(node)) throw context.refuse('a stream has two nodes of one id');
  heap.free(key);
}

function entryReplyBytes({ isDeleted, hasNodeFields, lengths }: RdbStreamEntry, ofFields: number): number {
  if (isDeleted) return -1;
  return replyBytes(lengths) + (hasNodeFields ? ofFields : 0);
}

function loadGroup(context: LoadContext, model: StreamValue, read: RdbStreamGroup): void {
  const { heap } = context;
  const name = context.sds(read.name, StructKind.temporary);
  const group = model.createGroup(read.name.asText(), idOf(read.lastId));
  if (group === undefined) throw context.refuse('a stream has two consumer groups of one name');
  heap.free(name);
  for (const { id, deliveredAtMs, deliveries } of read.pending) {
    const isNew = group.loadPending(idOf(id), deliveredAtMs - context.epochMs, deliveries);
    if (!isNew) throw context.refuse('a consumer group has a pending entry twice');
  }
  loadConsumers(context, group, read);
}

function loadConsumers(context: LoadContext, group: StreamGroup, read: RdbStreamGroup): void {
  for (const consumer of read.consumers()) {
    const name = context.sds(consumer.name, StructKind.temporary);
    const text = consumer.name.asText();
    if (group.consumer(text) !== undefined)
      throw context.refuse('a consumer group has two consumers of one name');
    const loaded = group.consumerFor(text);
    context.heap.free(name);
    for (const id of consumer.pending) {
      if (!group.assign(idOf(id), loaded)) {
        throw context.refuse('a consumer has a pending entry twice, or one that its group does not know');
      }
    }
  }
}

/** Returns the bytes of strings in a reply. */
function replyBytes(lengths: readonly number[]): number {
  return lengths.reduce((bytes, length) => bytes + decimalLength(length) + length + 5, 0);
}

function idOf({ ms, seq }: { readonly ms: bigint; readonly seq: bigint }): StreamId {
  return { ms: idPart(ms), seq: idPart(seq) };
}
