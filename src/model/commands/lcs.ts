import { StructKind, sdsBytes } from '../heap/index.js';
import { ValueType } from '../keyspace/index.js';
import type { Call, Handlers } from '../server/index.js';
import { freeTemporary, isInteger, newTemporaryString, stringLength } from './string-objects.js';

/**
 * LCS key key: a matrix of the two lengths. What strings say is not modelled, so the longest common one is taken to be
 * the shorter of the two.
 */
function lcs(call: Call): void {
  const rows = [call.lookupRead(1), call.lookupRead(2)];
  if (rows.some((row) => row !== 0 && call.typeOf(row) !== ValueType.string)) {
    call.reply.error('ERR The specified keys must contain string values');
    return;
  }
  // A text for what is a number, or is not there.
  const texts = rows.map((row) =>
    row === 0
      ? newTemporaryString(call, 0)
      : isInteger(call, row)
        ? newTemporaryString(call, stringLength(call, row))
        : [],
  );
  const [left = 0, right = 0] = rows.map((row) => (row === 0 ? 0 : stringLength(call, row)));
  let getsLength = false;
  let getsPlaces = false;
  for (let index = 3; index < call.argc; index++) {
    if (call.is(index, 'LEN')) getsLength = true;
    else if (call.is(index, 'IDX')) getsPlaces = true;
  }
  if (getsLength && getsPlaces) {
    call.reply.error('ERR If you want both the length and indexes, please just use IDX.');
  } else {
    answer(call, left, right, getsLength, getsPlaces);
  }
  for (const parts of texts) freeTemporary(call, parts);
}

function answer(call: Call, left: number, right: number, getsLength: boolean, getsPlaces: boolean): void {
  const { heap } = call;
  const matrix = heap.malloc((left + 1) * (right + 1) * 4, StructKind.temporary);
  const shorter = Math.min(left, right);
  const result = getsLength ? 0 : heap.malloc(sdsBytes(heap.sds, shorter), StructKind.temporary);
  if (getsPlaces) {
    call.reply.array(4);
    call.reply.bulk('matches'.length);
    call.reply.array(0);
    call.reply.bulk('len'.length);
    call.reply.integer(shorter);
  } else if (getsLength) {
    call.reply.integer(shorter);
  } else {
    call.reply.bulk(shorter);
  }
  if (result !== 0) heap.free(result);
  heap.free(matrix);
}

export const LCS_COMMANDS: Handlers = { lcs };
