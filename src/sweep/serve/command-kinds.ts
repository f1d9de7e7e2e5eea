/** The few commands that whoever stands between a client and its server has to know by name. */
import { argumentText, type Command } from '../../redis/index.js';

export type CommandKind =
  /** Goes on, and is answered by one reply. */
  | 'plain'
  /** May be a question to the lab. */
  | 'question'
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
  hello: 'hello',
  auth: 'auth',
  quit: 'quit',
  monitor: 'stream',
  sync: 'stream',
  psync: 'stream',
  post: 'foreign',
  'host:': 'foreign',
};

/** By length and first letter: most commands are told from all of the above without making a string of their name. */
const CANDIDATES = new Uint8Array(32 * 32);
const LONGEST = Math.max(...Object.keys(KINDS).map(({ length }) => length));
for (const name of Object.keys(KINDS)) CANDIDATES[name.length * 32 + (name.charCodeAt(0) & 31)] = 1;

export function kindOf(command: Command): CommandKind {
  const length = command.length[0] as number;
  if (length > LONGEST) return 'plain';
  const first = command.bytes[command.start[0] as number] as number;
  if (CANDIDATES[length * 32 + (first & 31)] === 0) return 'plain';
  return KINDS[argumentText(command, 0).toLowerCase()] ?? 'plain';
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
