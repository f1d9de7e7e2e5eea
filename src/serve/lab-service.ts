/** The lab as its worker thread offers it, by Comlink. */
import { transfer } from 'comlink';
import type { BuildInfo } from '../engine/index.js';
import { openEngine } from '../engine/node.js';
import type { ModelDecisions } from '../model/index.js';
import { type PackedRecord, packFrame } from '../recording/index.js';
import type { LabReply } from '../resp/node.js';
import type { RunHeader } from '../run/index.js';
import type { Batch } from './feed.js';
import { type LabOptions, type LabStatus, LiveLab, type QuestionContext } from './live-lab.js';

export interface LabServiceOptions extends LabOptions {
  readonly build: string;
  /** Sweeps say what each single region is. */
  readonly hasRegions: boolean;
}

export interface LabService {
  open(options: LabServiceOptions): Promise<void>;
  feed(batch: Batch): Promise<void>;
  /** As feed: what the model decided, command by command. */
  judge(batch: Batch): Promise<readonly ModelDecisions[]>;
  answer(words: readonly string[], context: QuestionContext): Promise<LabReply>;
  status(): Promise<LabStatus>;
  /** Bytes of the buffer for a client's replies; 0: there is no such client. */
  replyBufferOf(client: number): Promise<number>;
  /** What a recording of the lab begins with. */
  about(): Promise<{ readonly about: RunHeader; readonly info: BuildInfo }>;
  /** A frame of a recording: all that was fed until now. */
  frame(name: string): Promise<PackedRecord[]>;
}

export function labService(): LabService {
  let lab: LiveLab | undefined;
  const opened = () => {
    if (lab === undefined) throw new Error('the lab was asked before it was opened');
    return lab;
  };
  // Calls arrive while others wait for the engine: each is to see what came before it, and no more.
  let last: Promise<unknown> = Promise.resolve();
  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  };
  return {
    open: ({ build, hasRegions: regions, ...options }) =>
      inOrder(async () => {
        const { conf } = options;
        lab = new LiveLab(
          await openEngine({ build, conf, hooks: 'complete', runtime: 'wasm', regions }),
          options,
        );
      }),
    feed: (batch) => inOrder(() => opened().feed(batch)),
    judge: (batch) => inOrder(() => opened().judge(batch)),
    answer: (words, context) => inOrder(() => opened().answer(words, context)),
    status: () => inOrder(() => opened().status()),
    replyBufferOf: (client) => inOrder(async () => opened().replyBufferOf(client)),
    about: () => inOrder(async () => ({ about: opened().about, info: opened().engine.info })),
    frame: async (name) => {
      // It is compressed while others are answered.
      const { packing } = await inOrder(async () => ({ packing: packFrame(await opened().frame(name)) }));
      const records = await packing;
      return transfer(
        records,
        records.map(({ stored }) => stored.buffer),
      );
    },
  };
}
