import type { Command } from '../commands/index.js';

/** Whether a client is in a transaction after a command. `before` is whether it was in one before. */
export function isInTransaction(kind: string, { argumentCount }: Command, before: boolean): boolean {
  switch (kind) {
    case 'multi':
      return before || argumentCount === 1;
    // An EXEC that the server refuses discards the transaction.
    case 'exec':
      return false;
    case 'discard':
      return before && argumentCount !== 1;
    case 'reset':
      return false;
    default:
      return before;
  }
}
