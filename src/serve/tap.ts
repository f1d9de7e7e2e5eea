import { error, type LabReply } from '../resp/node.js';
import { CONTROL_CLIENT } from './control.js';
import { FollowedServer, type Following } from './followed-server.js';
import { infoAnswer } from './info-answer.js';
import { listenWith } from './lab-listener.js';
import type { LabThread } from './lab-thread.js';
import type { Listener } from './listener.js';
import { isVerify, type LiveComparison } from './live-pair.js';
import type { LiveVerifyResult } from './live-verify.js';
import type { QuestionKind } from './questions.js';
import type { ServeOptions } from './serve-options.js';
import { SharedConnection, type Sharing } from './shared-connection.js';
import type { ServeSummary } from './summary.js';
import { TapLink } from './tap-link.js';
import type { Upstream } from './upstream.js';

export interface TapOptions extends ServeOptions {
  /** The conditions of multiplexing, or undefined to disable it. */
  readonly sharing: Sharing | undefined;
}

/** A lab between clients and a real server, whose traffic it follows. */
export class Tap {
  readonly lab: LabThread;
  readonly #server: FollowedServer;
  readonly #pair: LiveComparison;
  readonly #listener: Listener;
  readonly #shared: SharedConnection | undefined;

  private constructor(
    server: FollowedServer,
    { lab, pair }: Following,
    listener: Listener,
    shared: SharedConnection | undefined,
  ) {
    this.lab = lab;
    this.#server = server;
    this.#pair = pair;
    this.#listener = listener;
    this.#shared = shared;
  }

  static async open(upstream: Upstream, options: TapOptions): Promise<Tap> {
    const server = new FollowedServer(upstream, options, false);
    try {
      const following = await server.begin({
        controlNumber: () => CONTROL_CLIENT,
        unseenId: undefined,
      });
      const { gaps } = server;
      const shared = options.sharing && new SharedConnection(upstream, gaps, options.sharing);
      let tap: Tap | undefined;
      const listener = await listenWith(following.lab, options, {
        isStandalone: false,
        openLink: (client, sink, owner) => new TapLink(client, { upstream, lab: sink, gaps, shared }, owner),
        answer: async (kindOfQuestion, words, client, ask) =>
          tap === undefined ? error('ERR not ready yet') : tap.#answer(kindOfQuestion, words, client, ask),
      });
      tap = new Tap(server, following, listener, shared);
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
    return this.#pair.verify();
  }

  /** Closes the tap, and returns the last summary. */
  async close(): Promise<ServeSummary> {
    await this.#listener.close();
    this.#shared?.close();
    const summary = await this.summary();
    await this.#server.close();
    return summary;
  }

  async #answer(
    kind: QuestionKind,
    words: readonly string[],
    client: number,
    ask: () => Promise<Buffer>,
  ): Promise<LabReply | Buffer> {
    const context = { client, isStandalone: false };
    if (kind === 'info') {
      return infoAnswer(this.lab, await ask(), words.slice(1), context, this.#pair.gapLine);
    }
    return isVerify(words) ? this.#pair.answer() : this.lab.ask(words, context);
  }
}
