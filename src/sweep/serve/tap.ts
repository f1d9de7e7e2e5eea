/** A proxy in front of a real server, with a lab that follows what passes through. */

import { DEFAULT_THRESHOLDS } from '../verify/comparison.js';
import { type Occupancy, occupancyOfLab } from '../verify/occupancy.js';
import { Control } from './control.js';
import { FeedWriter } from './feed.js';
import { type Gap, Gaps } from './gaps.js';
import { asksFor, withMemoryLines } from './info-lines.js';
import type { LabReply } from './lab-reply.js';
import { error, text } from './lab-reply.js';
import { type FeedSink, LabThread } from './lab-thread.js';
import { type Limits, WaitingBytes } from './limits.js';
import { Listener, refuseOpenDoor } from './listener.js';
import type { LabStatus } from './live-lab.js';
import { compareLive, type LiveVerifyResult } from './live-verify.js';
import type { Password } from './password.js';
import { replyText, withText } from './reply-text.js';
import { type Given, inspectServer, type ServerKind, surveyOf } from './server-kind.js';
import { TapLink } from './tap-link.js';
import type { Upstream } from './upstream.js';

export interface ServeOptions extends Limits, Given {
  readonly host: string;
  readonly port: number;
  readonly password: Password | undefined;
  /** jemalloc's configuration. */
  readonly conf: string;
  /** How far the lab may be behind the traffic before clients have to wait for it. */
  readonly maxBehindBytes: number;
  /** What people should know while it runs. */
  readonly onNote: (note: string) => void;
}

export interface TapSummary {
  readonly upstream: string;
  readonly clients: { readonly accepted: number; readonly turnedAway: number };
  readonly gaps: readonly Gap[];
  readonly lab: LabStatus | null;
}

export class Tap {
  readonly #upstream: Upstream;
  readonly #kind: ServerKind;
  readonly #control: Control;
  readonly #lab: LabThread;
  readonly #labBefore: Occupancy | null;
  readonly #gaps: Gaps;
  readonly #listener: Listener;

  private constructor(
    upstream: Upstream,
    kind: ServerKind,
    control: Control,
    lab: LabThread,
    labBefore: Occupancy | null,
    gaps: Gaps,
    listener: Listener,
  ) {
    this.#upstream = upstream;
    this.#kind = kind;
    this.#control = control;
    this.#lab = lab;
    this.#labBefore = labBefore;
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
      lab = await LabThread.open({ ...kind.lab, conf: options.conf, epochMs }, options.maxBehindBytes, feed);
      const before = await lab.status();
      const tap = await Tap.#listen(upstream, kind, control, lab, before, gaps, options);
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

  static async #listen(
    upstream: Upstream,
    kind: ServerKind,
    control: Control,
    lab: LabThread,
    before: LabStatus | null,
    gaps: Gaps,
    options: ServeOptions,
  ): Promise<Tap> {
    let nextClient = 0;
    let isHeld = false;
    let tap: Tap | undefined;
    const waiting = new WaitingBytes();
    const listener = await Listener.open(options, (own) => {
      lab.onCaughtUp = () => {
        if (!isHeld) return;
        isHeld = false;
        for (const session of own.sessions) session.hold(false);
      };
      const sink: FeedSink = {
        feed: lab.feed,
        flushIfFull: () => {
          lab.flushIfFull();
          if (isHeld || !lab.isFarBehind) return;
          isHeld = true;
          for (const session of own.sessions) session.hold(true);
        },
      };
      return {
        limits: options,
        password: options.password,
        waiting,
        openLink: (owner) => new TapLink(nextClient++, upstream, sink, gaps, owner),
        answer: async (kindOfQuestion, words, ask) =>
          tap === undefined ? error('ERR not ready yet') : tap.#answer(kindOfQuestion, words, ask),
        closed: (session) => own.sessions.delete(session),
      };
    });
    const labBefore = before === null ? null : occupancyOfLab(before.snapshot);
    tap = new Tap(upstream, kind, control, lab, labBefore, gaps, listener);
    return tap;
  }

  get port(): number {
    return this.#listener.port;
  }

  async summary(): Promise<TapSummary> {
    const { accepted, turnedAway } = this.#listener;
    return {
      upstream: this.#upstream.url,
      clients: { accepted, turnedAway },
      gaps: this.#gaps.kept,
      lab: await this.#lab.status(),
    };
  }

  async verify(): Promise<LiveVerifyResult | string> {
    const serverBefore = this.#kind.occupancy;
    if (serverBefore === null || this.#labBefore === null) return 'the server tells nothing of its allocator';
    const survey = await surveyOf(this.#control);
    const status = await this.#lab.status();
    if (survey === null || status === null) return 'one of the two sides does not answer';
    const sides = { labBefore: this.#labBefore, serverBefore, server: survey.occupancy, status };
    return compareLive(this.#upstream.url, sides, this.#gaps.kept, DEFAULT_THRESHOLDS);
  }

  /** The last summary, with all that was seen in it. */
  async close(): Promise<TapSummary> {
    await this.#listener.close();
    const summary = await this.summary();
    this.#control.close();
    await this.#lab.close();
    return summary;
  }

  async #answer(
    kind: 'lab' | 'info',
    words: readonly string[],
    ask: () => Promise<Buffer>,
  ): Promise<LabReply | Buffer> {
    const context = { database: 0, isStandalone: false };
    if (kind === 'info') {
      const own = await ask();
      const info = replyText(own);
      return info === undefined ? own : withText(own, await this.#info(info, words.slice(1)));
    }
    if (words[0]?.toLowerCase() === 'memory' && words[1]?.toLowerCase() === 'verify') {
      const result = await this.verify();
      return typeof result === 'string' ? error(`ERR ${result}`) : text(JSON.stringify(result));
    }
    return this.#lab.ask(words, context);
  }

  async #info(info: string, sections: readonly string[]): Promise<string> {
    const asked = asksFor(sections);
    const lines = async (section: string) => {
      const reply = await this.#lab.ask(['INFO', section], { database: 0, isStandalone: false });
      return reply.kind === 'text' ? reply.text : '';
    };
    let said = asked.memory ? withMemoryLines(info, (await lines('memory')) + this.#gapLine()) : info;
    if (asked.rdbStats) said += (said === '' ? '' : '\r\n') + (await lines('rdb_stats'));
    return said;
  }

  #gapLine(): string {
    const first = this.#gaps.kept[0];
    return first === undefined ? '' : `mem_lab_incomplete_since_unix_ms:${first.atMs}\r\n`;
  }
}
