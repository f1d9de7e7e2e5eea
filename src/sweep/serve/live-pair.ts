/** A lab and the live server that it follows, and what both held when it began. */
import { DEFAULT_THRESHOLDS } from '../verify/comparison.js';
import { type Occupancy, occupancyOfLab } from '../verify/occupancy.js';
import type { Control } from './control.js';
import type { Gaps } from './gaps.js';
import { error, type LabReply, text } from './lab-reply.js';
import type { LabThread } from './lab-thread.js';
import { compareLive, type LiveVerifyResult } from './live-verify.js';
import { surveyOf } from './server-kind.js';

export class LivePair {
  readonly #url: string;
  readonly #control: Control;
  readonly #lab: LabThread;
  readonly #gaps: Gaps;
  readonly #before: { readonly lab: Occupancy; readonly server: Occupancy } | undefined;

  private constructor(
    url: string,
    control: Control,
    lab: LabThread,
    gaps: Gaps,
    before: { readonly lab: Occupancy; readonly server: Occupancy } | undefined,
  ) {
    this.#url = url;
    this.#control = control;
    this.#lab = lab;
    this.#gaps = gaps;
    this.#before = before;
  }

  /** Both at one moment. What asking makes the server allocate for good it has allocated when it was inspected. */
  static async begin(url: string, control: Control, lab: LabThread, gaps: Gaps): Promise<LivePair> {
    const server = await surveyOf(control);
    const status = await lab.status();
    const before =
      server === null || status === null
        ? undefined
        : { server: server.occupancy, lab: occupancyOfLab(status.snapshot) };
    return new LivePair(url, control, lab, gaps, before);
  }

  /** Or why they cannot be compared. */
  async verify(): Promise<LiveVerifyResult | string> {
    const before = this.#before;
    if (before === undefined) return 'the server tells nothing of its allocator';
    const survey = await surveyOf(this.#control);
    const status = await this.#lab.status();
    if (survey === null || status === null) return 'one of the two sides does not answer';
    const sides = { labBefore: before.lab, serverBefore: before.server, server: survey.occupancy, status };
    return compareLive(this.#url, sides, this.#gaps.kept, DEFAULT_THRESHOLDS);
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

export function isVerify(words: readonly string[]): boolean {
  return words[0]?.toLowerCase() === 'memory' && words[1]?.toLowerCase() === 'verify';
}
