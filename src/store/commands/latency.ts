/** LATENCY, as of a server whose latency monitor is off. The store lets no client switch it on. */
import { echoed, isIn } from '../../commands/index.js';
import type { CommandContext } from '../command-context.js';
import type { StoreHandlers } from '../store-command.js';

/** LATENCY GRAPH event */
function graph(ask: CommandContext): void {
  ask.refuse(`ERR No samples available for event '${echoed(ask.text(2))}'`);
}

const HELP_OF_REDIS = 'https://redis.io/topics/latency-monitor';
const HELP_OF_REDIS_8 =
  'https://redis.io/docs/latest/operate/oss_and_stack/management/optimization/latency-monitor';

function doctor({ store, reply }: CommandContext): void {
  const isValkey = store.version.product === 'valkey';
  const title = isValkey ? 'Valkey' : 'Redis';
  const place = isIn(store.version, { redis: '8.0' }) ? HELP_OF_REDIS_8 : HELP_OF_REDIS;
  const more = isValkey
    ? ''
    : ` If we weren't in a deep space mission I'd suggest to take a look at ${place}.`;
  reply.verbatim(
    `I'm sorry, Dave, I can't do that. Latency monitoring is disabled in this ${title} instance. You may use ` +
      `"CONFIG SET latency-monitor-threshold <milliseconds>." in order to enable it.${more}\n`,
  );
}

export const LATENCY_ANSWERS: StoreHandlers = {
  'latency|latest': ({ reply }) => reply.array(0),
  'latency|history': ({ reply }) => reply.array(0),
  'latency|reset': ({ reply }) => reply.integer(0),
  'latency|graph': graph,
  'latency|doctor': doctor,
};
