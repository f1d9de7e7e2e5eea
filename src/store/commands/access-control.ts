/** ACL: the lab has the default user alone, who may do everything. */
import { echoed, isIn, MAX_ECHO, wrongForm } from '../../commands/index.js';
import type { CommandContext } from '../command-context.js';
import { CATEGORY_NAMES } from '../command-facts.js';
import type { KeyValues } from '../key-values.js';
import { unsupported } from '../reply-error.js';
import type { StoreHandlers } from '../store-command.js';
import { inCategory } from './command-commands.js';

const USER = 'default';

/** ACL CAT [category] */
function cat(ask: CommandContext): void {
  if (ask.count > 3) ask.refuse(wrongForm(ask));
  if (!ask.has(2)) {
    ask.reply.bulks(CATEGORY_NAMES);
    return;
  }
  const category = ask.text(2).toLowerCase();
  if (!CATEGORY_NAMES.includes(category))
    ask.refuse(`ERR Unknown category '${echoed(ask.text(2), MAX_ECHO)}'`);
  ask.reply.bulks(inCategory(ask, category));
}

/** Whether the servers of a version show that the payloads of RESTORE are sanitized. */
function showsSanitizing({ version }: KeyValues): boolean {
  return isIn(version, '7.2') && !isIn(version, { valkey: '9.1' });
}

function list({ store, reply }: CommandContext): void {
  reply.bulks([`user ${USER} on nopass ${showsSanitizing(store) ? 'sanitize-payload ' : ''}~* &* +@all`]);
}

/** ACL GETUSER name */
function getuser(ask: CommandContext): void {
  const { store, reply } = ask;
  if (ask.text(2) !== USER) {
    reply.nil();
    return;
  }
  const flags = ['on', 'nopass', ...(showsSanitizing(store) ? ['sanitize-payload'] : [])];
  const texts = { commands: '+@all', keys: '~*', channels: '&*' };
  const databases = isIn(store.version, { valkey: '9.1' }) ? { databases: 'alldbs' } : {};
  const rights = Object.entries({ ...texts, ...databases });
  reply.map(rights.length + 3);
  reply.bulk('flags');
  reply.set(flags.length);
  for (const flag of flags) reply.bulk(flag);
  reply.bulk('passwords');
  reply.array(0);
  for (const [name, text] of rights) {
    reply.bulk(name);
    reply.bulk(text);
  }
  reply.bulk('selectors');
  reply.array(0);
}

/** A user with a password is shown with its hash, which the lab does not compute. */
function refusalOf(what: string) {
  return (_: readonly string[], { password }: KeyValues) =>
    password === undefined ? undefined : unsupported(`${what} with a password`);
}

export const ACCESS_ANSWERS: StoreHandlers = {
  'acl|whoami': ({ reply }) => reply.bulk(USER),
  'acl|users': ({ reply }) => reply.bulks([USER]),
  'acl|cat': cat,
  'acl|list': { handler: list, refusal: refusalOf('ACL LIST') },
  'acl|getuser': { handler: getuser, refusal: refusalOf('ACL GETUSER') },
};
