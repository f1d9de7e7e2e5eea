/** A proxy in front of a real server, with a lab that follows what passes through. */

import { Control } from './control.js';
import { FeedWriter } from './feed.js';
import { Gaps } from './gaps.js';
import { infoAnswer } from './info-answer.js';
import { listenWith } from './lab-listener.js';
import { error, type LabReply } from './lab-reply.js';
import { type FeedSink, LabThread } from './lab-thread.js';
import { type Listener, refuseOpenDoor } from './listener.js';
import { isVerify, LivePair } from './live-pair.js';
import type { LiveVerifyResult } from './live-verify.js';
import type { QuestionKind } from './questions.js';
import type { ServeOptions } from './serve-options.js';
import { inspectServer } from './server-kind.js';
import type { ServeSummary } from './summary.js';
import { TapLink } from './tap-link.js';
import type { Upstream } from './upstream.js';

export class Tap {
  readonly #upstream: Upstream;
  readonly #control: Control;
  readonly lab: LabThread;
  readonly #pair: LivePair;
  readonly #gaps: Gaps;
  readonly #listener: Listener;

  private constructor(
    upstream: Upstream,
    control: Control,
    lab: LabThread,
    pair: LivePair,
    gaps: Gaps,
    listener: Listener,
  ) {
    this.#upstream = upstream;
    this.#control = control;
    this.lab = lab;
    this.#pair = pair;
    this.#gaps = gaps;
    this.#listener = listener;
  }

  static async open(upstream: Upstream, options: ServeOptions): Promise<Tap> {
    refuseOpenDoor(options.host, options.password);
    const { url } = upstream;
    const { conf, owners, onNote, maxBehindBytes, isWatched: hasRegions } = options;
    const gaps = new Gaps(({ why }) => onNote(`from here on the lab's picture is incomplete: ${why}`));
    const epochMs = Date.now();
    const feed = new FeedWriter();
    let lab: LabThread | undefined;
    const control = new Control(upstream, { feed, flushIfFull: () => lab?.flushIfFull() }, gaps);
    try {
      const kind = await inspectServer(control, options);
      for (const note of kind.notes) onNote(`${url}: ${note}`);
      if (kind.keys > 0) gaps.add(`${url} had ${kind.keys} keys already, of which nothing is known`);
      lab = await LabThread.open({ ...kind.lab, conf, epochMs, owners, hasRegions }, maxBehindBytes, feed);
      const pair = await LivePair.begin(url, control, lab, gaps);
      let tap: Tap | undefined;
      const listener = await listenWith(lab, options, {
        isStandalone: false,
        openLink: (client: number, sink: FeedSink, owner) => new TapLink(client, upstream, sink, gaps, owner),
        answer: async (kindOfQuestion, words, client, ask) =>
          tap === undefined ? error('ERR not ready yet') : tap.#answer(kindOfQuestion, words, client, ask),
      });
      tap = new Tap(upstream, control, lab, pair, gaps, listener);
      onNote(
        `${url} is ${kind.product} ${kind.version}; the lab models ${kind.lab.server} on build ${kind.lab.build}`,
      );
      return tap;
    } catch (cause) {
      control.close();
      await lab?.close();
      throw cause;
    }
  }

  get port(): number {
    return this.#listener.port;
  }

  async summary(): Promise<ServeSummary> {
    const { accepted, turnedAway } = this.#listener;
    return {
      upstream: this.#upstream.url,
      clients: { accepted, turnedAway },
      gaps: this.#gaps.kept,
      lab: await this.lab.status(),
    };
  }

  verify(): Promise<LiveVerifyResult | string> {
    return this.#pair.verify();
  }

  /** The last summary, with all that was seen in it. */
  async close(): Promise<ServeSummary> {
    await this.#listener.close();
    const summary = await this.summary();
    this.#control.close();
    await this.lab.close();
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
