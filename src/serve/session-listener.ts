import type { Socket } from 'node:net';
import { TotalBytes } from './client-limits.js';
import type { Link, LinkClient, LinkEvents } from './client-link.js';
import { listenWith } from './lab-listener.js';
import { LabSession, type SessionHost } from './lab-session.js';
import type { DecidingSink, LabThread } from './lab-thread.js';
import { FULL_REPLY, type Listener } from './listener.js';
import type { ServeOptions } from './serve-options.js';

export interface SessionParts extends Pick<SessionHost, 'isQuestion' | 'answer'> {
  /** Opens the link of a client. `sink` receives its commands. */
  readonly openLink: (client: LinkClient, sink: DecidingSink, owner: LinkEvents) => Link;
}

/** Listens for clients of a lab that is a server itself. */
export function listenForSessions(
  lab: LabThread,
  options: ServeOptions,
  { openLink, isQuestion, answer }: SessionParts,
): Promise<Listener> {
  const shared = {
    limits: options,
    password: options.password,
    waiting: new TotalBytes(),
    unread: new TotalBytes(),
    isQuestion,
    answer,
    onDefect: (stack: string) => options.onNote(`a defect: ${stack}`),
  };
  return listenWith(
    lab,
    { ...options, fullReply: FULL_REPLY },
    (socket, number, sink, host) =>
      new LabSession(socket, {
        ...shared,
        openLink: (owner) => openLink({ number, ...addressesOf(socket) }, sink, owner),
        closed: (client) => host.closed(client),
      }),
  );
}

/** Returns the ends of a connection as a server shows them. */
function addressesOf(socket: Socket): Pick<LinkClient, 'address' | 'localAddress'> {
  const { remoteAddress = '', remotePort = 0, localAddress = '', localPort = 0 } = socket;
  return { address: shown(remoteAddress, remotePort), localAddress: shown(localAddress, localPort) };
}

function shown(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
