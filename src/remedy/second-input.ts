import { InputError } from '../base/index.js';
import type { Command } from '../commands/index.js';
import type { Input } from '../input/index.js';
import type { RedisServer } from '../model/index.js';

/** Clients of a second file are others than those of the first. */
const FIRST_CLIENT = 0xc0000000;

/**
 * Yields the commands of a second file, in the time of the server. Its times follow the server's, unless both have times
 * of day and the file begins later.
 */
export function* commandsOfSecond(input: Input, server: RedisServer): Generator<Command, void> {
  let offsetMs = server.nowMs;
  for (const event of input.events()) {
    if (event.kind === 'epoch') {
      offsetMs = Math.max(offsetMs, event.unixMs - server.epochMs);
    } else if (event.kind === 'command') {
      const { command } = event;
      command.timeMs += offsetMs;
      if (command.client < FIRST_CLIENT) command.client += FIRST_CLIENT;
      yield command;
    } else {
      throw new InputError(
        `${input.path}: begins with an RDB image, which a running server does not load; name an append-only file ` +
          'without a preamble (aof-use-rdb-preamble no), a MONITOR log or a RESP file',
      );
    }
  }
}
