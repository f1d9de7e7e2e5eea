/** Runs cells of any inputs on the workers of a queue, as `runCells` of the sweep does on this machine. */
import { contentPath, isDocument, type Subject, subjectName } from '../run/node.js';
import { type Cell, journalHeader, type SweepCell } from '../sweep/node.js';
import type { QueuePlace } from './connection.js';
import { contractOf, queueName } from './contract.js';
import { QueuedSweep } from './queued-sweep.js';
import { describeInput, type SentInput } from './sent-input.js';
import { dropInputs } from './sweeps-on-server.js';

export interface QueuedCellsOptions {
  /** The version of this program. */
  readonly version: string;
  /** The name that `slablab queue` shows as the input. */
  readonly title: string;
  readonly onNote: (note: string) => void;
  /** Ends all cells, here and at the workers. */
  readonly signal: AbortSignal;
}

/** The cells of one command, which asks for some after it has the results of others. */
export class QueuedCells {
  readonly #inputs = new Map<string, Promise<SentInput>>();

  constructor(
    private readonly place: QueuePlace,
    private readonly options: QueuedCellsOptions,
  ) {}

  /** Runs cells, whose numbers are those of their places. Returns those that are finished if the signal ends them. */
  async run(
    cells: readonly Cell[],
    onCell: (done: number) => void = () => {},
  ): Promise<readonly SweepCell[]> {
    const { version, title, onNote, signal } = this.options;
    const inputs = await this.#inputsOf(cells);
    const contract = await contractOf(version, cells);
    const decides = { version, inputs: inputs.map(({ files }) => files), contract, cells };
    const sweep = new QueuedSweep(
      this.place,
      {
        header: journalHeader(decides, cells.length),
        title,
        grid: null,
        cells,
        cellTimeoutMs: null,
        isRecorded: false,
        verifiedShare: 0,
        contract,
        inputs,
        queue: await queueName(version),
      },
      {
        done: new Map(),
        onCell,
        onNote,
        isRevived: true,
        isLeftBehind: false,
        keepsInputs: true,
        signal,
      },
    );
    return (await sweep.run()).cells;
  }

  /** Removes the inputs that no other sweep needs. */
  async close(): Promise<void> {
    await dropInputs(this.place, await Promise.all(this.#inputs.values()));
  }

  async #inputsOf(cells: readonly Cell[]): Promise<SentInput[]> {
    for (const { stream } of cells) {
      const name = contentPath(stream.subject);
      if (isSent(stream.subject) && !this.#inputs.has(name)) this.#inputs.set(name, describeInput(name));
    }
    return Promise.all(this.#inputs.values());
  }
}

/** Whether a subject is a file, which workers do not have. */
export function isSent(subject: Subject): boolean {
  return subject.kind !== 'workload' || isDocument(subjectName(subject));
}
