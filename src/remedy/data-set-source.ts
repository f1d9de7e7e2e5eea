import { InputError } from '../base/index.js';
import type { RdbEvent } from '../input/index.js';
import { CLUSTER, carryRegisters, Loading, type RedisServer, savedDataSet } from '../model/index.js';
import { type Continuation, commandSource, type RunSource } from '../run/index.js';
import type { Setup } from './setup.js';

/** A process that starts with the data set of another. */
export interface Successor {
  /** The name of the input, for the result. */
  readonly input: string;
  /** The name of the phase that ends when the data set is loaded. */
  readonly phase: string;
  /** The text of the step that starts it, for messages. */
  readonly step: string;
  readonly setup: Setup;
  /** Returns the server of the process before it, whose stream has ended. */
  readonly before: () => RedisServer;
  /** Called with the bytes of the loaded data set. */
  readonly onLoaded: (bytes: number) => void;
  readonly continuation: Continuation;
  /** Returns the file that the process loads. Undefined: the data set of the server before. */
  readonly dataSet?: (before: RedisServer) => Iterable<RdbEvent>;
}

/** Returns a source that loads the data set of an earlier server, and has further phases. */
export function dataSetSource(successor: Successor): RunSource {
  const { input, phase, setup, before, continuation } = successor;
  const { [CLUSTER]: cluster = 'no', ...settings } = setup.settings;
  return commandSource({
    name: input,
    server: setup.server,
    isCluster: cluster.toLowerCase() === 'yes',
    settings: Object.entries(settings),
    epochMs: () => before().epochMs + before().nowMs,
    load: (server) => loading(server, successor),
    commands: () => [],
    endPhase: phase,
    continuation,
  });
}

function* loading(
  server: RedisServer,
  { before: serverBefore, step, onLoaded, dataSet = savedDataSet }: Successor,
): Generator<void> {
  const before = serverBefore();
  const { used } = server.heap;
  const refuse = (found: string) => new InputError(`--then '${step}': ${server.version.name}: ${found}`);
  yield* new Loading(server, { isLog: false, refuse }).steps(dataSet(before));
  carryRegisters(before, server);
  onLoaded(server.heap.used - used);
}
