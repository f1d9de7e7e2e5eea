/** A real server, the connection that asks it, and the lab that follows it: what a tap and an attachment have in common. */
import { Control } from './control.js';
import { FeedWriter } from './feed.js';
import { Gaps } from './gaps.js';
import { DISCARDING_SINK, type FeedSink, LabThread } from './lab-thread.js';
import { type Listener, refuseOpenDoor } from './listener.js';
import { LiveComparison, type OwnConnections } from './live-pair.js';
import type { ServeOptions } from './serve-options.js';
import { inspectServer, type ServerKind } from './server-kind.js';
import type { ServeSummary } from './summary.js';
import type { Upstream } from './upstream.js';

/** Who follows it, once that has begun. */
export interface Following {
  readonly kind: ServerKind;
  readonly lab: LabThread;
  readonly pair: LiveComparison;
}

export class FollowedServer {
  readonly upstream: Upstream;
  readonly gaps: Gaps;
  readonly control: Control;
  /** Takes what the server is seen to carry out; from before the lab is there. */
  readonly sink: FeedSink;
  readonly epochMs = Date.now();
  readonly #options: ServeOptions;
  readonly #feed = new FeedWriter();
  #lab: LabThread | undefined;

  /** `isControlSeen`: what the control connection asks comes in with all the rest, and is not to be noted twice. */
  constructor(upstream: Upstream, options: ServeOptions, isControlSeen: boolean) {
    refuseOpenDoor(options.host, options.password);
    this.upstream = upstream;
    this.#options = options;
    this.gaps = new Gaps(({ why }) => options.onNote(`from here on the lab's picture is incomplete: ${why}`));
    this.sink = { feed: this.#feed, flushIfFull: () => this.#lab?.flushIfFull() };
    this.control = new Control(upstream, isControlSeen ? DISCARDING_SINK : this.sink, this.gaps);
  }

  /** Finds out what server it is, and opens a lab that is like it. */
  async begin(own: OwnConnections): Promise<Following> {
    const { control, gaps, epochMs, upstream } = this;
    const { conf, owners, onNote, maxBehindBytes, isWatched: hasRegions } = this.#options;
    const kind = await inspectServer(control, this.#options, own.unseenId);
    for (const note of kind.notes) onNote(`${upstream.url}: ${note}`);
    if (kind.keys > 0) gaps.add(`${upstream.url} had ${kind.keys} keys already, of which nothing is known`);
    const settings = { ...kind.lab, conf, epochMs, owners, hasRegions };
    const lab = await LabThread.open(settings, maxBehindBytes, this.#feed);
    this.#lab = lab;
    return { kind, lab, pair: await LiveComparison.begin(upstream.url, control, lab, gaps, own) };
  }

  /** Which server it is, and what models it. */
  announce({ product, version, lab }: ServerKind): void {
    this.#options.onNote(
      `${this.upstream.url} is ${product} ${version}; the lab models ${lab.server} on build ${lab.build}`,
    );
  }

  async summary({ accepted, turnedAway }: Listener, lab: LabThread): Promise<ServeSummary> {
    return {
      upstream: this.upstream.url,
      clients: { accepted, turnedAway },
      gaps: this.gaps.kept,
      lab: await lab.status(),
    };
  }

  async close(): Promise<void> {
    this.control.close();
    await this.#lab?.close();
  }
}
