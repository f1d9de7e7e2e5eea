import { error, type LabReply, text } from '../resp/node.js';
import { DEFAULT_THRESHOLDS, type Occupancy, occupancyOfLab } from '../verify/index.js';
import type { Control } from './control.js';
import type { LabThread } from './lab-thread.js';
import type { LabStatus } from './live-lab.js';
import { compareLive, type LiveVerifyResult } from './live-verify.js';
import { surveyOf } from './server-inspection.js';
import type { UnseenTraffic } from './unseen-traffic.js';

/** The lab's own connections, which take memory in the server. */
export interface OwnConnections {
  /** Returns the lab's number of the control connection, by its address in the server. */
  controlNumber(address: string): number;
  /** The server's ID of a connection that the lab's feed does not contain. */
  readonly unseenId: number | undefined;
}

/** The state of both sides at one moment. */
interface Moment {
  readonly server: Occupancy;
  readonly lab: Occupancy;
  readonly status: LabStatus;
}

/** Compares a live server with the lab that follows it. */
export class LiveComparison {
  readonly #url: string;
  readonly #control: Control;
  readonly #lab: LabThread;
  readonly #unseen: UnseenTraffic;
  readonly #own: OwnConnections;
  #before: Moment | undefined;
  #slowBefore = 0;

  private constructor(
    url: string,
    control: Control,
    lab: LabThread,
    unseen: UnseenTraffic,
    own: OwnConnections,
  ) {
    this.#url = url;
    this.#control = control;
    this.#lab = lab;
    this.#unseen = unseen;
    this.#own = own;
  }

  /** Takes the first survey. The inspection before it has made the server allocate what surveys need. */
  static async begin(
    url: string,
    control: Control,
    lab: LabThread,
    unseen: UnseenTraffic,
    own: OwnConnections,
  ): Promise<LiveComparison> {
    const comparison = new LiveComparison(url, control, lab, unseen, own);
    comparison.#slowBefore = await comparison.#slowCommands();
    comparison.#before = await comparison.#moment();
    return comparison;
  }

  /** Returns the comparison, or the reason why the sides cannot be compared. */
  async verify(): Promise<LiveVerifyResult | string> {
    const before = this.#before;
    if (before === undefined) return 'the server tells nothing of its allocator';
    const slow = await this.#slowCommands();
    if (slow > this.#slowBefore) {
      this.#unseen.addOnce(
        'slow log',
        `the server keeps ${slow} commands in its slow log, which the lab does not have`,
      );
    }
    const now = await this.#moment();
    if (now === undefined) return 'one of the two sides does not answer';
    const kept = await this.#lab.keptByTcaches();
    const sides = { labBefore: before.lab, serverBefore: before.server, ...now, kept };
    return compareLive(this.#url, sides, this.#unseen.periods, DEFAULT_THRESHOLDS);
  }

  /**
   * Surveys both sides without the reply buffer of the control connection. Long replies grow it and the server's cron
   * shrinks it, at times that the lab cannot know.
   */
  async #moment(): Promise<Moment | undefined> {
    const survey = await surveyOf(this.#control, this.#own.unseenId);
    if (survey === null) return undefined;
    const { occupancy, client } = survey;
    const { replyBufferBytes = 0 } = client;
    const [status, labBytes] = await Promise.all([
      this.#lab.status(),
      client.replyBufferBytes === undefined
        ? 0
        : this.#lab.replyBufferOf(this.#own.controlNumber(client.address)),
    ]);
    if (status === null) return undefined;
    const lab = occupancyOfLab(status.snapshot);
    return { server: less(occupancy, replyBufferBytes), lab: less(lab, labBytes), status };
  }

  /** Returns the number of slow commands that the server keeps. It depends on the speed of its machine. */
  async #slowCommands(): Promise<number> {
    const { bytes } = await this.#control.ask('SLOWLOG', 'LEN');
    return Number(/^:(\d+)/.exec(bytes.toString('latin1'))?.[1] ?? 0);
  }

  /** Returns the reply to MEMORY VERIFY. */
  async answer(): Promise<LabReply> {
    // A lost server is an error for the client, not for this process.
    const result = await this.verify().catch((cause: Error) => cause.message);
    return typeof result === 'string' ? error(`ERR ${result}`) : text(JSON.stringify(result));
  }
}

function less(occupancy: Occupancy, bytes: number): Occupancy {
  return { ...occupancy, usedMemory: occupancy.usedMemory - bytes };
}

export function isVerify(words: readonly string[]): boolean {
  return words[0]?.toLowerCase() === 'memory' && words[1]?.toLowerCase() === 'verify';
}
