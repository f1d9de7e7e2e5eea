import type { ReplyFramer } from '../../resp/node.js';
import { Outcome } from '../feed.js';
import type { ExchangeKind } from './exchange.js';

/** Returns what a server did with a command of an exchange, by the reply that was framed last. */
export function outcomeOf(kind: ExchangeKind, { isError, isNull, errorCode, line }: ReplyFramer): number {
  if (kind === 'blocking' && isNull) return Outcome.refused;
  if (kind === 'conditional' && !isError) return isNull || line === '0' ? Outcome.unmet : Outcome.met;
  if (kind === 'exec' && isNull) return Outcome.stale;
  if (kind === 'exec' && errorCode === 'EXECABORT') return Outcome.aborted;
  if (!isError) return Outcome.executed;
  if (REFUSALS.has(errorCode)) return Outcome.refused;
  // The error may be the script's own.
  if (kind === 'script') return Outcome.executed;
  return REJECTIONS.test(line) ? Outcome.refused : Outcome.failed;
}

/** Whether an error refuses CLIENT REPLY, or all of CLIENT. */
export function refusesClientReply({ errorCode, line }: ReplyFramer): boolean {
  return errorCode === 'NOAUTH' || REFUSED_CLIENT_REPLY.test(line);
}

const REFUSED_CLIENT_REPLY = /^(?!ERR wrong number).*['`]client(\|reply)?['`]/i;

/** The errors of a server's checks before it calls a command (processCommand). */
const REJECTIONS =
  /^ERR (unknown (command|subcommand)|wrong number of arguments|Unknown subcommand|.* not allowed|Command not allowed)/;

/** The errors with which a server refuses a command, or a script, before it runs. */
const REFUSALS: ReadonlySet<string> = new Set(
  (
    'NOSCRIPT NOAUTH NOPERM LOADING BUSY MOVED ASK CLUSTERDOWN TRYAGAIN CROSSSLOT READONLY MASTERDOWN MISCONF ' +
    'NOREPLICAS DENIED OOM'
  ).split(' '),
);
