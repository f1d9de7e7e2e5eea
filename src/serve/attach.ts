/** A lab that follows a server through MONITOR, while clients stay connected to the server. */
import type { Socket } from 'node:net';
import { InputError } from '../base/index.js';
import { respOf } from '../resp/index.js';
import { error, type LabReply, ReplyFramer } from '../resp/node.js';
import { serverVersion } from '../run/index.js';
import { Store } from '../store/index.js';
import { AttachLink } from './attach-link.js';
import { FollowedServer, type Following } from './followed-server.js';
import { infoReply } from './info-reply.js';
import type { LabThread } from './lab-thread.js';
import type { Listener } from './listener.js';
import { isVerify, type LiveComparison } from './live-comparison.js';
import { MonitorFeed } from './monitor-feed.js';
import type { ServeOptions } from './serve-options.js';
import { listenForSessions } from './session-listener.js';
import type { ServeSummary } from './summary.js';
import { isQuestion } from './tap/questions.js';
import type { UnseenTraffic } from './unseen-traffic.js';
import { dial, greeting, type Upstream } from './upstream.js';

export class Attach {
  readonly lab: LabThread;
  readonly #server: FollowedServer;
  readonly #comparison: LiveComparison;
  readonly #monitor: Socket;
  readonly #listener: Listener;

  private constructor(
    server: FollowedServer,
    { lab, comparison }: Following,
    monitor: Socket,
    listener: Listener,
  ) {
    this.lab = lab;
    this.#server = server;
    this.#comparison = comparison;
    this.#monitor = monitor;
    this.#listener = listener;
  }

  static async open(upstream: Upstream, options: ServeOptions): Promise<Attach> {
    // The MONITOR feed contains the commands of the control connection too.
    const server = new FollowedServer(upstream, options, true);
    const { unseen, sink, control, epochMs } = server;
    let monitor: Socket | undefined;
    try {
      // A wrong password is reported here, by the first command.
      await control.ask('PING');
      const feed = new MonitorFeed(sink, unseen);
      const followed = await follow(upstream, feed, unseen);
      monitor = followed.socket;
      const following = await server.begin({
        controlNumber: (address) => feed.numberOf(address),
        unseenId: followed.id,
      });
      const { kind, lab } = following;
      const answers = new Store({ version: serverVersion(kind.lab.server), startMs: epochMs });
      let attach: Attach | undefined;
      const listener = await listenForSessions(lab, options, {
        openLink: ({ number }, _, owner) => new AttachLink(number, answers, upstream.url, owner),
        isQuestion,
        answer: async (words, client) =>
          attach === undefined ? error('ERR not ready yet') : attach.#answer(words, client),
      });
      attach = new Attach(server, following, monitor, listener);
      server.announce(kind);
      return attach;
    } catch (cause) {
      monitor?.removeAllListeners('close').destroy();
      await server.close();
      throw cause;
    }
  }

  get port(): number {
    return this.#listener.port;
  }

  verify() {
    return this.#comparison.verify();
  }

  summary(): Promise<ServeSummary> {
    return this.#server.summary(this.#listener, this.lab);
  }

  async close(): Promise<ServeSummary> {
    await this.#listener.close();
    const summary = await this.summary();
    this.#monitor.removeAllListeners('close').destroy();
    await this.#server.close();
    return summary;
  }

  async #answer(words: readonly string[], client: number): Promise<LabReply | Buffer> {
    const context = { client, isStandalone: false };
    if (isVerify(words)) return this.#comparison.answer();
    if (words[0]?.toLowerCase() !== 'info') return this.lab.ask(words, context);
    const info = await this.#server.control.ask(...words).catch((cause: Error) => cause);
    if (info instanceof Error) return error(`ERR ${info.message}`);
    return infoReply(this.lab, info.bytes, words.slice(1), context, this.#server.unseen.infoLines);
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
