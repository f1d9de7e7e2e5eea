import { InputError } from '../base/index.js';
import { type Command, emptyCommand } from '../commands/index.js';
import type { Input } from '../input/index.js';
import { openInput } from '../input/node.js';
import type { ServerSettings } from '../model/index.js';
import { commandSource, inputSource, isLoaded } from '../run/index.js';
import { isSafe } from './commands-not-sent.js';
import { dataSetOf } from './data-set.js';
import type { Pace } from './server-session.js';
import type { TrafficSource } from './traffic-source.js';

/** The server's settings are those of both sides. */
export interface FileTrafficOptions extends ServerSettings {
  readonly server: string;
  readonly pace: Pace;
  readonly settleMs: number;
}

const END_PHASE = 'end';

export function fileTraffic(path: string, options: FileTrafficOptions): TrafficSource {
  // What is wrong with the file is to be known before a server is started.
  const input = openInput(path);
  input.close();
  return isLoaded(input) ? loadedTraffic(path, input, options) : sentTraffic(path, options);
}

/** The server loads a copy of it as it starts; the lab as the server does, all at once. */
function loadedTraffic(
  path: string,
  input: Input,
  { server, pace, settleMs, isCluster, settings }: FileTrafficOptions,
): TrafficSource {
  if (pace === 'stream') {
    throw new InputError(`--pace stream with ${path}: a server loads it at once; leave the option out`);
  }
  let unknown: ReadonlyMap<string, number> = new Map();
  const data = dataSetOf(input);
  // What has expired by the time the server loads the file is never there, on either side.
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

/** The file is read twice, once for each side, so that it does not have to fit in memory. */
function sentTraffic(
  path: string,
  { server, pace, settleMs, isCluster, settings }: FileTrafficOptions,
): TrafficSource {
  let unknown: ReadonlyMap<string, number> = new Map();
  const run = commandSource({
    name: path,
    server,
    isCluster,
    settings,
    // The server has this machine's clock, so the lab is given the same.
    epochMs: Date.now(),
    settleMs,
    hasIdlePhase: true,
    commands: () => sendable(commandsOf(path, pace)),
    onUnknown: (counts) => {
      unknown = counts;
    },
  });
  return {
    run,
    *phases() {
      yield { name: END_PHASE, commands: commandsOf(path, pace) };
    },
    unknown: () => unknown,
  };
}

/** The session leaves these out for the server, and counts them there. */
function* sendable(commands: Iterable<Command>): Generator<Command> {
  for (const command of commands) if (isSafe(command)) yield command;
}

/** At pace 'max' nothing waits for anything: all commands come at time 0 to both sides. */
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
