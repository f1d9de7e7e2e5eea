import { parseFlush } from '../../commands/index.js';
import type { Call, Handlers } from '../server/index.js';
import { parsed } from './parsed.js';

/**
 * FLUSHDB and FLUSHALL: a synchronous flush returns the freed pages to the system at once. In versions where the client
 * waits for the background thread, both kinds allocate the same.
 */
function flush(isAll: boolean): (call: Call) => void {
  return parsed(parseFlush, (call, { mode }) => {
    const { databases, watched } = call.server;
    const isByDefault = mode === 'by default' && call.settings.lazyfreeLazyUserFlush;
    const { flushesInBackground } = call.version.commands;
    const isInBackground = mode === 'in background' || isByDefault || flushesInBackground;
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
