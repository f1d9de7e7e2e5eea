import type { CommandRow } from '../command-row.js';
import { ACCESS } from './acl.js';
import { CLUSTER } from './cluster.js';
import { CONNECTIONS } from './connections.js';
import { DATABASES } from './databases.js';
import { GEO } from './geo.js';
import { HASHES } from './hashes.js';
import { KEYS } from './keys.js';
import { LISTS } from './lists.js';
import { PUBSUB } from './pubsub.js';
import { REPLICATION } from './replication.js';
import { SCRIPTING } from './scripting.js';
import { SERVER } from './server.js';
import { SETS } from './sets.js';
import { SORTED_SETS } from './sorted-sets.js';
import { STREAMS } from './streams.js';
import { STRINGS } from './strings.js';

/** Returns the commands of every server in the table, subcommands included. */
export const ROWS: readonly CommandRow[] = [
  ...STRINGS,
  ...LISTS,
  ...SETS,
  ...HASHES,
  ...SORTED_SETS,
  ...GEO,
  ...STREAMS,
  ...KEYS,
  ...DATABASES,
  ...SCRIPTING,
  ...CONNECTIONS,
  ...PUBSUB,
  ...ACCESS,
  ...SERVER,
  ...REPLICATION,
  ...CLUSTER,
];
