import {
  type ClientLabelRequest,
  type ClientListRequest,
  echoed,
  integerAt,
  isPrintable,
  notPrintable,
  parseClientList,
  parsePing,
  parseSetinfo,
  parseSetname,
  parseSwitch,
  parseUnblock,
  parseWait,
  parseWaitaof,
  type WaitRequest,
} from '../../commands/index.js';
import { clientLine } from '../client-line.js';
import type { CommandContext } from '../command-context.js';
import { ReplyError, syntaxError } from '../reply-error.js';
import type { Session } from '../session.js';
import { parsed, type StoreHandlers } from '../store-command.js';
import type { StoreReply } from '../store-reply.js';
import { discardTransaction } from './transactions.js';
import { waitOr } from './waiting.js';

function ping(ask: CommandContext, message: number): void {
  if (ask.session.isSubscribed && ask.reply.protocol === 2) {
    ask.reply.bulks(['pong', message > 0 ? ask.text(message) : '']);
    return;
  }
  if (message > 0) ask.reply.bulk(ask.text(message));
  else ask.reply.status('PONG');
}

function echo(ask: CommandContext): void {
  ask.reply.bulk(ask.text(1));
}

function quit(ask: CommandContext): void {
  ask.reply.ok();
}

function reset({ store, session, reply }: CommandContext): void {
  discardTransaction(store, session);
  store.publishing.forget(session);
  session.database = 0;
  session.protocol = 2;
  session.name = '';
  // A server leaves RESET without its reply after CLIENT REPLY SKIP (clearClientConnectionState).
  if (session.replies === 'off') session.replies = 'on';
  session.isEvictable = true;
  session.usesKeys = true;
  session.isAuthenticated = store.password === undefined;
  reply.protocol = 2;
  reply.status('RESET');
}

const WRONG_PASSWORD = 'WRONGPASS invalid username-password pair or user is disabled.';

function auth(ask: CommandContext): void {
  if (ask.count > 3) throw syntaxError();
  if (ask.count === 2 && ask.store.password === undefined) {
    ask.refuse(
      'ERR AUTH <password> called without any password configured for the default user. ' +
        'Are you sure your configuration is correct?',
    );
  }
  const [user, password] = ask.count === 3 ? [ask.text(1), ask.text(2)] : ['default', ask.text(1)];
  authenticate(ask, user, password);
  ask.reply.ok();
}

function authenticate({ store, session }: CommandContext, user: string, password: string): void {
  // Without a password every password is accepted, as for a user with nopass.
  if (user !== 'default' || (store.password !== undefined && !isEqual(password, store.password))) {
    throw new ReplyError(WRONG_PASSWORD);
  }
  session.isAuthenticated = true;
}

/** Compares two passwords in a time that does not depend on where they differ. */
function isEqual(given: string, wanted: string): boolean {
  let difference = given.length ^ wanted.length;
  for (let at = 0; at < given.length; at++) {
    difference |= given.charCodeAt(at) ^ wanted.charCodeAt(at % Math.max(1, wanted.length));
  }
  return difference === 0;
}

const AUTHENTICATE_FIRST =
  'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH ' +
  '<user> <pass> option can be used to authenticate the client and select the RESP protocol version ' +
  'at the same time';

/** HELLO [protocol [AUTH user password] [SETNAME name]] */
function hello(ask: CommandContext): void {
  const { session, reply, store } = ask;
  let protocol = session.protocol;
  if (ask.has(1)) {
    const given = ask.allowed(integerAt(ask, 1, 'ERR Protocol version is not an integer or out of range'));
    if (given !== 2 && given !== 3) ask.refuse('NOPROTO unsupported protocol version');
    protocol = given as 2 | 3;
  }
  let name: string | undefined;
  for (let index = 2; index < ask.count; index++) {
    if (ask.is(index, 'AUTH') && ask.has(index + 2)) {
      authenticate(ask, ask.text(index + 1), ask.text(index + 2));
      index += 2;
    } else if (ask.is(index, 'SETNAME') && ask.has(index + 1)) {
      name = checkedName(ask, ++index);
    } else {
      ask.refuse(`ERR Syntax error in HELLO option '${echoed(ask.text(index))}'`);
    }
  }
  if (!session.isAuthenticated) ask.refuse(AUTHENTICATE_FIRST);
  if (name !== undefined) session.name = name;
  session.protocol = protocol;
  reply.protocol = protocol;
  reply.map(7);
  const pairs = {
    server: store.version.product,
    version: store.version.release,
    proto: protocol,
    id: session.id,
  };
  for (const [field, value] of Object.entries({
    ...pairs,
    mode: store.isCluster ? 'cluster' : 'standalone',
    role: 'master',
  })) {
    reply.bulk(field);
    if (typeof value === 'number') reply.integer(value);
    else reply.bulk(value);
  }
  reply.bulk('modules');
  reply.array(0);
}

