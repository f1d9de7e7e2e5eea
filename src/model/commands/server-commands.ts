import { hashOf, writeLatin1 } from '../../base/index.js';
import { isSwitchedOn, type PopulateRequest, parsePopulate } from '../../commands/index.js';
import { answerSlotVerify } from '../inspect/index.js';
import type { Call, Handlers } from '../server/index.js';
import { orReplyError } from './parsed.js';
import { freeTemporary, newString, newTemporaryString } from './string-objects.js';

/**
 * DEBUG POPULATE count [prefix] [size], DEBUG SET-ACTIVE-EXPIRE 0 | 1, DEBUG SLOT-VERIFY-MEMORY slot; the other forms
 * of DEBUG change no memory.
 */
function debug(call: Call): void {
  if (call.is(1, 'SET-ACTIVE-EXPIRE') && call.count === 3)
    call.server.isExpiryActive = isSwitchedOn(call.text(2));
  if (call.is(1, 'SLOT-VERIFY-MEMORY')) {
    verifySlot(call);
    return;
  }
  if (!call.is(1, 'POPULATE') || call.count < 3) {
    call.reply.status();
    return;
  }
  const request = orReplyError(call, parsePopulate(call));
  if (request === undefined) return;
  call.reply.status();
  call.continueWith(populate(call, request));
}

function verifySlot(call: Call): void {
  const words = Array.from({ length: call.count - 2 }, (_, index) => call.text(index + 2));
  const { error } = answerSlotVerify(call.server, words);
  if (error === undefined) call.reply.status();
  else call.reply.error(error);
}

/**
 * Presizes the table, then adds the keys. A value is the text "value:<index>", filled up to `size` with zero bytes;
 * with a `size` of 0 it is the text alone. Each lookup has a key object of its own. The generator yields after each
 * key, because the number of operations has no limit.
 */
function* populate(call: Call, { count, prefix, size }: PopulateRequest): Generator<void> {
  const { db } = call;
  db.keys.presize(count);
  const name = new Uint8Array(prefix.length + 24);
  for (let index = 0; index < count; index++) {
    const text = `${prefix}:${index}`;
    writeLatin1(text, name);
    const length = text.length;
    const key = newTemporaryString(call, length);
    const hash = hashOf(name, 0, length);
    if (db.find(hash, name, 0, length) === 0) {
      const value = newString(call, size === 0 ? `value:${index}`.length : size);
      db.add(hash, name, 0, length, value);
    }
    freeTemporary(call, key);
    yield;
  }
}

export const SERVER_COMMANDS: Handlers = {
  debug,
};
