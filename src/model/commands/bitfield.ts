import { type BitOperation, highestWrite, parseBitfield } from '../../commands/index.js';
import { StructKind } from '../heap/index.js';
import type { Call, Handlers } from '../server/index.js';
import { orReplyError } from './parsed.js';
import { growTo, isStringOrAbsent } from './strings.js';

/**
 * BITFIELD and BITFIELD_RO: the values of bits are not modelled, but the length of the string is. Each operation is
 * assumed to reply with a number of one digit.
 */
function bitfield(call: Call): void {
  const { heap, version } = call;
  const { bitfieldOperation } = version.sizes;
  let array = 0;
  const operations = orReplyError(
    call,
    parseBitfield(call, call.settings.protoMaxBulkLen, (count) => {
      if (array === 0) array = heap.malloc(bitfieldOperation, StructKind.temporary);
      else heap.realloc(array, count * bitfieldOperation, StructKind.temporary);
    }),
  );
  if (operations !== undefined) carryOut(call, operations);
  if (array !== 0) heap.free(array);
}

function carryOut(call: Call, operations: readonly BitOperation[]): void {
  const highest = highestWrite(operations);
  const row = highest < 0 ? call.lookupRead(1) : call.lookupWrite(1);
  if (!isStringOrAbsent(call, row)) return;
  if (highest >= 0) {
    growTo(call, row, Math.floor(highest / 8) + 1);
    call.dirty++;
  }
  call.reply.array(operations.length);
  for (let left = operations.length; left > 0; left--) call.reply.integer(0);
}

export const BITFIELD_COMMANDS: Handlers = {
  bitfield,
  bitfield_ro: bitfield,
};