function checkedName(ask: CommandContext, index: number): string {
  const name = ask.text(index);
  if (!isPrintable(name)) ask.refuse(notPrintable('Client names'));
  return name;
}

function setLabel(ask: CommandContext, { label, index }: ClientLabelRequest): void {
  const { session } = ask;
  const text = ask.text(index);
  if (label === 'name') session.name = text;
  else if (label === 'library') session.libraryName = text;
  else session.libraryVersion = text;
  ask.reply.ok();
}

const CLIENT: StoreHandlers = {
  'client|setname': parsed(parseSetname, setLabel),
  'client|getname': ({ session, reply }) => reply.bulkOrNil(session.name === '' ? undefined : session.name),
  'client|id': ({ session, reply }) => reply.integer(session.id),
  'client|info': ({ session, store, reply, nowMs, args }) =>
    reply.verbatim(`${clientLine(session, nowMs, store.version, args)}\n`),
  'client|list': parsed(parseClientList, clientList),
  'client|setinfo': parsed(parseSetinfo, setLabel),
  'client|no-evict': parsed(parseSwitch, (ask, isOn) => {
    ask.session.isEvictable = !isOn;
    ask.reply.ok();
  }),
  'client|no-touch': parsed(parseSwitch, (ask, isOn) => {
    ask.session.usesKeys = !isOn;
    ask.reply.ok();
  }),
  'client|reply': clientReply,
  'client|unblock': parsed(parseUnblock, ({ store, reply }, { id, withError }) => {
    const session = store.sessions.get(id);
    reply.integer(session !== undefined && store.waiters.unblock(session, withError) ? 1 : 0);
  }),
  'client|unpause': ({ reply }) => reply.ok(),
  'client|getredir': ({ reply }) => reply.integer(-1),
};

function clientReply(ask: CommandContext): void {
  const { session } = ask;
  if (ask.is(2, 'ON')) {
    session.replies = 'on';
    ask.reply.ok();
  } else if (ask.is(2, 'OFF')) session.replies = 'off';
  else if (ask.is(2, 'SKIP')) {
    if (session.replies !== 'off') session.replies = 'skip';
  } else throw syntaxError();
}

function clientList(ask: CommandContext, { type, ids }: ClientListRequest): void {
  const { store, reply, nowMs } = ask;
  const chosen = [...store.sessions.values()].filter(
    (session) => (type ?? typeOf(session)) === typeOf(session) && ids?.has(session.id) !== false,
  );
  const lines = chosen.map((session) =>
    clientLine(session, nowMs, store.version, session === ask.session ? ask.args : undefined),
  );
  reply.verbatim(lines.map((line) => `${line}\n`).join(''));
}

/** Waits for replicas, of which there are none, so that only the end of its time ends the wait. */
function waitForReplicas(nothing: (reply: StoreReply) => void) {
  return (ask: CommandContext, { replicas, milliseconds }: WaitRequest): void => {
    const wait = { keys: [], kind: undefined, only: () => ask.args, atEnd: nothing };
    waitOr(ask, replicas > 0 ? milliseconds : undefined, nothing, wait);
  };
}

function typeOf({ isSubscribed }: Session): string {
  return isSubscribed ? 'pubsub' : 'normal';
}

function time({ reply, nowMs }: CommandContext): void {
  const seconds = Math.floor(nowMs / 1000);
  reply.bulks([`${seconds}`, `${Math.floor((nowMs - seconds * 1000) * 1000)}`]);
}

export const CONNECTION_ANSWERS: StoreHandlers = {
  ping: parsed(parsePing, ping),
  echo,
  quit,
  reset,
  auth,
  hello,
  ...CLIENT,
  time,
  wait: parsed(
    parseWait,
    waitForReplicas((reply) => reply.integer(0)),
  ),
  waitaof: parsed(
    parseWaitaof,
    waitForReplicas((reply) => {
      reply.array(2);
      reply.integer(0);
      reply.integer(0);
    }),
  ),
};
