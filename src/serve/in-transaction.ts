import type { Command } from '../commands/index.js';

/** Whether a client is in a transaction after a command. `before` is whether it was in one before. */
export function isInTransaction(kind: string, { argumentCount }: Command, before: boolean): boolean {
  switch (kind) {
    case 'multi':
      return before || argumentCount === 1;
    case 'exec':
    case 'discard':
      return before && argumentCount !== 1;
    case 'reset':
      return false;
    default:
      return before;
  }
}
