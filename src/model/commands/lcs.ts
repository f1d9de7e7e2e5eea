import { LCS_OF_OTHERS, type LcsRequest, parseLcs } from '../../commands/index.js';
import { StructKind, sdsBytes } from '../heap/index.js';
import { ValueType } from '../keyspace/index.js';
import type { Call, Handlers } from '../server/index.js';
import { orReplyError } from './parsed.js';
import { freeTemporary, isInteger, newTemporaryString, stringLength } from './string-objects.js';

/**
 * LCS key key: allocates a matrix of the two lengths. The contents of strings are not modelled, so the length of the
 * shorter string is assumed for the longest common subsequence.
 */
function lcs(call: Call): void {
  const rows = [call.lookupRead(1), call.lookupRead(2)];
  if (rows.some((row) => row !== 0 && call.typeOf(row) !== ValueType.string)) {
    call.reply.error(LCS_OF_OTHERS);
    return;
  }
  // An integer or a missing key gets a temporary text.
  const texts = rows.map((row) =>
    row === 0
      ? newTemporaryString(call, 0)
      : isInteger(call, row)
        ? newTemporaryString(call, stringLength(call, row))
        : [],
  );
  const [left = 0, right = 0] = rows.map((row) => (row === 0 ? 0 : stringLength(call, row)));
  const request = orReplyError(call, parseLcs(call));
  if (request !== undefined) answer(call, left, right, request);
  for (const parts of texts) freeTemporary(call, parts);
}

function answer(call: Call, left: number, right: number, { onlyLength, withPlaces }: LcsRequest): void {
  const { heap } = call;
  const matrix = heap.malloc((left + 1) * (right + 1) * 4, StructKind.temporary);
  const shorter = Math.min(left, right);
  const result = onlyLength ? 0 : heap.malloc(sdsBytes(heap.sds, shorter), StructKind.temporary);
  if (withPlaces) {
    call.reply.array(4);
    call.reply.bulk('matches'.length);
    call.reply.array(0);
    call.reply.bulk('len'.length);
    call.reply.integer(shorter);
  } else if (onlyLength) {
    call.reply.integer(shorter);
  } else {
    call.reply.bulk(shorter);
  }
  if (result !== 0) heap.free(result);
  heap.free(matrix);
}

export const LCS_COMMANDS: Handlers = { lcs };
