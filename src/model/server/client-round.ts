/** The part of a client that a round changes while the client is at rest. */
interface RestingClient {
  readonly replyBuffer: { skipResets(skip: (resetMs: number, everyMs: number) => number): void };
}

/** Ticks of cron, each of which visits the next few clients of a round. */
export interface Round {
  /** The time of the first tick. */
  readonly firstMs: number;
  readonly periodMs: number;
  readonly ticks: number;
  readonly visitsPerTick: number;
  /** The number of the first visit. Visit `n` is that of client `n` modulo the number of clients. */
  readonly nextVisit: number;
}

/** Does what the visits of so many ticks do to clients at rest. Returns the number of the next visit. */
export function skipVisits(clients: readonly RestingClient[], round: Round): number {
  const { ticks, visitsPerTick, nextVisit } = round;
  const { length } = clients;
  if (length === 0) return nextVisit;
  for (const [index, client] of clients.entries()) {
    const first = (((index - nextVisit) % length) + length) % length;
    client.replyBuffer.skipResets((resetMs, everyMs) => lastReset(round, length, first, resetMs, everyMs));
  }
  return nextVisit + ticks * visitsPerTick;
}

/**
 * Returns the time of a client's last reset. Its visits are `first`, `first + clients` and so on, and a visit resets if
 * the last reset is at least `everyMs` ago.
 */
function lastReset(
  { firstMs, periodMs, ticks, visitsPerTick }: Round,
  clients: number,
  first: number,
  resetMs: number,
  everyMs: number,
): number {
  const end = ticks * visitsPerTick;
  const dueTick = Math.max(0, Math.ceil((resetMs + everyMs - firstMs) / periodMs));
  const skipped = Math.max(0, Math.ceil((dueTick * visitsPerTick - first) / clients));
  let visit = first + skipped * clients;
  if (visit >= end) return resetMs;
  const waited = Math.ceil(everyMs / periodMs) * visitsPerTick;
  // The distance to the next reset depends on the place within the tick only, so places repeat themselves.
  const seenAt = new Map<number, number>();
  for (;;) {
    const place = visit % visitsPerTick;
    const seen = seenAt.get(place);
    if (seen !== undefined && visit > seen) {
      visit += Math.floor((end - 1 - visit) / (visit - seen)) * (visit - seen);
      seenAt.clear();
    } else {
      seenAt.set(place, visit);
    }
    const next = visit + Math.ceil((waited - (visit % visitsPerTick)) / clients) * clients;
    if (next >= end) return firstMs + Math.floor(visit / visitsPerTick) * periodMs;
    visit = next;
  }
}
