import { hashOf, writeLatin1 } from '../../base/index.js';
import { NOT_AN_INTEGER } from '../../commands/index.js';
import { answerSlotVerify } from '../inspect/index.js';
import type { Call, Handlers } from '../server/index.js';
import { freeTemporary, newString, newTemporaryString } from './string-objects.js';

/** DEBUG POPULATE count [prefix] [size], DEBUG SLOT-VERIFY-MEMORY slot; the other forms of DEBUG change no memory. */
function debug(call: Call): void {
  if (call.is(1, 'SLOT-VERIFY-MEMORY')) {
    verifySlot(call);
    return;
  }
  if (!call.is(1, 'POPULATE') || call.argc < 3) {
    call.reply.status();
    return;
  }
  const count = call.integer(2);
  const size = call.argc > 4 ? call.integer(4) : 0;
  if (count === undefined || count < 0 || size === undefined || size < 0) {
    call.reply.error(NOT_AN_INTEGER);
    return;
  }
  call.reply.status();
  call.continueWith(populate(call, count, call.argc > 3 ? call.text(3) : 'key', size));
}

function verifySlot(call: Call): void {
  const words = Array.from({ length: call.argc - 2 }, (_, index) => call.text(index + 2));
  const { error } = answerSlotVerify(call.server, words);
  if (error === undefined) call.reply.status();
  else call.reply.error(error);
}

/**
 * The dict gets all its buckets at once, and the values are zero bytes behind the text "value:<index>", which alone is
 * the value when `size` is 0. A key object serves for each lookup. In steps, because it is any number of operations.
 */
function* populate(call: Call, count: number, prefix: string, size: number): Generator<void> {
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
