/** A proxy in front of a real server, with a lab that follows what passes through. */

import { DEFAULT_THRESHOLDS } from '../verify/comparison.js';
import { type Occupancy, occupancyOfLab } from '../verify/occupancy.js';
import { Control } from './control.js';
import { FeedWriter } from './feed.js';
import { Gaps } from './gaps.js';
import { infoAnswer } from './info-answer.js';
import { listenWith } from './lab-listener.js';
import type { LabReply } from './lab-reply.js';
import { error, text } from './lab-reply.js';
import { type FeedSink, LabThread } from './lab-thread.js';
import type { Limits } from './limits.js';
import { type Listener, refuseOpenDoor } from './listener.js';
import { compareLive, type LiveVerifyResult } from './live-verify.js';
import type { Password } from './password.js';
import { type Given, inspectServer, surveyOf } from './server-kind.js';
import type { ServeSummary } from './summary.js';
import { TapLink } from './tap-link.js';
import type { Upstream } from './upstream.js';

export interface ServeOptions extends Limits, Given {
  readonly host: string;
  readonly port: number;
  readonly password: Password | undefined;
  /** jemalloc's configuration. */
  readonly conf: string;
  /** Patterns of keys by which owners are kept (none: inferred), or undefined. */
  readonly owners: readonly string[] | undefined;
  /** How far the lab may be behind the traffic before clients have to wait for it. */
  readonly maxBehindBytes: number;
  /** What people should know while it runs. */
  readonly onNote: (note: string) => void;
}

/** What both held when the lab began. */
interface Before {
  readonly lab: Occupancy;
  readonly server: Occupancy;
}

export class Tap {
  readonly #upstream: Upstream;
  readonly #control: Control;
  readonly #lab: LabThread;
  readonly #before: Before | undefined;
  readonly #gaps: Gaps;
  readonly #listener: Listener;

  private constructor(
    upstream: Upstream,
    control: Control,
    lab: LabThread,
    before: Before | undefined,
    gaps: Gaps,
    listener: Listener,
  ) {
    this.#upstream = upstream;
    this.#control = control;
    this.#lab = lab;
    this.#before = before;
    this.#gaps = gaps;
    this.#listener = listener;
  }

  static async open(upstream: Upstream, options: ServeOptions): Promise<Tap> {
    refuseOpenDoor(options.host, options.password);
    const gaps = new Gaps(({ why }) =>
      options.onNote(`from here on the lab's picture is incomplete: ${why}`),
    );
    const epochMs = Date.now();
    const feed = new FeedWriter();
    let lab: LabThread | undefined;
    const sink: FeedSink = { feed, flushIfFull: () => lab?.flushIfFull() };
    const control = new Control(upstream, sink, gaps);
    try {
      const kind = await inspectServer(control, options);
      for (const note of kind.notes) options.onNote(`${upstream.url}: ${note}`);
      if (kind.keys > 0) gaps.add(`${upstream.url} had ${kind.keys} keys already, of which nothing is known`);
      const { conf, owners } = options;
      lab = await LabThread.open({ ...kind.lab, conf, epochMs, owners }, options.maxBehindBytes, feed);
      // Both at one moment. What asking makes the server allocate for good it has allocated when it was inspected.
      const serverBefore = await surveyOf(control);
      const labBefore = await lab.status();
      const before =
        serverBefore === null || labBefore === null
          ? undefined
          : { server: serverBefore.occupancy, lab: occupancyOfLab(labBefore.snapshot) };
      let tap: Tap | undefined;
      const listener = await listenWith(lab, options, {
        isStandalone: false,
        openLink: (client, sink, owner) => new TapLink(client, upstream, sink, gaps, owner),
        answer: async (kindOfQuestion, words, client, ask) =>
          tap === undefined ? error('ERR not ready yet') : tap.#answer(kindOfQuestion, words, client, ask),
      });
      tap = new Tap(upstream, control, lab, before, gaps, listener);
      options.onNote(
        `${upstream.url} is ${kind.product} ${kind.version}; the lab models ${kind.lab.server} on build ${kind.lab.build}`,
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
      lab: await this.#lab.status(),
    };
  }

  async verify(): Promise<LiveVerifyResult | string> {
    const before = this.#before;
    if (before === undefined) return 'the server tells nothing of its allocator';
    const survey = await surveyOf(this.#control);
    const status = await this.#lab.status();
    if (survey === null || status === null) return 'one of the two sides does not answer';
    const sides = { labBefore: before.lab, serverBefore: before.server, server: survey.occupancy, status };
    return compareLive(this.#upstream.url, sides, this.#gaps.kept, DEFAULT_THRESHOLDS);
  }

  /** The last summary, with all that was seen in it. */
  async close(): Promise<ServeSummary> {
    await this.#listener.close();
    const summary = await this.summary();
    this.#control.close();
    await this.#lab.close();
    return summary;
  }

  async #answer(
    kind: 'lab' | 'info',
    words: readonly string[],
    client: number,
    ask: () => Promise<Buffer>,
  ): Promise<LabReply | Buffer> {
    const context = { client, isStandalone: false };
    if (kind === 'info') {
      return infoAnswer(this.#lab, await ask(), words.slice(1), context, this.#gapLine());
    }
    if (words[0]?.toLowerCase() === 'memory' && words[1]?.toLowerCase() === 'verify') {
      const result = await this.verify();
      return typeof result === 'string' ? error(`ERR ${result}`) : text(JSON.stringify(result));
    }
    return this.#lab.ask(words, context);
  }

  #gapLine(): string {
    const first = this.#gaps.kept[0];
    return first === undefined ? '' : `mem_lab_incomplete_since_unix_ms:${first.atMs}\r\n`;
  }
}
