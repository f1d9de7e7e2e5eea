import { CommandTable } from '../command-table.js';
import { HASH_COMMANDS } from './hashes.js';
import { KEY_COMMANDS } from './keys.js';
import { LIST_COMMANDS } from './lists.js';
import { SERVER_COMMANDS } from './server.js';
import { SET_COMMANDS } from './sets.js';
import { SORTED_SET_OPERATIONS } from './sorted-set-operations.js';
import { SORTED_SET_COMMANDS } from './sorted-sets.js';
import { STRING_COMMANDS } from './strings.js';

/** Every command that is modelled. */
export const COMMANDS = new CommandTable(
  STRING_COMMANDS,
  KEY_COMMANDS,
  HASH_COMMANDS,
  LIST_COMMANDS,
  SET_COMMANDS,
  SORTED_SET_COMMANDS,
  SORTED_SET_OPERATIONS,
  SERVER_COMMANDS,
);
