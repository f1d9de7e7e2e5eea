/** Commands that wait until there is something for them. */
import type { CommandContext } from '../command-context.js';
import type { StoreReply } from '../store-reply.js';
import type { Wait } from '../waiters.js';

/** Lets the client wait, or replies that there is nothing, inside of a transaction or if it is not to wait. */
export function waitOr(
  ask: CommandContext,
  milliseconds: number | undefined,
  nothing: (reply: StoreReply) => void,
  { args = ask.args, ...rest }: Omit<Wait, 'untilMs' | 'args'> & { readonly args?: readonly string[] },
): void {
  if (milliseconds === undefined || ask.way === 'queued') {
    nothing(ask.reply);
    return;
  }
  const untilMs = milliseconds === 0 ? Number.POSITIVE_INFINITY : ask.nowMs + Math.ceil(milliseconds);
  ask.wait = { ...rest, args, untilMs };
}

export function nilArray(reply: StoreReply): void {
  reply.nilArray();
}

/** The milliseconds of a timeout in seconds; undefined if there is none. */
export function inMilliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}
