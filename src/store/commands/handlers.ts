import type { ServerVersion } from '../../model/index.js';
import { GEO_ANSWERS } from '../geo-places.js';
import type { StoreCommand } from '../store-command.js';
import { BITFIELD_ANSWERS } from './bitfields.js';
import { BIT_ANSWERS } from './bits.js';
import { CONNECTION_ANSWERS } from './connection-commands.js';
import { GEO_SEARCH_ANSWERS } from './geo-search.js';
import { HASH_ANSWERS } from './hashes.js';
import { HYPERLOGLOG_ANSWERS } from './hyperloglogs.js';
import { KEY_ANSWERS } from './keys.js';
import { LCS_ANSWERS } from './lcs.js';
import { LIST_ANSWERS } from './lists.js';
import { SCAN_ANSWERS } from './scans.js';
import { SERVER_ANSWERS } from './server-commands.js';
import { SET_ANSWERS } from './sets.js';
import { SORT_ANSWERS } from './sort.js';
import { SORTED_SET_OPERATION_ANSWERS } from './sorted-set-operations.js';
import { SORTED_SET_RANGE_ANSWERS } from './sorted-set-ranges.js';
import { SORTED_SET_ANSWERS } from './sorted-sets.js';
import { STREAM_GROUP_ANSWERS } from './stream-groups.js';
import { STREAM_INFO_ANSWERS } from './stream-info.js';
import { STREAM_ANSWERS } from './streams.js';
import { STRING_ANSWERS } from './strings.js';
import { TRANSACTION_ANSWERS } from './transactions.js';

/** Every command that is answered, by its name. */
export const ANSWERS: ReadonlyMap<string, StoreCommand> = new Map(
  [
    STRING_ANSWERS,
    BIT_ANSWERS,
    BITFIELD_ANSWERS,
    HYPERLOGLOG_ANSWERS,
    LCS_ANSWERS,
    LIST_ANSWERS,
    SET_ANSWERS,
    HASH_ANSWERS,
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
    CONNECTION_ANSWERS,
    SERVER_ANSWERS,
  ]
    .flat()
    .map((spec) => [spec.name, spec]),
);

/** The commands of a server version. */
export function commandsFor({ commandOverrides }: ServerVersion): ReadonlyMap<string, StoreCommand> {
  const changed = new Map(ANSWERS);
  for (const [name, arity] of Object.entries(commandOverrides.arity)) {
    changed.set(name, { ...ANSWERS.get(name)!, arity });
  }
  return changed;
}
