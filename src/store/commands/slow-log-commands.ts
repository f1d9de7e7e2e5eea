import { wrongForm } from '../../commands/index.js';
import type { CommandContext } from '../command-context.js';
import type { StoreHandlers } from '../store-command.js';

/** The number of commands in a reply without a count. */
const USUAL_COUNT = 10;

/** SLOWLOG GET [count] */
function get(ask: CommandContext): void {
  const { reply, store } = ask;
  if (ask.count > 3) ask.refuse(wrongForm(ask));
  const count = ask.has(2) ? ask.integer(2) : USUAL_COUNT;
  if (count === undefined || count < -1) ask.refuse('ERR count should be greater than or equal to -1');
  const { entries } = store.slowLog;
  const shown = count === -1 ? entries : entries.slice(0, count);
  reply.array(shown.length);
  for (const { id, atMs, microseconds, args, address, client } of shown) {
    reply.array(6);
    reply.integer(id);
    reply.integer(Math.floor(atMs / 1000));
    reply.integer(microseconds);
    reply.bulks(args);
    reply.bulk(address);
    reply.bulk(client);
  }
}

export const SLOW_LOG_ANSWERS: StoreHandlers = {
  'slowlog|get': get,
  'slowlog|len': ({ reply, store }) => reply.integer(store.slowLog.entries.length),
  'slowlog|reset': ({ reply, store }) => {
    store.slowLog.clear();
    reply.ok();
  },
};
