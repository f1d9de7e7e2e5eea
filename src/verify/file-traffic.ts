import { InputError, Queue } from '../base/index.js';
import { type Command, emptyCommand } from '../commands/index.js';
import type { Input } from '../input/index.js';
import { openInput } from '../input/node.js';
import type { ServerSettings } from '../model/index.js';
import { commandSource, inputSource, isLoaded } from '../run/index.js';
import { isSafe } from './commands-not-sent.js';
import { dataSetOf } from './data-set.js';
import type { Pace } from './server-session.js';
import type { TrafficSource } from './traffic-source.js';

/** The settings apply to both sides. */
export interface FileTrafficOptions extends ServerSettings {
  readonly server: string;
  readonly pace: Pace;
  readonly settleMs: number;
}

const END_PHASE = 'end';

export function fileTraffic(path: string, options: FileTrafficOptions): TrafficSource {
  // Opening the file here reports its errors before a server starts.
  const input = openInput(path);
  input.close();
  return isLoaded(input) ? loadedTraffic(path, input, options) : sentTraffic(path, options);
}

/** Returns traffic that consists of loading a data set: the server loads a copy at its start, and the lab the file. */
function loadedTraffic(
  path: string,
  input: Input,
  { server, pace, settleMs, isCluster, settings }: FileTrafficOptions,
): TrafficSource {
  if (pace === 'stream') {
    throw new InputError(`--pace stream with ${path}: a server loads it at once; remove the option`);
  }
  let unknown: ReadonlyMap<string, number> = new Map();
  const data = dataSetOf(input);
  // Both sides skip keys that have expired by the time at which the server loads the file.
  let loadedAtMs = Date.now();
  const epochMs = () => loadedAtMs;
  return {
    run: inputSource(openInput(path), {
      server,
      isCluster,
      settings,
      epochMs,
      settleMs,
      isUntimed: true,
      isObserved: true,
      onUnknown: (counts) => {
        unknown = counts;
      },
    }),
    loaded: {
      data: {
        ...data,
        async place(directory) {
          await data.place(directory);
          loadedAtMs = Date.now();
        },
      },
      idleRun: commandSource({
        name: path,
        server,
        isCluster,
        settings,
        epochMs,
        settleMs,
        hasIdlePhase: true,
        isObserved: true,
        commands: () => [],
      }),
    },
    *phases() {
      yield { name: END_PHASE, commands: [] };
    },
    unknown: () => unknown,
  };
}

/** Returns traffic from a file of commands, which each side reads once, so that it need not fit in memory. */
function sentTraffic(
  path: string,
  { server, pace, settleMs, isCluster, settings }: FileTrafficOptions,
): TrafficSource {
  let unknown: ReadonlyMap<string, number> = new Map();
  const entryTimes = new Queue<number>();
  const run = commandSource({
    name: path,
    entryTimes,
    server,
    isCluster,
    settings,
    // The server uses this machine's clock, and so does the lab.
    epochMs: Date.now(),
    settleMs,
    hasIdlePhase: true,
    isObserved: true,
    commands: () => sendable(commandsOf(path, pace)),
    onUnknown: (counts) => {
      unknown = counts;
    },
  });
  return {
    run,
    entryTimes,
    *phases() {
      yield { name: END_PHASE, commands: commandsOf(path, pace) };
    },
    unknown: () => unknown,
  };
}

/** Drops the commands that the session does not send to the server, where they are counted. */
function* sendable(commands: Iterable<Command>): Generator<Command> {
  for (const command of commands) if (isSafe(command)) yield command;
}

/** Returns the commands of a file. At pace 'max' all of them have time 0 on both sides. */
function* commandsOf(path: string, pace: Pace): Generator<Command> {
  const input = openInput(path);
  const untimed = emptyCommand();
  try {
    for (const event of input.events()) {
      if (event.kind !== 'command') continue;
      yield pace === 'stream' ? event.command : Object.assign(untimed, event.command, { timeMs: 0 });
    }
  } finally {
    input.close();
  }
}
