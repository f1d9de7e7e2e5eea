import { latin1 } from '../base/index.js';
import { readReply } from '../resp/node.js';
import type { Session } from '../store/index.js';
import { Outcome } from './feed.js';

/**
 * Returns what the model does with a command that the store has answered, so that both hold the same keys. The store
 * alone knows the bytes of strings, and which of them are HyperLogLogs.
 */
export function outcomeOf(args: readonly Uint8Array[], reply: Uint8Array, { queued }: Session): Outcome {
  const isExec = args[0]?.length === 4 && latin1(args[0]).toLowerCase() === 'exec';
  if (!isExec) return queued === undefined && reply[0] === ERROR ? Outcome.refused : Outcome.modelled;
  const { isError, isNull } = readReply(reply);
  if (isNull) return Outcome.stale;
  return isError ? Outcome.aborted : Outcome.executed;
}

/** The first byte of an error reply. */
const ERROR = 0x2d;
