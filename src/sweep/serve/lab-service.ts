/** The lab as its worker thread offers it, by Comlink. */
import { openEngine } from '../../engine/index.js';
import type { Decisions } from '../../redis/index.js';
import type { LabReply } from './lab-reply.js';
import { type LabOptions, type LabStatus, LiveLab, type QuestionContext } from './live-lab.js';

export interface LabServiceOptions extends LabOptions {
  readonly build: string;
  /** jemalloc's configuration. */
  readonly conf: string;
}

export interface LabService {
  open(options: LabServiceOptions): Promise<void>;
  feed(batch: ArrayBuffer): Promise<void>;
  /** As feed: what the model decided, command by command. */
  judge(batch: ArrayBuffer): Promise<readonly Decisions[]>;
  answer(words: readonly string[], context: QuestionContext): Promise<LabReply>;
  status(): Promise<LabStatus>;
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
    open: ({ build, conf, ...options }) =>
      inOrder(async () => {
        lab = new LiveLab(await openEngine({ build, conf, hooks: 'complete', runtime: 'wasm' }), options);
      }),
    feed: (batch) => inOrder(() => opened().feed(batch)),
    judge: (batch) => inOrder(() => opened().judge(batch)),
    answer: (words, context) => inOrder(() => opened().answer(words, context)),
    status: () => inOrder(() => opened().status()),
  };
}
