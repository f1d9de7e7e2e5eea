import {
  ALL_COMMANDS,
  argumentText,
  type Command,
  type CommandInfo,
  findCommand,
  repliesWithCondition,
} from '../../commands/index.js';
import type { ExchangeKind } from './exchange.js';

/** The kinds of requests: those of exchanges, CLIENT, which may switch replies off, and REPLCONF, which may have none. */
export type RequestKind = ExchangeKind | 'client' | 'replconf';

/** 'question' stands for the commands of which the lab answers some forms. */
const KINDS: Readonly<Record<string, RequestKind>> = {
  info: 'question',
  memory: 'question',
  bgsave: 'question',
  cluster: 'question',
  debug: 'question',
  client: 'client',
  multi: 'multi',
  exec: 'exec',
  discard: 'discard',
  hello: 'hello',
  reset: 'reset',
  quit: 'quit',
  monitor: 'monitor',
  replconf: 'replconf',
  psync: 'replication',
  sync: 'replication',
  eval: 'script',
  evalsha: 'script',
  fcall: 'script',
  module: 'opaque',
  replicaof: 'opaque',
  slaveof: 'opaque',
};

const KIND_OF = new Map([...ALL_COMMANDS.values()].map((info) => [info, kindOfInfo(info)]));

function kindOfInfo({ name, reply, flags }: CommandInfo): RequestKind {
  const kind = KINDS[name];
  if (kind !== undefined) return kind;
  if (reply === 'messages') return 'subscription';
  return flags.has('blocking') ? 'blocking' : 'commands';
}

export function kindOf(command: Command): RequestKind {
  const info = findCommand(command);
  // A command that the table lacks, such as a module's, may do anything.
  if (info === undefined) return 'opaque';
  const kind = KIND_OF.get(info)!;
  const { argumentCount } = command;
  if (repliesWithCondition(info.name, argumentCount, (index) => argumentText(command, index))) {
    return 'conditional';
  }
  // The server refuses RESET with arguments.
  return kind === 'reset' && command.argumentCount !== 1 ? 'commands' : kind;
}
