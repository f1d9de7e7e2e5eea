import {
  ALL_COMMANDS,
  argumentText,
  type Command,
  type CommandInfo,
  findCommand,
  subcommandOf,
} from '../commands/index.js';
import type { OwnUse } from './link.js';

export type CommandKind =
  /** Goes on, and is answered by one reply, whichever connection it comes over. */
  | 'plain'
  /** The same, but it changes or tells something of the client's own connection, or waits, or is not known. */
  | 'own'
  /** May be a question to the lab. */
  | 'question'
  /** A server may refuse it for reasons of its own (immutable, protected, not allowed), and does nothing then. */
  | 'administrative'
  /** Opens and ends a transaction, in which nothing is answered by the lab. */
  | 'multi'
  | 'exec'
  | 'discard'
  /** Waits; `nil` says that it waited in vain. */
  | 'blocking'
  /** Is answered by as many messages as there are channels, or by none. */
  | 'subscription'
  /** CLIENT REPLY may keep replies from coming. */
  | 'client'
  | 'hello'
  | 'auth'
  | 'quit'
  /** What comes after it is no more commands and replies. */
  | 'stream'
  /** A browser's request: another protocol that was led here. */
  | 'foreign';

/** Commands that a session treats by themselves. */
const KINDS: Readonly<Record<string, CommandKind>> = {
  info: 'question',
  memory: 'question',
  bgsave: 'question',
  cluster: 'question',
  debug: 'question',
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
  if (connection === 'lasting') return 'own';
  return flags.has('blocking') ? 'blocking' : 'plain';
}

export function kindOf(command: Command): CommandKind {
  const info = findCommand(command);
  if (info !== undefined) return KIND_OF.get(info)!;
  // A command that the table lacks, such as a module's, may do anything.
  return FOREIGN.has(argumentText(command, 0).toLowerCase()) ? 'foreign' : 'own';
}

/** Returns how a command depends on its connection; undefined if it means the same over any. */
export function ownUseOf(command: Command): OwnUse | undefined {
  const info = findCommand(command);
  if (info === undefined) return 'from now on';
  const { connection } = subcommandOf(info, command) ?? info;
  if (connection === undefined) return undefined;
  return connection === 'once' ? 'once' : 'from now on';
}

/** Whether a client gets no answer to what it sends: after CLIENT REPLY. */
export type ReplyMode = 'on' | 'off' | 'skip';

export function replyModeSet(command: Command): ReplyMode | undefined {
  if (command.argumentCount !== 3 || argumentText(command, 1).toLowerCase() !== 'reply') return undefined;
  const mode = argumentText(command, 2).toLowerCase();
  return mode === 'on' || mode === 'off' || mode === 'skip' ? mode : undefined;
}

export function wordsOf(command: Command): string[] {
  return Array.from({ length: command.argumentCount }, (_, index) => argumentText(command, index));
}
