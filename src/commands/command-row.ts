import type { Since } from './release.js';

/** First and last key by argument index (negative: counted from the end), and the step from key to key. */
export type KeyRange = readonly [first: number, last: number, step: number];

/** Keys whose place depends on other arguments, in addition to those of the key range. */
export interface MovableKeys {
  /** Index of the argument that counts the keys after it. */
  readonly countAt?: number;
  /** Words that keys follow. */
  readonly words?: readonly string[];
}

/**
 * Dependence on the connection. 'once': the reply depends on the connection. 'lasting': so do later commands. 'end':
 * the server closes the connection after the reply.
 */
export type ConnectionUse = 'once' | 'lasting' | 'end';

/** The form of a reply. 'messages': one message for each channel, or none. 'stream': no sequence of replies follows. */
export type ReplyForm = 'messages' | 'stream';

/** A difference that starts with a release; flags are separated by spaces. */
export interface CommandChange {
  readonly since: Since;
  readonly arity?: number;
  readonly adds?: string;
  readonly drops?: string;
}

/** The facts of one command as the table lists them: those of the oldest release, then what changed. */
export interface CommandRow {
  /** Name in lower case. A subcommand is a command of its own, prefixed with its container: 'config|set'. */
  readonly name: string;
  /** Number of arguments including the name; a negative number is a minimum. */
  readonly arity: number;
  /** Flags as COMMAND INFO names them, separated by spaces. */
  readonly flags?: string;
  readonly keys?: KeyRange;
  readonly movable?: MovableKeys;
  /** The first release that has the command; omitted if all do. */
  readonly since?: Since;
  readonly changes?: readonly CommandChange[];
  /** The dependence on the connection. Subcommands have their container's unless they have their own. */
  readonly connection?: ConnectionUse;
  /** The form of the reply; omitted if every call has one reply. */
  readonly reply?: ReplyForm;
  /** Whether MULTI does not queue it. */
  readonly runsInMulti?: true;
}
