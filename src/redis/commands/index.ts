import { CommandTable } from '../command-table.js';
import { KEY_COMMANDS } from './keys.js';
import { SERVER_COMMANDS } from './server.js';
import { STRING_COMMANDS } from './strings.js';

/** Every command that is modelled. */
export const COMMANDS = new CommandTable(STRING_COMMANDS, KEY_COMMANDS, SERVER_COMMANDS);
