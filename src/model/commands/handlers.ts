import { commandsOf } from '../../commands/index.js';
import { CommandTable, type Handlers } from '../server/index.js';
import type { ServerVersion } from '../versions/index.js';
import { CHILD_COMMANDS } from './background-saves.js';
import { BITFIELD_COMMANDS } from './bitfield.js';
import { BIT_COMMANDS } from './bits.js';
import { CLIENT_COMMANDS } from './client-commands.js';
import { CLUSTER_COMMANDS } from './cluster.js';
import { CONFIG_COMMANDS } from './config.js';
import { CONNECTION_COMMANDS } from './connection-commands.js';
import { DUMP_COMMANDS } from './dump.js';
import { FIELD_EXPIRY_COMMANDS } from './field-expiry.js';
import { FLUSH_COMMANDS } from './flush.js';
import { GEO_COMMANDS } from './geo.js';
import { GEO_SEARCH_COMMANDS } from './geo-search.js';
import { HASH_COMMANDS } from './hashes.js';
import { HYPERLOGLOG_COMMANDS } from './hyperloglogs.js';
import { KEY_COMMANDS } from './keys.js';
import { KEYSPACE_READS } from './keyspace-reads.js';
import { LCS_COMMANDS } from './lcs.js';
import { LIST_COMMANDS } from './lists.js';
import { SCAN_COMMANDS } from './scan.js';
import { SCRIPTING_COMMANDS } from './scripting.js';
import { SERVER_COMMANDS } from './server-commands.js';
import { SET_COMMANDS } from './sets.js';
import { SORT_COMMANDS } from './sort.js';
import { SORTED_SET_OPERATIONS } from './sorted-set-operations.js';
import { SORTED_SET_COMMANDS } from './sorted-sets.js';
import { STREAM_CLAIM_COMMANDS } from './stream-claims.js';
import { STREAM_COMMANDS } from './streams.js';
import { STRING_COMMANDS } from './strings.js';
import { TEXT_COMMANDS } from './texts.js';
import { TRANSACTION_COMMANDS } from './transactions.js';

const GROUPS: readonly Handlers[] = [
  STRING_COMMANDS,
  BIT_COMMANDS,
  BITFIELD_COMMANDS,
  LCS_COMMANDS,
  HYPERLOGLOG_COMMANDS,
  KEY_COMMANDS,
  KEYSPACE_READS,
  SCAN_COMMANDS,
  DUMP_COMMANDS,
  FLUSH_COMMANDS,
  TRANSACTION_COMMANDS,
  SCRIPTING_COMMANDS,
  CONFIG_COMMANDS,
  CHILD_COMMANDS,
  CLIENT_COMMANDS,
  CLUSTER_COMMANDS,
  CONNECTION_COMMANDS,
  TEXT_COMMANDS,
  HASH_COMMANDS,
  FIELD_EXPIRY_COMMANDS,
  LIST_COMMANDS,
  SET_COMMANDS,
  SORTED_SET_COMMANDS,
  SORTED_SET_OPERATIONS,
  SORT_COMMANDS,
  GEO_COMMANDS,
  GEO_SEARCH_COMMANDS,
  STREAM_COMMANDS,
  STREAM_CLAIM_COMMANDS,
  SERVER_COMMANDS,
];

const TABLES = new WeakMap<ServerVersion, CommandTable>();

/** Returns the commands of a server version that are modelled. */
export function commandTable(version: ServerVersion): CommandTable {
  let table = TABLES.get(version);
  if (table === undefined) {
    table = new CommandTable(commandsOf(version), ...GROUPS);
    TABLES.set(version, table);
  }
  return table;
}
