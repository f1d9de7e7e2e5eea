import { Control } from './control.js';
import { FeedWriter } from './feed.js';
import { DISCARDING_SINK, type FeedSink, LabThread, STOPPED } from './lab-thread.js';
import { type Listener, requirePasswordBeyondLoopback } from './listener.js';
import { LiveComparison, type OwnConnections } from './live-comparison.js';
import type { ServeOptions } from './serve-options.js';
import { type InspectedServer, inspectServer } from './server-inspection.js';
import type { ServeSummary } from './summary.js';
import { UnseenTraffic } from './unseen-traffic.js';
import type { Upstream } from './upstream.js';

/** The lab that follows a server. */
export interface Following {
  readonly kind: InspectedServer;
  readonly lab: LabThread;
  readonly comparison: LiveComparison;
}

/** A real server with the control connection to it and the lab that follows it, which Tap and Attach share. */
export class FollowedServer {
  readonly upstream: Upstream;
  readonly unseen: UnseenTraffic;
  readonly control: Control;
  /** Receives the commands that the server executes, even before the lab is open. */
  readonly sink: FeedSink;
  readonly epochMs = Date.now();
  readonly #options: ServeOptions;
  readonly #feed = new FeedWriter();
  #lab: LabThread | undefined;

  /** Connects to a server. `isControlSeen` says that the feed contains the commands of the control connection anyway. */
  constructor(upstream: Upstream, options: ServeOptions, isControlSeen: boolean) {
    requirePasswordBeyondLoopback(options.host, options.password);
    this.upstream = upstream;
    this.#options = options;
    this.unseen = new UnseenTraffic(({ why }) =>
      options.onNote(`from here on the lab's picture is incomplete: ${why}`),
    );
    this.sink = { feed: this.#feed, flushIfFull: () => this.#lab?.flushIfFull() };
    this.control = new Control(upstream, isControlSeen ? DISCARDING_SINK : this.sink, this.unseen);
  }

  /** Inspects the server, and opens a lab that matches it. `load` gives the lab the keys that the server has. */
  async begin(
    own: OwnConnections,
    load?: (lab: LabThread, kind: InspectedServer) => Promise<void>,
  ): Promise<Following> {
    const { control, unseen, epochMs, upstream } = this;
    const { conf, owners, onNote, maxBacklogBytes, isWatched: hasRegions } = this.#options;
    const kind = await inspectServer(control, this.#options, own.unseenId);
    for (const note of kind.notes) onNote(`${upstream.url}: ${note}`);
    if (kind.keys > 0 && load === undefined)
      unseen.add(`${upstream.url} had ${kind.keys} keys already, of which nothing is known`);
    const isReplica = load !== undefined;
    const settings = { ...kind.lab, conf, epochMs, owners, hasRegions, isReplica };
    const lab = await LabThread.open(settings, maxBacklogBytes, this.#feed);
    this.#lab = lab;
    lab.onGap = (why) => unseen.add(why);
    lab.onStopped = (why) => onNote(`${STOPPED}: ${why}`);
    await load?.(lab, kind);
    return { kind, lab, comparison: await LiveComparison.begin(upstream.url, control, lab, unseen, own) };
  }

  /** Reports the version of the server, and its model. */
  announce({ product, version, lab }: InspectedServer): void {
    this.#options.onNote(
      `${this.upstream.url} is ${product} ${version}; the lab models ${lab.server} on build ${lab.build}`,
    );
  }

  async summary({ accepted, turnedAway }: Listener, lab: LabThread): Promise<ServeSummary> {
    return {
      upstream: this.upstream.url,
      clients: { accepted, turnedAway },
      gaps: this.unseen.periods,
      notSeen: [],
      lab: await lab.status(),
    };
  }

  async close(): Promise<void> {
    this.control.close();
    await this.#lab?.close();
  }
}
