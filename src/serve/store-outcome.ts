import { latin1 } from '../base/index.js';
import { NOT_A_WEIGHT, repliesWithCondition } from '../commands/index.js';
import { readReply } from '../resp/node.js';
import type { Session } from '../store/index.js';
import { Outcome } from './feed.js';

/**
 * Returns what the model does with a command that the store has answered, so that both hold the same keys. The store
 * alone knows the bytes of strings, and which of them are HyperLogLogs.
 */
export function outcomeOf(args: readonly Uint8Array[], reply: Uint8Array, { queued }: Session): Outcome {
  const name = latin1(args[0] ?? new Uint8Array()).toLowerCase();
  if (name !== 'exec') {
    if (queued !== undefined) return Outcome.modelled;
    if (reply[0] === ERROR) return latin1(reply) === SORT_FAILED ? Outcome.failed : Outcome.refused;
    if (!repliesWithCondition(name, args.length, (index) => latin1(args[index]!))) return Outcome.modelled;
    const isUnmet = readReply(reply).isNull || latin1(reply) === ':0\r\n';
    return isUnmet ? Outcome.unmet : Outcome.met;
  }
  const { isError, isNull } = readReply(reply);
  if (isNull) return Outcome.stale;
  return isError ? Outcome.aborted : Outcome.executed;
}

/** The first byte of an error reply. */
const ERROR = 0x2d;
/** The one error of a command that has changed something before. */
const SORT_FAILED = `-${NOT_A_WEIGHT}\r\n`;
