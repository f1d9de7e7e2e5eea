import { latin1Bytes, xxh3 } from '../../base/index.js';
import { DIGEST_DIGITS, type ValueCondition, WRONG_DIGEST } from '../../commands/index.js';
import { StructKind } from '../heap/index.js';
import type { Call } from '../server/index.js';
import { freeTemporary, isInteger, newTemporaryString, stringLength, textOf } from './string-objects.js';

/**
 * Whether a string meets a condition on its value; undefined after a reply with an error. The outcome at a real server decides
 * if it is known. Otherwise the model knows lengths and numbers only. A value of the same length counts as equal, and an
 * unknown digest as what the condition asks for. Both are counted, so that a report can say so.
 */
export function meets(call: Call, row: number, condition: ValueCondition): boolean | undefined {
  if (condition.isDigest && call.length(condition.index) !== DIGEST_DIGITS) {
    call.reply.error(WRONG_DIGEST);
    return undefined;
  }
  if (condition.isDigest) makeDigest(call);
  const text = textOf(call, row);
  if (!condition.isDigest && isInteger(call, row) && call.version.commands.valueConditions === 'all') {
    // getDecodedObject: an integer gets a temporary text.
    freeTemporary(call, newTemporaryString(call, stringLength(call, row)));
  }
  const { observed } = call.server;
  if (observed?.outcome === 'met' || observed?.outcome === 'unmet') return observed.outcome === 'met';
  if (condition.isDigest) {
    if (text === undefined) return assumed(call);
    return (xxh3(latin1Bytes(text)) === call.text(condition.index).toLowerCase()) === condition.isEqual;
  }
  const isEqual =
    stringLength(call, row) === call.length(condition.index) &&
    (text === undefined ? assumed(call) : text === call.text(condition.index));
  return isEqual === condition.isEqual;
}

/** Formats a digest for a comparison or a reply, which grows a string once. */
export function makeDigest({ heap }: Call): void {
  const handle = heap.malloc(EMPTY_BYTES, StructKind.temporary);
  heap.realloc(handle, DIGEST_BYTES, StructKind.temporary);
  heap.free(handle);
}

const EMPTY_BYTES = 4;
/** A header of 3 bytes, the digits with as much room again, and the end. */
const DIGEST_BYTES = 3 + 2 * DIGEST_DIGITS + 1;

function assumed(call: Call): true {
  call.server.unknown.compared(call.name.toUpperCase());
  return true;
}
