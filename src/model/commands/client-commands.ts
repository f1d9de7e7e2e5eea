import {
  type ClientLabelRequest,
  parseClientList,
  parseSetinfo,
  parseSetname,
  parseSwitch,
  SYNTAX_ERROR,
} from '../../commands/index.js';
import type { Client } from '../client/index.js';
import type { Call, Handlers } from '../server/index.js';
import { parsed } from './parsed.js';

/** The approximate bytes of a client in CLIENT LIST; its length changes with the numbers in it. */
const LISTED_BYTES = 330;

type Part = (call: Call) => void;

const PARTS: Readonly<Record<string, Part>> = {
  ID: (call) => call.reply.integer(call.client.id),
  GETNAME: (call) => {
    const name = call.client.labels.get('name');
    if (name === undefined) call.reply.nil();
    else call.reply.bulk(name.length);
  },
  INFO: (call) => call.reply.bulk(LISTED_BYTES),
  LIST: parsed(parseClientList, (call) =>
    call.reply.bulk(LISTED_BYTES * call.server.connections.byNumber.size),
  ),
  SETNAME: parsed(parseSetname, setLabel),
  SETINFO: parsed(parseSetinfo, setLabel),
  KILL: kill,
  'NO-EVICT': parsed(parseSwitch, (call) => call.reply.status()),
  'NO-TOUCH': parsed(parseSwitch, (call) => call.reply.status()),
  UNBLOCK: (call) => call.reply.integer(0),
  GETREDIR: (call) => call.reply.integer(-1),
  TRACKINGINFO: (call) => call.reply.array(0),
};

/** Sets a label of the client to an argument; an empty one removes the label. */
function setLabel(call: Call, { label, index }: ClientLabelRequest): void {
  call.client.label(label, call.args, index, call.length(index));
  call.reply.status();
}

interface KillRequest {
  readonly filters: ((client: Client) => boolean)[];
  skipsMe: boolean;
}

type KillOption = (request: KillRequest, value: string) => string | undefined;

/** The options of CLIENT KILL; each adds to the request or returns an error. */
const KILL_OPTIONS: Readonly<Record<string, KillOption>> = {
  ID: ({ filters }, value) => {
    const id = /^\d{1,15}$/.test(value) ? Number(value) : 0;
    if (id === 0) return 'ERR client-id should be greater than 0';
    filters.push((client) => client.id === id);
    return undefined;
  },
  TYPE: ({ filters }, value) => {
    filters.push(() => value === 'normal');
    return /^(normal|master|primary|replica|slave|pubsub)$/.test(value)
      ? undefined
      : `ERR Unknown client type '${value}'`;
  },
  USER: (_, value) => (value === 'default' ? undefined : `ERR No such user '${value}'`),
  SKIPME: (request, value) => {
    request.skipsMe = value === 'yes';
    return /^(yes|no)$/.test(value) ? undefined : SYNTAX_ERROR;
  },
  ADDR: ({ filters }) => {
    filters.push(() => false);
    return undefined;
  },
};

/**
 * CLIENT KILL filters by id, type, user and skipme. The model knows no addresses, so an address finds no client and
 * counts as an unknown command.
 */
function kill(call: Call): void {
  const request: KillRequest = { filters: [], skipsMe: true };
  if (call.count === 3) {
    call.server.unknown.add('CLIENT KILL by address');
    call.reply.error('ERR No such client');
    return;
  }
  let problem = call.count % 2 === 1 || call.count < 4 ? SYNTAX_ERROR : undefined;
  for (let index = 2; index < call.count && problem === undefined; index += 2) {
    const option = call.text(index).toUpperCase().replace('LADDR', 'ADDR');
    if (option === 'ADDR') call.server.unknown.add('CLIENT KILL by address');
    const apply = KILL_OPTIONS[option];
    problem = apply === undefined ? SYNTAX_ERROR : apply(request, call.text(index + 1).toLowerCase());
  }
  if (problem === undefined) call.reply.integer(killAll(call, request));
  else call.reply.error(problem);
}

function killAll({ client: me, server }: Call, { filters, skipsMe }: KillRequest): number {
  let killed = 0;
  for (const client of [...server.connections.byNumber.values()]) {
    if ((client === me && skipsMe) || !filters.every((isMeant) => isMeant(client))) continue;
    killed++;
    if (client === me) me.isClosing = true;
    else server.freeClient(client);
  }
  return killed;
}

function client(call: Call): void {
  const part = PARTS[call.text(1).toUpperCase()];
  if (part === undefined) call.reply.status();
  else part(call);
}

function quit(call: Call): void {
  call.client.isClosing = true;
  call.reply.status();
}

/** RESET: resets the database, the transaction, its watched keys and the name. */
function reset(call: Call): void {
  call.select(0);
  call.client.transaction.discard();
  call.server.watched.removeAllOf(call.client);
  call.client.unlabel('name');
  call.reply.status('RESET'.length);
}

export const CLIENT_COMMANDS: Handlers = {
  client,
  quit,
  reset,
};
