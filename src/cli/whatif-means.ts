/** The parts that `whatif`, `advise` and `size` share: their input, server and means. */
import { InputError } from '../base/index.js';
import { openEngine } from '../engine/node.js';
import { openInput } from '../input/node.js';
import { DEFAULT_VERSION, findServer } from '../model/index.js';
import { quoted, type Replayer, type Setup, type WhatIfMeans } from '../remedy/index.js';
import type { Cut } from '../run/index.js';
import { openStream, type StreamPlan } from '../run/node.js';
import type { Interruption } from './abort-on-signals.js';
import type { QueueChoice } from './queue-options.js';
import type { SubjectOptions } from './run-options.js';
import { knownBuild, parseSubject, streamPlanOf, withFileError } from './subject-argument.js';
import { cutOf } from './whatif-options.js';

/** The options of a run of changes. */
export interface ChangeOptions extends SubjectOptions {
  readonly at?: string;
}

/** An input with the server that it runs on. */
export interface ChangedInput {
  readonly plan: StreamPlan;
  readonly setup: Setup;
  readonly cut: Cut | undefined;
}

export async function parseChangedInput(input: string, options: ChangeOptions): Promise<ChangedInput> {
  const subject = await parseSubject(input, options);
  if (subject.subject.kind === 'ops') {
    throw new InputError(
      `${input}: a saved stream has no server to change; name the input that it was made from, or, for a recorded ` +
        "program, 'arena PATTERN' in place of --then",
    );
  }
  const plan = streamPlanOf(subject, options);
  return { plan, setup: setupOf(plan, options), cut: cutOf(options.at, subject) };
}

/** Returns the start of the first process. */
function setupOf({ server, settings }: StreamPlan, { build, conf = '' }: ChangeOptions): Setup {
  if (server === undefined) {
    throw new InputError(
      '-: what the server of standard input is must be known beforehand; name it with --server',
    );
  }
  const { defaultBuild } = findServer(server) ?? DEFAULT_VERSION;
  return { server, build: knownBuild(build ?? defaultBuild), conf, settings };
}

export function meansFor(
  input: string,
  { plan }: ChangedInput,
  { hooks, runtime }: ChangeOptions,
  interruption: Interruption,
): WhatIfMeans {
  return {
    openEngine: ({ build, conf }) => openEngine({ build, conf, hooks, runtime }),
    openSource: (extras) => withFileError(input, () => openStream(plan, extras)),
    openInput: (path) => openInput(path),
    beforeStep: () => interruption.check(),
  };
}

/** Calls `use` with what replays an input on a queue; with undefined if the options name none. */
export async function withReplayer<T>(
  title: string,
  { plan }: ChangedInput,
  options: ChangeOptions & QueueChoice,
  interruption: Interruption,
  use: (replayer: Replayer | undefined) => Promise<T>,
): Promise<T> {
  const { queue } = options;
  if (queue === undefined) return use(undefined);
  const { replayerOn, withCellsOnQueue } = await import('./cells-on-queue.js');
  return withCellsOnQueue(queue, title, options, interruption, async (queued) =>
    use(await replayerOn(queued, plan, options, interruption)),
  );
}

/** Returns the command line of `whatif` with these steps. A change of the whole run stands without --then. */
export function whatIfLine(input: string, options: ChangeOptions, steps: readonly string[]): string {
  const words = steps.flatMap((step) => [...(step.startsWith('arena ') ? [] : ['--then']), quoted(step)]);
  return [lineOf('whatif', input, options), ...words].join(' ');
}

/** Returns the command line of `advise` on the same input and server. */
export function adviceLine(input: string, options: ChangeOptions): string {
  return lineOf('advise', input, options);
}

function lineOf(command: string, input: string, options: ChangeOptions): string {
  const { server, build, conf, hooks, runtime, set = [], at } = options;
  const option = (name: string, value: string | undefined, byDefault?: string) =>
    value === undefined || value === byDefault ? [] : [name, quoted(value)];
  return [
    'slablab',
    command,
    quoted(input),
    ...option('--server', server),
    ...option('--build', build),
    ...option('--conf', conf),
    ...option('--hooks', hooks, 'complete'),
    ...option('--runtime', runtime, 'wasm'),
    ...set.flatMap((value) => option('--set', value)),
    ...option('--at', at),
  ].join(' ');
}
