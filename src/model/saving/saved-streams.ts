import { latin1Bytes } from '../../base/index.js';
import type { StreamId } from '../../commands/index.js';
import {
  type RdbStream,
  type RdbStreamEntry,
  type RdbStreamGroup,
  type RdbStreamNode,
  Slice,
} from '../../input/index.js';
import { decimalLength } from '../client/index.js';
import type { StreamGroup, StreamNode, StreamValue } from '../values/index.js';
import { elementsOf } from './saved-elements.js';
import { blobOf, ownBytes } from './saved-strings.js';

/** Returns a stream as an RDB file has it (rdbSaveObject). `epochMs` is virtual time 0 in Unix time. */
export function savedStream(stream: StreamValue, epochMs: number): RdbStream {
  return {
    kind: 'stream',
    nodes: elementsOf(stream.nodes.length, stream.nodes.map(savedNode)),
    tail: () => ({
      length: stream.size,
      lastId: savedId(stream.lastId),
      firstId: undefined,
      maxDeletedId: savedId(stream.maxDeletedId),
      entriesAdded: undefined,
      groups: elementsOf(
        stream.groups.length,
        stream.groups.map((group) => savedGroup(group, epochMs)),
      ),
      seenRequests: () => 0,
    }),
  };
}

function savedNode(node: StreamNode): RdbStreamNode {
  return {
    firstId: savedId(node.id),
    blob: blobOf(node.listpack.bytes),
    live: node.live,
    deleted: node.total - node.live,
    fieldNames: namesIn(node.names),
    entries: elementsOf(node.total, [...node.allEntries()].map(savedEntry)),
  };
}

function savedEntry([id, replyBytes]: readonly [StreamId, number]): RdbStreamEntry {
  const lengths = replyBytes < 0 ? [] : [lengthOfReply(replyBytes)];
  return { id: savedId(id), isDeleted: replyBytes < 0, fields: 1, hasNodeFields: false, lengths };
}

/** Returns the length of the one string whose reply has so many bytes, or the greatest below them. */
function lengthOfReply(bytes: number): number {
  for (let digits = 1; ; digits++) {
    const length = Math.max(0, bytes - digits - 5);
    if (decimalLength(length) <= digits) return length;
  }
}

/** Returns the names in a text of lengths and names, such as "4:name". */
function namesIn(text: string): string[] {
  const names: string[] = [];
  for (let at = 0; at < text.length; ) {
    const colon = text.indexOf(':', at);
    const end = colon + 1 + Number(text.slice(at, colon));
    names.push(text.slice(colon + 1, end));
    at = end;
  }
  return names;
}

function savedGroup(group: StreamGroup, epochMs: number): RdbStreamGroup {
  const pending = [...group.pending.values()];
  const consumers = [...group.consumers.values()];
  return {
    name: textSlice(group.name),
    lastId: savedId(group.lastId),
    entriesRead: undefined,
    pending: elementsOf(
      pending.length,
      pending.map(({ id, deliveredMs, deliveries }) => ({
        id: savedId(id),
        deliveredAtMs: deliveredMs + epochMs,
        deliveries,
      })),
    ),
    consumers: () =>
      elementsOf(
        consumers.length,
        consumers.map(({ name, pending: own }) => ({
          name: textSlice(name),
          seenAtMs: epochMs,
          activeAtMs: undefined,
          pending: elementsOf(
            own?.size ?? 0,
            [...(own?.values() ?? [])].map(({ id }) => savedId(id)),
          ),
        })),
      ),
  };
}

function textSlice(text: string): Slice {
  return ownBytes(latin1Bytes(text), new Slice());
}

function savedId({ ms, seq }: StreamId): { ms: bigint; seq: bigint } {
  return { ms: BigInt(ms), seq: BigInt(seq) };
}
