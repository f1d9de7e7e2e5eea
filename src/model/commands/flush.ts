import type { Call, Handlers } from '../server/index.js';

/** FLUSHDB and FLUSHALL [SYNC|ASYNC]: a synchronous one gives the freed pages back at once. */
function flush(isAll: boolean) {
  return (call: Call): void => {
    const { databases, watched } = call.server;
    if (call.argc > 2 || (call.argc === 2 && !call.is(1, 'SYNC') && !call.is(1, 'ASYNC'))) {
      call.reply.syntaxError();
      return;
    }
    const byDefault = call.settings.lazyfreeLazyUserFlush;
    const isAsynchronous = call.argc === 2 ? call.is(1, 'ASYNC') : byDefault;
    watched.touchAll();
    for (const database of isAll ? databases : [call.db]) call.dirty += database.flush(isAsynchronous);
    call.reply.status();
    if (!isAsynchronous) call.heap.purge();
  };
}

export const FLUSH_COMMANDS: Handlers = {
  flushdb: flush(false),
  flushall: flush(true),
};
