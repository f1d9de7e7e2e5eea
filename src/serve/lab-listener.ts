import type { Socket } from 'node:net';
import type { Client, ClientHost } from './client.js';
import type { DecidingSink, LabThread } from './lab-thread.js';
import { Listener, type ListenOptions } from './listener.js';

/** Begins to serve a client. `sink` receives the executed commands. Clients are numbered in order. */
export type Serve = (socket: Socket, number: number, sink: DecidingSink, host: ClientHost) => Client;

/** Listens for clients of a lab, and throttles them while the lab's backlog is too large. */
export function listenWith(lab: LabThread, options: ListenOptions, serve: Serve): Promise<Listener> {
  let nextClient = 0;
  let isHeld = false;
  const clients = new Set<Client>();
  const hold = (isBusy: boolean) => {
    isHeld = isBusy;
    for (const client of clients) client.hold(isBusy);
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
  return Listener.open(options, (socket, host) => {
    const client = serve(socket, nextClient++, sink, {
      closed: (closed) => {
        clients.delete(closed);
        host.closed(closed);
      },
    });
    clients.add(client);
    return client;
  });
}
