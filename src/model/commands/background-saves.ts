import type { Call, Handlers } from '../server/index.js';

/** BGSAVE [SCHEDULE] */
function bgsave(call: Call): void {
  const { child, nowMs } = call.server;
  if (call.count > 2 || (call.count === 2 && !call.is(1, 'SCHEDULE'))) {
    call.reply.syntaxError();
  } else if (child.start(nowMs, call.heap.used)) {
    call.reply.status('Background saving started'.length);
  } else if (call.count === 2) {
    child.schedule();
    call.reply.status('Background saving scheduled'.length);
  } else {
    call.reply.error('ERR Background save already in progress');
  }
}

/** BGREWRITEAOF: the buffer for the append-only file during the rewrite is not modelled; most servers have none. */
function bgrewriteaof(call: Call): void {
  const { child, nowMs } = call.server;
  if (child.start(nowMs, call.heap.used)) {
    call.reply.status('Background append only file rewriting started'.length);
    return;
  }
  child.schedule();
  call.reply.status('Background append only file rewriting scheduled'.length);
}

export const CHILD_COMMANDS: Handlers = {
  bgsave,
  bgrewriteaof,
};
