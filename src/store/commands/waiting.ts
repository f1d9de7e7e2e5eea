/**
 * Commands that wait on a server until there is something for them. The store carries them out if there is; it does not
 * wait.
 */
import type { CommandContext } from '../command-context.js';
import type { KeyValues } from '../key-values.js';
import { notSupported, unsupported } from '../reply-error.js';
import type { StoreHandler, StoreHandlers } from '../store-command.js';

/** Refuses a command that would have to wait. Inside of a transaction a server does not wait either, and it returns. */
export function refuseToWait(ask: CommandContext): void {
  if (!ask.isInTransaction) throw notSupported(`${ask.name.toUpperCase()} that has to wait`);
}

/** Returns the entry of a handler for a command that may wait. */
export function waiting(name: string, handler: StoreHandler): StoreHandlers[string] {
  return { handler, refusal: (args, store) => refusedWithEviction(name, args, store) };
}

/** With a limit of memory the model runs first, where it would wait. */
function refusedWithEviction(
  name: string,
  args: readonly string[],
  { settings }: KeyValues,
): string | undefined {
  if (settings.maxmemory === 0) return undefined;
  const mayWait = !name.startsWith('X') || args.some((arg) => arg.toUpperCase() === 'BLOCK');
  return mayWait ? unsupported(`${name} while maxmemory is set`) : undefined;
}
