/** The kinds of commands that a proxy has to treat differently. */
import {
  ALL_COMMANDS,
  argumentText,
  type Command,
  type CommandInfo,
  findCommand,
  subcommandOf,
} from '../commands/index.js';
import type { DedicatedUse } from './client-link.js';

export type CommandKind =
  /** Has one reply, which does not depend on the connection. */
  | 'plain'
  /** Has one reply, but depends on the client's own connection, or is unknown. */
  | 'dedicated'
  /** May be a command that the lab answers. */
  | 'intercepted'
  /** May be refused by the configuration of a server (immutable, protected), which then executes nothing. */
  | 'administrative'
  /** Begins a transaction, in which the lab answers nothing. */
  | 'multi'
  | 'exec'
  | 'discard'
  /** Blocks the client. A null reply means that its timeout expired. */
  | 'blocking'
  /** Has a message for each channel, or no reply. */
  | 'subscription'
  /** May switch replies off, as CLIENT REPLY does. */
  | 'client'
  | 'hello'
  | 'auth'
  | 'quit'
  /** Ends the sequence of commands and replies, as PSYNC does. */
  | 'stream'
  /** Is a request of another protocol, such as a browser's. */
  | 'foreign';

/** The commands that a session handles specially. */
const KINDS: Readonly<Record<string, CommandKind>> = {
  info: 'intercepted',
  memory: 'intercepted',
  bgsave: 'intercepted',
  cluster: 'intercepted',
  debug: 'intercepted',
  config: 'administrative',
  multi: 'multi',
  exec: 'exec',
  discard: 'discard',
  reset: 'discard',
  client: 'client',
  hello: 'hello',
  auth: 'auth',
  quit: 'quit',
};

const FOREIGN: ReadonlySet<string> = new Set(['post', 'host:']);

const KIND_OF = new Map([...ALL_COMMANDS.values()].map((info) => [info, kindOfInfo(info)]));

function kindOfInfo({ name, reply, connection, flags }: CommandInfo): CommandKind {
  const kind = KINDS[name];
  if (kind !== undefined) return kind;
  if (reply === 'stream') return 'stream';
  if (reply === 'messages') return 'subscription';
  if (connection === 'lasting') return 'dedicated';
  return flags.has('blocking') ? 'blocking' : 'plain';
}

export function kindOf(command: Command): CommandKind {
  const info = findCommand(command);
  if (info !== undefined) return KIND_OF.get(info)!;
  // A command that the table lacks, such as a module's, may do anything.
  return FOREIGN.has(argumentText(command, 0).toLowerCase()) ? 'foreign' : 'dedicated';
}

/** Returns how a command depends on its connection; undefined if it means the same over any. */
export function dedicatedUseOf(command: Command): DedicatedUse | undefined {
  const info = findCommand(command);
  if (info === undefined) return 'sticky';
  const { connection } = subcommandOf(info, command) ?? info;
  if (connection === undefined) return undefined;
  return connection === 'once' ? 'this-command' : 'sticky';
}

/** Whether a client receives replies, which CLIENT REPLY changes. */
export type ReplyMode = 'on' | 'off' | 'skip';

export function replyModeSet(command: Command): ReplyMode | undefined {
  if (command.argumentCount !== 3 || argumentText(command, 1).toLowerCase() !== 'reply') return undefined;
  const mode = argumentText(command, 2).toLowerCase();
  return mode === 'on' || mode === 'off' || mode === 'skip' ? mode : undefined;
}

export function wordsOf(command: Command): string[] {
  return Array.from({ length: command.argumentCount }, (_, index) => argumentText(command, index));
}
