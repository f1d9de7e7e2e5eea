import { error, type LabReply, text } from '../resp/node.js';
import { DEFAULT_THRESHOLDS, type Occupancy, occupancyOfLab } from '../verify/index.js';
import type { Control } from './control.js';
import type { Gaps } from './gaps.js';
import type { LabThread } from './lab-thread.js';
import type { LabStatus } from './live-lab.js';
import { compareLive, type LiveVerifyResult } from './live-verify.js';
import { surveyOf } from './server-kind.js';

/** Our own connections to the server, which it has memory for. */
export interface OwnConnections {
  /** The number that the lab has for the control connection, by the address that the server has for it. */
  controlNumber(address: string): number;
  /** The server's id for one that the lab sees nothing of. */
  readonly unseenId: number | undefined;
}

/** Both at one moment. */
interface Moment {
  readonly server: Occupancy;
  readonly lab: Occupancy;
  readonly status: LabStatus;
}

export class LiveComparison {
  readonly #url: string;
  readonly #control: Control;
  readonly #lab: LabThread;
  readonly #gaps: Gaps;
  readonly #own: OwnConnections;
  #before: Moment | undefined;

  private constructor(url: string, control: Control, lab: LabThread, gaps: Gaps, own: OwnConnections) {
    this.#url = url;
    this.#control = control;
    this.#lab = lab;
    this.#gaps = gaps;
    this.#own = own;
  }

  /** What asking makes the server allocate for good it has allocated when it was inspected. */
  static async begin(
    url: string,
    control: Control,
    lab: LabThread,
    gaps: Gaps,
    own: OwnConnections,
  ): Promise<LiveComparison> {
    const pair = new LiveComparison(url, control, lab, gaps, own);
    pair.#before = await pair.#moment();
    return pair;
  }

  /** Or why they cannot be compared. */
  async verify(): Promise<LiveVerifyResult | string> {
    const before = this.#before;
    if (before === undefined) return 'the server tells nothing of its allocator';
    const now = await this.#moment();
    if (now === undefined) return 'one of the two sides does not answer';
    const sides = { labBefore: before.lab, serverBefore: before.server, ...now };
    return compareLive(this.#url, sides, this.#gaps.kept, DEFAULT_THRESHOLDS);
  }

  /**
   * The buffer for the control connection's replies is left out: long replies make it grow and ticks of the server make
   * it shrink, 15 KiB or none at this moment, and the lab cannot know when the server's ticks come.
   */
  async #moment(): Promise<Moment | undefined> {
    const survey = await surveyOf(this.#control, this.#own.unseenId);
    if (survey === null) return undefined;
    const { occupancy, asker } = survey;
    const { replyBufferBytes = 0 } = asker;
    const [status, labBytes] = await Promise.all([
      this.#lab.status(),
      asker.replyBufferBytes === undefined
        ? 0
        : this.#lab.replyBufferOf(this.#own.controlNumber(asker.address)),
    ]);
    if (status === null) return undefined;
    const lab = occupancyOfLab(status.snapshot);
    return { server: less(occupancy, replyBufferBytes), lab: less(lab, labBytes), status };
  }

  /** MEMORY VERIFY */
  async answer(): Promise<LabReply> {
    // A server that has gone is the asker's news, not this process's end.
    const result = await this.verify().catch((cause: Error) => cause.message);
    return typeof result === 'string' ? error(`ERR ${result}`) : text(JSON.stringify(result));
  }

  /** For INFO's Memory section. */
  get gapLine(): string {
    const first = this.#gaps.kept[0];
    return first === undefined ? '' : `mem_lab_incomplete_since_unix_ms:${first.atMs}\r\n`;
  }
}

function less(occupancy: Occupancy, bytes: number): Occupancy {
  return { ...occupancy, usedMemory: occupancy.usedMemory - bytes };
}

export function isVerify(words: readonly string[]): boolean {
  return words[0]?.toLowerCase() === 'memory' && words[1]?.toLowerCase() === 'verify';
}
