import { ALL_COMMANDS, type CommandInfo } from '../../commands/index.js';
import { GEO_ANSWERS } from '../geo-places.js';
import type { StoreCommand, StoreHandler, StoreHandlers } from '../store-command.js';
import { ACCESS_ANSWERS } from './access-control.js';
import { BITFIELD_ANSWERS } from './bitfields.js';
import { BIT_ANSWERS } from './bits.js';
import { CLUSTER_ANSWERS } from './cluster.js';
import { COMMAND_ANSWERS } from './command-commands.js';
import { CONNECTION_ANSWERS } from './connection-commands.js';
import { FIELD_EXPIRY_ANSWERS } from './field-expiry.js';
import { GEO_SEARCH_ANSWERS } from './geo-search.js';
import { HASH_ANSWERS } from './hashes.js';
import { HYPERLOGLOG_ANSWERS } from './hyperloglogs.js';
import { KEY_ANSWERS } from './keys.js';
import { LATENCY_ANSWERS } from './latency.js';
import { LCS_ANSWERS } from './lcs.js';
import { LIST_ANSWERS } from './lists.js';
import { SCAN_ANSWERS } from './scans.js';
import { SCRIPT_ANSWERS } from './scripts.js';
import { SERVER_ANSWERS } from './server-commands.js';
import { SET_ANSWERS } from './sets.js';
import { SLOW_LOG_ANSWERS } from './slow-log-commands.js';
import { SORT_ANSWERS } from './sort.js';
import { SORTED_SET_OPERATION_ANSWERS } from './sorted-set-operations.js';
import { SORTED_SET_RANGE_ANSWERS } from './sorted-set-ranges.js';
import { SORTED_SET_ANSWERS } from './sorted-sets.js';
import { STREAM_GROUP_ANSWERS } from './stream-groups.js';
import { STREAM_INFO_ANSWERS } from './stream-info.js';
import { STREAM_ANSWERS } from './streams.js';
import { STRING_ANSWERS } from './strings.js';
import { SUBSCRIPTION_ANSWERS } from './subscriptions.js';
import { TRANSACTION_ANSWERS } from './transactions.js';

const GROUPS: readonly StoreHandlers[] = [
  STRING_ANSWERS,
  BIT_ANSWERS,
  BITFIELD_ANSWERS,
  HYPERLOGLOG_ANSWERS,
  LCS_ANSWERS,
  LIST_ANSWERS,
  SET_ANSWERS,
  HASH_ANSWERS,
  FIELD_EXPIRY_ANSWERS,
  SORTED_SET_ANSWERS,
  SORTED_SET_RANGE_ANSWERS,
  SORTED_SET_OPERATION_ANSWERS,
  GEO_ANSWERS,
  GEO_SEARCH_ANSWERS,
  SORT_ANSWERS,
  STREAM_ANSWERS,
  STREAM_GROUP_ANSWERS,
  STREAM_INFO_ANSWERS,
  KEY_ANSWERS,
  SCAN_ANSWERS,
  TRANSACTION_ANSWERS,
  SUBSCRIPTION_ANSWERS,
  CONNECTION_ANSWERS,
  CLUSTER_ANSWERS,
  COMMAND_ANSWERS,
  SERVER_ANSWERS,
  SLOW_LOG_ANSWERS,
  LATENCY_ANSWERS,
  ACCESS_ANSWERS,
  SCRIPT_ANSWERS,
];

/** Returns the commands that the store carries out by name, of those that a server version has, subcommands included. */
export function storeCommands(infos: ReadonlyMap<string, CommandInfo>): ReadonlyMap<string, StoreCommand> {
  const commands = new Map<string, StoreCommand>();
  for (const [name, listed] of GROUPS.flatMap((group) => Object.entries(group))) {
    if (!ALL_COMMANDS.has(name)) throw new Error(`'${name}' has a handler, but no row in src/commands/table`);
    const info = infos.get(name);
    if (info === undefined) continue;
    const { handler, refusal } =
      typeof listed === 'function' ? { handler: listed, refusal: undefined } : listed;
    const container = infos.get(name.split('|')[0]!);
    if (container !== undefined && container !== info && !commands.has(container.name)) {
      commands.set(container.name, {
        ...container,
        handler: bySubcommand(commands, container),
        refusal: undefined,
      });
    }
    if (commands.has(name)) throw new Error(`'${name}' has two handlers`);
    commands.set(name, { ...info, handler, refusal });
  }
  return commands;
}

/** Returns a handler that passes a command on to that of its subcommand. */
function bySubcommand(commands: ReadonlyMap<string, StoreCommand>, { name }: CommandInfo): StoreHandler {
  return (ask) => commands.get(`${name}|${ask.text(1).toLowerCase()}`)?.handler(ask);
}
