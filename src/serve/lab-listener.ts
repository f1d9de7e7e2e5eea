/** Throttles the clients of a lab when its backlog is full. */
import { type Limits, TotalBytes } from './client-limits.js';
import type { Link, LinkEvents } from './client-link.js';
import type { SessionHost } from './client-session.js';
import type { DecidingSink, LabThread } from './lab-thread.js';
import { Listener } from './listener.js';
import type { Password } from './password.js';

export interface ListenerOptions extends Limits {
  readonly host: string;
  readonly port: number;
  readonly password: Password | undefined;
}

export interface ListenerParts {
  readonly isStandalone: boolean;
  /** Opens the link of a client. `sink` receives the executed commands; clients are numbered in order. */
  readonly openLink: (client: number, sink: DecidingSink, owner: LinkEvents) => Link;
  readonly answer: SessionHost['answer'];
}

/** Listens for clients of a lab, and throttles them while the lab's backlog is too large. */
export function listenWith(
  lab: LabThread,
  options: ListenerOptions,
  { isStandalone, openLink, answer }: ListenerParts,
): Promise<Listener> {
  let nextClient = 0;
  let isHeld = false;
  return Listener.open(options, ({ sessions }) => {
    const hold = (isBusy: boolean) => {
      isHeld = isBusy;
      for (const session of sessions) session.hold(isBusy);
    };
    lab.onBacklogReduced = () => {
      if (isHeld) hold(false);
    };
    const sink: DecidingSink = {
      feed: lab.feed,
      flushIfFull: () => {
        lab.flushIfFull();
        if (!isHeld && lab.isBacklogFull) hold(true);
      },
      decide: (client, timeMs, bytes) => lab.decide(client, timeMs, bytes),
    };
    return {
      limits: options,
      password: options.password,
      waiting: new TotalBytes(),
      unread: new TotalBytes(),
      isStandalone,
      openLink: (owner) => openLink(nextClient++, sink, owner),
      answer,
      closed: (session) => sessions.delete(session),
    };
  });
}
