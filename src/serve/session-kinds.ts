import { argumentText, type Command, findCommand } from '../commands/index.js';

/** The kinds of commands that a session of the lab treats differently. */
export type SessionKind =
  /** The link executes it. */
  | 'plain'
  /** It may be a command that the lab answers. */
  | 'question'
  | 'multi'
  | 'exec'
  | 'discard'
  | 'reset'
  | 'auth'
  | 'hello'
  /** It is a request of another protocol, such as a browser's. */
  | 'foreign';

const KINDS: ReadonlyMap<string, SessionKind> = new Map([
  ['info', 'question'],
  ['memory', 'question'],
  ['bgsave', 'question'],
  ['cluster', 'question'],
  ['debug', 'question'],
  ['object', 'question'],
  ['multi', 'multi'],
  ['exec', 'exec'],
  ['discard', 'discard'],
  ['reset', 'reset'],
  ['auth', 'auth'],
  ['hello', 'hello'],
]);

const FOREIGN: ReadonlySet<string> = new Set(['post', 'host:']);

export function sessionKindOf(command: Command): SessionKind {
  const info = findCommand(command);
  if (info !== undefined) return KINDS.get(info.name) ?? 'plain';
  return FOREIGN.has(argumentText(command, 0).toLowerCase()) ? 'foreign' : 'plain';
}
