import {
  type BitRange,
  parseBit,
  parseBitcount,
  parseBitop,
  parseBitposRange,
} from '../../commands/index.js';
import { embeddedStringBytes, StructKind } from '../heap/index.js';
import { ValueType } from '../keyspace/index.js';
import type { Call, Handlers } from '../server/index.js';
import { orReplyError, parsed } from './parsed.js';
import { isInteger, newRawString, stringLength } from './string-objects.js';
import { isStringOrAbsent } from './strings.js';

/**
 * BITOP operation destination key …: allocates three temporary vectors; the result is as long as the longest source.
 */
const bitop = parsed(parseBitop, (call) => {
  const { heap, version } = call;
  const bytes = (call.count - 3) * version.sizes.pointer;
  const vectors = [0, 1, 2].map(() => heap.malloc(bytes, StructKind.temporary));
  const decoded: number[] = [];
  let longest = 0;
  let isRefused = false;
  for (let index = 3; index < call.count && !isRefused; index++) {
    const row = call.lookupRead(index);
    if (row === 0) continue;
    if (call.typeOf(row) !== ValueType.string) {
      call.reply.wrongType();
      isRefused = true;
    } else {
      const length = stringLength(call, row);
      if (isInteger(call, row))
        decoded.push(
          heap.malloc(embeddedStringBytes(version.sizes.embeddedObjectHead, length), StructKind.temporary),
        );
      longest = Math.max(longest, length);
    }
  }
  // The sds of the result is allocated before the vectors are freed, and its object after that.
  const result =
    isRefused || longest === 0
      ? undefined
      : newRawString(call, longest, () => {
          for (const handle of decoded) heap.free(handle);
          for (const vector of vectors) heap.free(vector);
        });
  if (result === undefined) {
    for (const handle of decoded) heap.free(handle);
    for (const vector of vectors) heap.free(vector);
  }
  if (isRefused) return;
  if (result !== undefined) {
    const row = call.setValue(2, result, false);
    call.keyspace.texts.delete(row);
    call.dirty++;
  } else if (call.deleteNamed(2)) {
    call.dirty++;
  }
  call.reply.integer(longest);
});

/** BITCOUNT and BITPOS: their results are not modelled. A server reads the range only if the key exists. */
function readBits(parseRange: (call: Call) => BitRange | string): (call: Call) => void {
  return (call) => {
    const row = call.lookupRead(1);
    if (!isStringOrAbsent(call, row)) return;
    const range = row === 0 ? undefined : orReplyError(call, parseRange(call));
    if (row === 0 || range !== undefined) call.reply.integer(0);
  };
}

export const BIT_COMMANDS: Handlers = {
  bitop,
  bitcount: readBits(parseBitcount),
  bitpos: parsed(parseBit, readBits(parseBitposRange)),
};
