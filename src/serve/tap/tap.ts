/** A proxy in front of a real server, with a lab that follows the traffic. */
import { error, type LabReply } from '../../resp/node.js';
import { TotalBytes } from '../client-limits.js';
import { CONTROL_CLIENT } from '../control.js';
import { FollowedServer, type Following } from '../followed-server.js';
import { infoReply } from '../info-reply.js';
import { listenWith } from '../lab-listener.js';
import type { LabThread } from '../lab-thread.js';
import type { Listener } from '../listener.js';
import { isVerify, type LiveComparison } from '../live-comparison.js';
import type { LiveVerifyResult } from '../live-verify.js';
import type { ServeOptions } from '../serve-options.js';
import type { ServeSummary } from '../summary.js';
import type { Upstream } from '../upstream.js';
import { TapClient } from './tap-client.js';

/** A lab between clients and a real server, whose traffic it follows. */
export class Tap {
  readonly lab: LabThread;
  readonly #server: FollowedServer;
  readonly #comparison: LiveComparison;
  readonly #listener: Listener;

  private constructor(server: FollowedServer, { lab, comparison }: Following, listener: Listener) {
    this.lab = lab;
    this.#server = server;
    this.#comparison = comparison;
    this.#listener = listener;
  }

  static async open(upstream: Upstream, options: ServeOptions): Promise<Tap> {
    const server = new FollowedServer(upstream, options, false);
    try {
      const following = await server.begin({
        controlNumber: () => CONTROL_CLIENT,
        unseenId: undefined,
      });
      let tap: Tap | undefined;
      const shared = {
        upstream,
        unseen: server.unseen,
        password: options.password,
        kept: new TotalBytes(),
        maxKeptBytes: options.maxQueriesBytes,
        onNote: withoutRepeats(options.onNote),
        answer: async (words: readonly string[], client: number, own: Buffer) =>
          tap === undefined ? error('ERR not ready yet') : tap.#answer(words, client, own),
      };
      const listener = await listenWith(
        following.lab,
        { ...options, fullReply: '' },
        (socket, number, lab, host) => new TapClient(socket, { ...shared, number, lab }, host),
      );
      tap = new Tap(server, following, listener);
      server.announce(following.kind);
      if (upstream.password !== undefined && options.password === undefined) {
        options.onNote(
          `every user of this machine who can connect to ${options.host}:${tap.port} has the rights of the upstream's ` +
            'login; --password-file limits them',
        );
      }
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
    const summary = await this.summary();
    await this.#server.close();
    return summary;
  }

  /** Answers a question that the server allows. `own` is the server's reply to it. */
  async #answer(words: readonly string[], client: number, own: Buffer): Promise<LabReply | Buffer> {
    const context = { client, isStandalone: false };
    if (words[0]?.toLowerCase() === 'info') {
      return infoReply(this.lab, own, words.slice(1), context, this.#server.unseen.infoLines);
    }
    if (isVerify(words)) return this.#comparison.answer();
    const answer = await this.lab.ask(words, context);
    // The server has keys that the lab did not see being made.
    return answer.kind === 'null' ? own : answer;
  }
}

/** Returns a receiver of notes that does not pass on the same note twice in a row, as all clients have it. */
function withoutRepeats(onNote: (note: string) => void): (note: string) => void {
  let last: string | undefined;
  return (note) => {
    if (note !== last) onNote(note);
    last = note;
  };
}
