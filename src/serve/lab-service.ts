/** The lab as its worker thread offers it through Comlink. */
import { transfer } from 'comlink';
import type { BuildInfo } from '../engine/index.js';
import { openEngine } from '../engine/node.js';
import type { ModelDecisions } from '../model/index.js';
import { type PackedRecord, packFrame } from '../recording/index.js';
import type { LabReply } from '../resp/node.js';
import type { RunHeader } from '../run/index.js';
import type { Batch } from './feed.js';
import {
  type FeedResult,
  type InspectionContext,
  type LabOptions,
  type LabStatus,
  LiveLab,
} from './live-lab.js';
import { slabsKeptByTcaches } from './live-verify.js';

export interface LabServiceOptions extends LabOptions {
  readonly build: string;
  /** Whether sweeps record the state of every region. */
  readonly hasRegions: boolean;
}

/** The interface of the lab in its worker thread, for Comlink. */
export interface LabService {
  open(options: LabServiceOptions): Promise<void>;
  /** Models a batch; returns why the lab has stopped, or null. */
  feed(batch: Batch): Promise<FeedResult>;
  /** Loads an RDB file, as a server does at its start. Returns notes on it. */
  load(path: string): Promise<readonly string[]>;
  /** Feeds a batch, and returns the decisions of the model for each command. */
  decide(batch: Batch): Promise<readonly ModelDecisions[]>;
  answer(words: readonly string[], context: InspectionContext): Promise<LabReply>;
  status(): Promise<LabStatus>;
  /** Returns the size of a client's reply buffer, or 0 if there is no such client. */
  replyBufferOf(client: number): Promise<number>;
  /** Returns the slabs that are there only for regions in tcaches, by the size of these. */
  keptByTcaches(): Promise<ReadonlyMap<number, number>>;
  /** Returns the header of a recording of the lab. */
  about(): Promise<{ readonly about: RunHeader; readonly info: BuildInfo }>;
  /** Returns a frame of a recording, after everything fed so far. */
  frame(name: string): Promise<PackedRecord[]>;
}

export function labService(): LabService {
  let lab: LiveLab | undefined;
  const opened = () => {
    if (lab === undefined) throw new Error('the lab was asked before it was opened');
    return lab;
  };
  // Calls arrive while earlier ones await the engine, so they run in the order of arrival.
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
    load: (path) => inOrder(() => opened().load(path)),
    decide: (batch) => inOrder(() => opened().decide(batch)),
    answer: (words, context) => inOrder(() => opened().answer(words, context)),
    status: () => inOrder(() => opened().status()),
    replyBufferOf: (client) => inOrder(async () => opened().replyBufferOf(client)),
    keptByTcaches: () => inOrder(async () => slabsKeptByTcaches(await opened().survey())),
    about: () => inOrder(async () => ({ about: opened().about, info: opened().engine.info })),
    frame: async (name) => {
      // The frame is compressed while further calls run.
      const { packing } = await inOrder(async () => ({ packing: packFrame(await opened().frame(name)) }));
      const records = await packing;
      return transfer(
        records,
        records.map(({ stored }) => stored.buffer),
      );
    },
  };
}
