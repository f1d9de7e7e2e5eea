/** A file of commands (RESP, AOF, MONITOR log) for both sides. */
import type { Command } from '../../redis/command.js';
import { emptyCommand } from '../../redis/command.js';
import { openInput } from '../../redis/input/index.js';
import { InputError } from '../../trace/index.js';
import { commandSource } from '../source.js';
import { isSafe } from './commands-not-sent.js';
import type { Pace } from './server-session.js';
import type { TrafficSource } from './traffic-source.js';

export interface FileTrafficOptions {
  readonly server: string;
  readonly pace: Pace;
  readonly settleMs: number;
}

const END_PHASE = 'end';

/** The file is read twice, once for each side, so that it does not have to fit in memory. */
export function fileTraffic(path: string, { server, pace, settleMs }: FileTrafficOptions): TrafficSource {
  // What is wrong with the file is to be known before a server is started.
  openInput(path).close();
  let unknown: ReadonlyMap<string, number> = new Map();
  const run = commandSource({
    name: path,
    server,
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
      if (event.kind === 'command') {
        yield pace === 'stream' ? event.command : Object.assign(untimed, event.command, { timeMs: 0 });
      } else if (event.kind !== 'epoch') {
        throw new InputError(
          `${path}: it holds a snapshot (RDB), which cannot be sent as commands; ` +
            'verify an AOF that was written with `aof-use-rdb-preamble no`, a RESP file or a MONITOR log',
        );
      }
    }
  } finally {
    input.close();
  }
}
