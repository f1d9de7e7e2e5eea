/** A lab that follows a server's MONITOR, without being in anybody's way. */
import type { Socket } from 'node:net';
import { Answers } from '../../redis/answers/index.js';
import { InputError } from '../../trace/index.js';
import { serverVersion } from '../source.js';
import { respOf } from '../verify/resp-writer.js';
import { AttachLink } from './attach-link.js';
import { Control } from './control.js';
import { FeedWriter } from './feed.js';
import { Gaps } from './gaps.js';
import { infoAnswer } from './info-answer.js';
import { listenWith } from './lab-listener.js';
import { error, type LabReply, replyBytes, text } from './lab-reply.js';
import { type FeedSink, LabThread } from './lab-thread.js';
import { type Listener, refuseOpenDoor } from './listener.js';
import { isVerify, LivePair } from './live-pair.js';
import { MonitorFeed } from './monitor-feed.js';
import type { QuestionKind } from './questions.js';
import { ReplyFramer } from './reply-framer.js';
import type { ServeOptions } from './serve-options.js';
import { inspectServer } from './server-kind.js';
import type { ServeSummary } from './summary.js';
import { dial, greeting, type Upstream } from './upstream.js';

export class Attach {
  readonly #upstream: Upstream;
  readonly #control: Control;
  readonly #monitor: Socket;
  readonly lab: LabThread;
  readonly #pair: LivePair;
  readonly #gaps: Gaps;
  readonly #listener: Listener;

  private constructor(
    upstream: Upstream,
    control: Control,
    monitor: Socket,
    lab: LabThread,
    pair: LivePair,
    gaps: Gaps,
    listener: Listener,
  ) {
    this.#upstream = upstream;
    this.#control = control;
    this.#monitor = monitor;
    this.lab = lab;
    this.#pair = pair;
    this.#gaps = gaps;
    this.#listener = listener;
  }

  static async open(upstream: Upstream, options: ServeOptions): Promise<Attach> {
    refuseOpenDoor(options.host, options.password);
    const { url } = upstream;
    const { conf, owners, onNote, maxBehindBytes, isWatched: hasRegions } = options;
    const gaps = new Gaps(({ why }) => onNote(`from here on the lab's picture is incomplete: ${why}`));
    const epochMs = Date.now();
    const feed = new FeedWriter();
    let lab: LabThread | undefined;
    let monitor: Socket | undefined;
    const sink: FeedSink = { feed, flushIfFull: () => lab?.flushIfFull() };
    // What this connection asks is in the MONITOR feed, like everything.
    const control = new Control(upstream, { feed: new FeedWriter(), flushIfFull: () => {} }, gaps);
    try {
      // A password that is wrong is told here, by its first question.
      await control.ask('PING');
      monitor = await follow(upstream, new MonitorFeed(sink, gaps), gaps);
      const kind = await inspectServer(control, options);
      for (const note of kind.notes) onNote(`${url}: ${note}`);
      if (kind.keys > 0) gaps.add(`${url} had ${kind.keys} keys already, of which nothing is known`);
      lab = await LabThread.open({ ...kind.lab, conf, epochMs, owners, hasRegions }, maxBehindBytes, feed);
      const pair = await LivePair.begin(url, control, lab, gaps);
      const answers = new Answers({ version: serverVersion(kind.lab.server), startMs: epochMs });
      let attach: Attach | undefined;
      const listener = await listenWith(lab, options, {
        isStandalone: false,
        openLink: (client, _, owner) => new AttachLink(client, answers, url, owner),
        answer: async (kindOfQuestion, words, client) =>
          attach === undefined ? error('ERR not ready yet') : attach.#answer(kindOfQuestion, words, client),
      });
      attach = new Attach(upstream, control, monitor, lab, pair, gaps, listener);
      onNote(
        `${url} is ${kind.product} ${kind.version}; the lab models ${kind.lab.server} on build ${kind.lab.build}`,
      );
      return attach;
    } catch (cause) {
      control.close();
      monitor?.removeAllListeners('close').destroy();
      await lab?.close();
      throw cause;
    }
  }

  get port(): number {
    return this.#listener.port;
  }

  verify() {
    return this.#pair.verify();
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

  async close(): Promise<ServeSummary> {
    await this.#listener.close();
    const summary = await this.summary();
    this.#monitor.removeAllListeners('close').destroy();
    this.#control.close();
    await this.lab.close();
    return summary;
  }

  async #answer(kind: QuestionKind, words: readonly string[], client: number): Promise<LabReply | Buffer> {
    const context = { client, isStandalone: false };
    if (kind === 'lab') return isVerify(words) ? this.#pair.answer() : this.lab.ask(words, context);
    const info = await this.#control.ask(...words).catch((cause: Error) => cause);
    if (info instanceof Error) return error(`ERR ${info.message}`);
    const said = replyBytes(info.isError ? error(info.texts[0] ?? 'ERR') : text(info.texts[0] ?? ''), 2);
    return infoAnswer(this.lab, said, words.slice(1), context, this.#pair.gapLine);
  }
}

/** Sends MONITOR, and hands on what comes after it was granted. */
function follow(upstream: Upstream, monitor: MonitorFeed, gaps: Gaps): Promise<Socket> {
  const commands = [...greeting(upstream), ['MONITOR']];
  let unanswered = commands.length;
  const framer = new ReplyFramer();
  return new Promise((resolve, reject) => {
    const socket = dial(upstream);
    socket.on('error', (cause) => reject(new InputError(`${upstream.url}: ${cause.message}`)));
    socket.on('close', () => {
      reject(new InputError(`${upstream.url} closed the connection that was to MONITOR it`));
      gaps.add(`${upstream.url} ended MONITOR: what it did from then on is not known`);
    });
    socket.on('data', (bytes) => {
      let at = 0;
      while (unanswered > 0 && at >= 0 && at < bytes.length) {
        at = framer.next(bytes, at);
        if (at < 0) return;
        if (framer.type === 45) {
          socket.destroy();
          reject(
            new InputError(`${upstream.url} refuses ${commands.at(-unanswered)?.[0]}: ${framer.errorCode}`),
          );
          return;
        }
        unanswered--;
        if (unanswered === 0) resolve(socket);
      }
      if (at < bytes.length) monitor.add(bytes.subarray(at));
    });
    for (const words of commands) socket.write(respOf(...words));
  });
}
