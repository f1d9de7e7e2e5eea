import { argumentText, type Command } from '../commands/index.js';
import { COMMANDS } from '../model/index.js';
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
  blpop: 'blocking',
  brpop: 'blocking',
  blmove: 'blocking',
  brpoplpush: 'blocking',
  blmpop: 'blocking',
  bzpopmin: 'blocking',
  bzpopmax: 'blocking',
  bzmpop: 'blocking',
  xread: 'blocking',
  xreadgroup: 'blocking',
  subscribe: 'subscription',
  psubscribe: 'subscription',
  ssubscribe: 'subscription',
  unsubscribe: 'subscription',
  punsubscribe: 'subscription',
  sunsubscribe: 'subscription',
  client: 'client',
  select: 'own',
  watch: 'own',
  unwatch: 'own',
  asking: 'own',
  readonly: 'own',
  readwrite: 'own',
  wait: 'own',
  waitaof: 'own',
  // Waits for replicas that lag behind.
  shutdown: 'own',
  // ACK and GETACK are not answered.
  replconf: 'own',
  // After SCRIPT DEBUG a connection talks to the debugger.
  script: 'own',
  hello: 'hello',
  auth: 'auth',
  quit: 'quit',
  monitor: 'stream',
  sync: 'stream',
  psync: 'stream',
  post: 'foreign',
  'host:': 'foreign',
};

/** By the specification in the model's table, which finds a name without making a string of it. */
const KIND_OF = new Map(COMMANDS.specs.map((spec) => [spec, KINDS[spec.name] ?? 'plain']));

export function kindOf(command: Command): CommandKind {
  const spec = COMMANDS.find(command);
  if (spec !== undefined) return KIND_OF.get(spec)!;
  // What is not modelled, a module's commands among it, may do anything.
  return KINDS[argumentText(command, 0).toLowerCase()] ?? 'own';
}

/** Say nothing about the connection that they come over. */
const OF_NO_CONNECTION: ReadonlySet<CommandKind> = new Set(['plain', 'question', 'administrative']);

/** Words behind CLIENT that tell something of a connection, or name it: what comes behind them means what it meant. */
const HARMLESS_CLIENT_WORDS: ReadonlySet<string> = new Set([
  'setname',
  'setinfo',
  'getname',
  'id',
  'info',
  'list',
]);

/** Undefined: it means the same over any connection. */
export function ownUseOf(kind: CommandKind, command: Command): OwnUse | undefined {
  if (OF_NO_CONNECTION.has(kind)) return undefined;
  const isHarmless =
    kind === 'client' &&
    command.argumentCount > 1 &&
    HARMLESS_CLIENT_WORDS.has(argumentText(command, 1).toLowerCase());
  return kind === 'blocking' || isHarmless ? 'once' : 'from now on';
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
