/** A lab that follows a server, as its replica or through MONITOR, while clients stay connected to the server. */
import { error, type LabReply } from '../resp/node.js';
import { serverVersion } from '../run/index.js';
import { Store } from '../store/index.js';
import { AttachLink } from './attach-link.js';
import { type FollowedFeed, NOT_SEEN, openFeed, type WayToFollow } from './followed-feed.js';
import { FollowedServer, type Following } from './followed-server.js';
import { infoReply } from './info-reply.js';
import type { LabThread } from './lab-thread.js';
import type { Listener } from './listener.js';
import { isVerify, type LiveComparison } from './live-comparison.js';
import type { ServeOptions } from './serve-options.js';
import { listenForSessions } from './session-listener.js';
import type { ServeSummary } from './summary.js';
import { isQuestion } from './tap/questions.js';
import type { Upstream } from './upstream.js';

export class Attach {
  readonly lab: LabThread;
  readonly #server: FollowedServer;
  readonly #comparison: LiveComparison;
  readonly #feed: FollowedFeed;
  readonly #way: WayToFollow;
  readonly #listener: Listener;

  private constructor(
    server: FollowedServer,
    { lab, comparison }: Following,
    feed: FollowedFeed,
    way: WayToFollow,
    listener: Listener,
  ) {
    this.lab = lab;
    this.#server = server;
    this.#comparison = comparison;
    this.#feed = feed;
    this.#way = way;
    this.#listener = listener;
  }

  static async open(upstream: Upstream, options: ServeOptions, way: WayToFollow): Promise<Attach> {
    // The MONITOR feed contains the commands of the control connection too.
    const server = new FollowedServer(upstream, options, way === 'monitor');
    let feed: FollowedFeed | undefined;
    try {
      // A wrong password is reported here, by the first command.
      await server.control.ask('PING');
      feed = await openFeed(way, server, options);
      const { following } = feed;
      const { kind, lab } = following;
      const answers = new Store({ version: serverVersion(kind.lab.server), startMs: server.epochMs });
      let attach: Attach | undefined;
      const listener = await listenForSessions(lab, options, {
        openLink: ({ number }, _, owner) => new AttachLink(number, answers, upstream.url, owner),
        isQuestion,
        answer: async (words, client) =>
          attach === undefined ? error('ERR not ready yet') : attach.#answer(words, client),
      });
      attach = new Attach(server, following, feed, way, listener);
      server.announce(kind);
      options.onNote(`the lab follows as ${way}, which does not see: ${NOT_SEEN[way].join('; ')}`);
      return attach;
    } catch (cause) {
      feed?.close();
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

  async summary(): Promise<ServeSummary> {
    return { ...(await this.#server.summary(this.#listener, this.lab)), notSeen: NOT_SEEN[this.#way] };
  }

  async close(): Promise<ServeSummary> {
    await this.#listener.close();
    const summary = await this.summary();
    this.#feed.close();
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
