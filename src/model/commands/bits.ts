import { embeddedStringBytes, StructKind } from '../heap/index.js';
import { ValueType } from '../keyspace/index.js';
import type { Call, Handlers } from '../server/index.js';
import { isInteger, newRawString, stringLength } from './string-objects.js';

const OPERATIONS = ['AND', 'OR', 'XOR', 'NOT'];

/** BITOP operation destination key …: three vectors for the time being, the result as long as the longest. */
function bitop(call: Call): void {
  const { heap, version } = call;
  if (!OPERATIONS.some((name) => call.is(1, name))) {
    call.reply.syntaxError();
    return;
  }
  if (call.is(1, 'NOT') && call.argc !== 4) {
    call.reply.error('ERR BITOP NOT must be called with a single source key.');
    return;
  }
  const bytes = (call.argc - 3) * version.sizes.pointer;
  const vectors = [0, 1, 2].map(() => heap.malloc(bytes, StructKind.temporary));
  const decoded: number[] = [];
  let longest = 0;
  let isRefused = false;
  for (let index = 3; index < call.argc && !isRefused; index++) {
    const row = call.lookupRead(index);
    if (row === 0) continue;
    if (call.typeOf(row) !== ValueType.string) {
      call.reply.wrongType();
      isRefused = true;
    } else {
      const length = stringLength(call, row);
      if (isInteger(call, row))
        decoded.push(heap.malloc(embeddedStringBytes(version.sizes.object, length), StructKind.temporary));
      longest = Math.max(longest, length);
    }
  }
  // The result is a string before the vectors go, and an object after them.
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
  } else {
    const row = call.peek(2);
    if (row !== 0) {
      call.deleteKey(row);
      call.dirty++;
    }
  }
  call.reply.integer(longest);
}

/** BITCOUNT and BITPOS read only. */
function readBits(call: Call): void {
  const row = call.lookupRead(1);
  if (row !== 0 && call.typeOf(row) !== ValueType.string) call.reply.wrongType();
  else call.reply.integer(0);
}

export const BIT_COMMANDS: Handlers = {
  bitop,
  bitcount: readBits,
  bitpos: readBits,
};
