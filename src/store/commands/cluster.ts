/** CLUSTER of a node that has all slots and knows no other. */
import { latin1Bytes, sha1 } from '../../base/index.js';
import { integerAt } from '../../commands/index.js';
import { SLOTS } from '../../model/index.js';
import type { CommandContext } from '../command-context.js';
import { slotOf } from '../slots.js';
import type { StoreHandler, StoreHandlers } from '../store-command.js';

/** Returns a handler that a server without cluster mode refuses. */
function inCluster(handler: StoreHandler): StoreHandler {
  return (ask) => {
    if (!ask.store.isCluster) ask.refuse('ERR This instance has cluster support disabled');
    handler(ask);
  };
}

function slotAt(ask: CommandContext): number {
  const slot = ask.allowed(integerAt(ask, 2));
  if (slot < 0 || slot >= SLOTS) ask.refuse('ERR Invalid slot');
  return slot;
}

function namesIn({ data }: CommandContext, slot: number): string[] {
  return [...data.keys.names()].filter((name) => slotOf(name) === slot);
}

function getKeysInSlot(ask: CommandContext): void {
  const slot = slotAt(ask);
  const count = ask.allowed(integerAt(ask, 3));
  if (count < 0) ask.refuse('ERR Invalid number of keys');
  ask.reply.bulks(namesIn(ask, slot).slice(0, count));
}

function info(ask: CommandContext): void {
  const fields = {
    cluster_state: 'ok',
    cluster_slots_assigned: SLOTS,
    cluster_slots_ok: SLOTS,
    cluster_slots_pfail: 0,
    cluster_slots_fail: 0,
    cluster_known_nodes: 1,
    cluster_size: 1,
    cluster_current_epoch: 1,
    cluster_my_epoch: 1,
  };
  ask.reply.verbatim(
    Object.entries(fields)
      .map(([name, value]) => `${name}:${value}\r\n`)
      .join(''),
  );
}

/** Returns the id of the node, which depends on its port alone. */
function nodeId({ store }: CommandContext): string {
  return sha1(latin1Bytes(`slablab node ${store.port}`));
}

function slots(ask: CommandContext): void {
  const { reply, session } = ask;
  const at = session.localAddress.lastIndexOf(':');
  reply.array(1);
  reply.array(3);
  reply.integer(0);
  reply.integer(SLOTS - 1);
  reply.array(4);
  reply.bulk(session.localAddress.slice(0, at));
  reply.integer(Number(session.localAddress.slice(at + 1)));
  reply.bulk(nodeId(ask));
  reply.array(0);
}

export const CLUSTER_ANSWERS: StoreHandlers = {
  'cluster|keyslot': inCluster((ask) => ask.reply.integer(slotOf(ask.text(2)))),
  'cluster|countkeysinslot': inCluster((ask) => ask.reply.integer(namesIn(ask, slotAt(ask)).length)),
  'cluster|getkeysinslot': inCluster(getKeysInSlot),
  'cluster|info': inCluster(info),
  'cluster|myid': inCluster((ask) => ask.reply.bulk(nodeId(ask))),
  'cluster|slots': inCluster(slots),
};
