/** The two ways in which a lab follows a server whose clients are connected to the server itself. */
import type { Socket } from 'node:net';
import { InputError } from '../base/index.js';
import { respOf } from '../resp/index.js';
import { ReplyFramer } from '../resp/node.js';
import { CONTROL_CLIENT } from './control.js';
import type { FollowedServer, Following } from './followed-server.js';
import type { LabThread } from './lab-thread.js';
import { MonitorFeed } from './monitor-feed.js';
import { ReplicaFeed } from './replica/replica-feed.js';
import { ReplicaLink } from './replica/replica-link.js';
import type { ServeOptions } from './serve-options.js';
import type { InspectedServer } from './server-inspection.js';
import type { UnseenTraffic } from './unseen-traffic.js';
import { dial, greeting, type Upstream } from './upstream.js';

export const WAYS_TO_FOLLOW = ['replica', 'monitor'] as const;
export type WayToFollow = (typeof WAYS_TO_FOLLOW)[number];

/** The facts about a server that a lab cannot know if it follows in that way. */
export const NOT_SEEN: Readonly<Record<WayToFollow, readonly string[]>> = {
  replica: [
    'reads, and what they make a server allocate: rehashing, expired keys that only a read finds',
    'clients: their connections, buffers, subscriptions, blocked commands and watched keys',
    'commands that change nothing or are refused',
    'how the data came about before the lab: they are loaded as at a start of the server',
  ],
  monitor: ['that clients disconnect', 'AUTH, and commands that the server refuses'],
};

/** A lab that follows a server, and the connection by which it follows. */
export interface FollowedFeed {
  readonly following: Following;
  close(): void;
}

/** Opens a lab that follows the server in that way. */
export function openFeed(
  way: WayToFollow,
  server: FollowedServer,
  options: ServeOptions,
): Promise<FollowedFeed> {
  return way === 'replica' ? openReplica(server, options) : openMonitor(server);
}

/** Receives the server's data and then its stream of changes, as a replica does. */
async function openReplica(server: FollowedServer, { onNote }: ServeOptions): Promise<FollowedFeed> {
  const opened: { link?: ReplicaLink; feed?: ReplicaFeed } = {};
  const close = () => {
    opened.link?.close();
    opened.feed?.close();
  };
  const load = async (lab: LabThread, { version }: InspectedServer) => {
    const feed = new ReplicaFeed(lab, server.unseen, onNote);
    opened.feed = feed;
    const link = new ReplicaLink(server.upstream, version, feed);
    opened.link = link;
    feed.holdsBack(link);
    await link.open();
    await feed.loaded;
  };
  try {
    const own = { controlNumber: () => CONTROL_CLIENT, unseenId: undefined };
    return { following: await server.begin(own, load), close };
  } catch (cause) {
    close();
    throw cause;
  }
}

async function openMonitor(server: FollowedServer): Promise<FollowedFeed> {
  const { upstream, unseen } = server;
  const feed = new MonitorFeed(server.sink, unseen);
  const { socket, id } = await follow(upstream, feed, unseen);
  const close = () => {
    socket.removeAllListeners('close').destroy();
  };
  try {
    const own = { controlNumber: (address: string) => feed.numberOf(address), unseenId: id };
    return { following: await server.begin(own), close };
  } catch (cause) {
    close();
    throw cause;
  }
}

/** The connection of MONITOR, and the server's ID for it if it is known. */
interface Followed {
  readonly socket: Socket;
  readonly id: number | undefined;
}

/** Sends MONITOR, and passes on the bytes after its reply. */
function follow(upstream: Upstream, monitor: MonitorFeed, unseen: UnseenTraffic): Promise<Followed> {
  const commands = [...greeting(upstream), ['CLIENT', 'ID'], ['MONITOR']];
  let head: Buffer | undefined = Buffer.alloc(0);
  return new Promise((resolve, reject) => {
    const socket = dial(upstream);
    socket.on('error', (cause) => reject(new InputError(`${upstream.url}: ${cause.message}`)));
    socket.on('close', () => {
      reject(new InputError(`${upstream.url} closed the connection for MONITOR`));
      unseen.add(`${upstream.url} ended MONITOR: what it did from then on is not known`);
    });
    socket.on('data', (bytes) => {
      if (head === undefined) {
        monitor.add(bytes);
        return;
      }
      head = Buffer.concat([head, bytes]);
      const framer = new ReplyFramer();
      let at = 0;
      let id: number | undefined;
      for (const [name] of commands) {
        const from = at;
        at = framer.next(head, from);
        if (at < 0) return;
        if (name === 'CLIENT') id = idIn(head.subarray(from, at));
        else if (framer.isError) {
          socket.destroy();
          reject(new InputError(`${upstream.url} refuses ${name}: ${framer.errorCode}`));
          return;
        }
      }
      const rest = head.subarray(at);
      head = undefined;
      resolve({ socket, id });
      if (rest.length > 0) monitor.add(rest);
    });
    for (const words of commands) socket.write(respOf(...words));
  });
}

/** Returns the ID in a reply to CLIENT ID, or undefined if the server refused the command. */
function idIn(reply: Buffer): number | undefined {
  return Number(/^:(\d+)/.exec(reply.toString('latin1'))?.[1]) || undefined;
}
