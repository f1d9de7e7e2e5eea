/** A sweep as a worker knows it: its plan, and its cells with the place of the input on this machine. */
import type { BuildInfo } from '../../engine/index.js';
import { contentPath } from '../../run/node.js';
import { buildsOf, type Cell } from '../../sweep/node.js';
import type { SweepPlan } from '../sweep-record.js';

export class KnownSweep {
  #builds: Promise<ReadonlyMap<string, BuildInfo>> | undefined;

  constructor(
    readonly id: string,
    readonly plan: SweepPlan,
    /** The reason for which this worker may not run its cells. */
    readonly breach: string | undefined,
    /** The places of inputs here, by those on the producer's machine. Workloads of the program have none. */
    readonly inputPaths: ReadonlyMap<string, string>,
  ) {}

  builds(): Promise<ReadonlyMap<string, BuildInfo>> {
    this.#builds ??= buildsOf(this.plan.cells);
    return this.#builds;
  }

  /** Returns a cell whose input is read from its place here. */
  readonly localised = (cell: Cell): Cell => {
    const { stream } = cell;
    const at = this.inputPaths.get(contentPath(stream.subject));
    return at === undefined ? cell : { ...cell, stream: { ...stream, subject: { ...stream.subject, at } } };
  };
}
