import { parseFlush } from '../../commands/index.js';
import type { Call, Handlers } from '../server/index.js';
import { parsed } from './parsed.js';

/** FLUSHDB and FLUSHALL: a synchronous flush returns the freed pages to the system at once. */
function flush(isAll: boolean): (call: Call) => void {
  return parsed(parseFlush, (call, { mode }) => {
    const { databases, watched } = call.server;
    const isByDefault = mode === 'by default' && call.settings.lazyfreeLazyUserFlush;
    const isInBackground = mode === 'in background' || isByDefault;
    watched.touchAll();
    for (const database of isAll ? databases : [call.db]) call.dirty += database.flush(isInBackground);
    call.reply.status();
    if (!isInBackground) call.heap.purge();
  });
}

export const FLUSH_COMMANDS: Handlers = {
  flushdb: flush(false),
  flushall: flush(true),
};
