/** A proxy in front of a real server, with a lab that follows the traffic. */
import { error, type LabReply } from '../resp/node.js';
import { CONTROL_CLIENT } from './control.js';
import { FollowedServer, type Following } from './followed-server.js';
import { infoReply } from './info-reply.js';
import type { InterceptedKind } from './intercepted-commands.js';
import { listenWith } from './lab-listener.js';
import type { LabThread } from './lab-thread.js';
import type { Listener } from './listener.js';
import { isVerify, type LiveComparison } from './live-comparison.js';
import type { LiveVerifyResult } from './live-verify.js';
import { MultiplexedConnection, type Multiplexing } from './multiplexed-connection.js';
import type { ServeOptions } from './serve-options.js';
import type { ServeSummary } from './summary.js';
import { TapLink } from './tap-link.js';
import type { Upstream } from './upstream.js';

export interface TapOptions extends ServeOptions {
  /** The conditions of multiplexing, or undefined to disable it. */
  readonly multiplexing: Multiplexing | undefined;
}

/** A lab between clients and a real server, whose traffic it follows. */
export class Tap {
  readonly lab: LabThread;
  readonly #server: FollowedServer;
  readonly #comparison: LiveComparison;
  readonly #listener: Listener;
  readonly #multiplexer: MultiplexedConnection | undefined;

  private constructor(
    server: FollowedServer,
    { lab, comparison }: Following,
    listener: Listener,
    multiplexer: MultiplexedConnection | undefined,
  ) {
    this.lab = lab;
    this.#server = server;
    this.#comparison = comparison;
    this.#listener = listener;
    this.#multiplexer = multiplexer;
  }

  static async open(upstream: Upstream, options: TapOptions): Promise<Tap> {
    const server = new FollowedServer(upstream, options, false);
    try {
      const following = await server.begin({
        controlNumber: () => CONTROL_CLIENT,
        unseenId: undefined,
      });
      const { unseen } = server;
      const multiplexer =
        options.multiplexing && new MultiplexedConnection(upstream, unseen, options.multiplexing);
      let tap: Tap | undefined;
      const listener = await listenWith(following.lab, options, {
        isStandalone: false,
        openLink: (client, sink, owner) =>
          new TapLink(client, { upstream, lab: sink, unseen, multiplexer }, owner),
        answer: async (kind, words, client, ask) =>
          tap === undefined ? error('ERR not ready yet') : tap.#answer(kind, words, client, ask),
      });
      tap = new Tap(server, following, listener, multiplexer);
      server.announce(following.kind);
      return tap;
    } catch (cause) {
      await server.close();
      throw cause;
    }
  }

  get port(): number {
    return this.#listener.port;
  }

  summary(): Promise<ServeSummary> {
    return this.#server.summary(this.#listener, this.lab);
  }

  verify(): Promise<LiveVerifyResult | string> {
    return this.#comparison.verify();
  }

  /** Closes the tap, and returns the last summary. */
  async close(): Promise<ServeSummary> {
    await this.#listener.close();
    this.#multiplexer?.close();
    const summary = await this.summary();
    await this.#server.close();
    return summary;
  }

  async #answer(
    kind: InterceptedKind,
    words: readonly string[],
    client: number,
    ask: () => Promise<Buffer>,
  ): Promise<LabReply | Buffer> {
    const context = { client, isStandalone: false };
    if (kind === 'info') {
      return infoReply(this.lab, await ask(), words.slice(1), context, this.#comparison.gapLine);
    }
    return isVerify(words) ? this.#comparison.answer() : this.lab.ask(words, context);
  }
}
