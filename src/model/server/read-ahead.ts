import { type Command, type CommandBatch, copyOfCommand, isBatch } from '../../commands/index.js';
import { encodedBytes, type Following } from '../client/index.js';

/** Bytes of following commands that are enough to parse a read. */
const ENOUGH_BYTES = 32 * 1024;

/**
 * Yields each command with those that follow it from the same client at the same time, as far as a read may contain them.
 * Commands are copied, because inputs reuse theirs.
 */
export function* withFollowing(
  commands: Iterable<Command | CommandBatch>,
): Generator<readonly [Command, Following]> {
  let waiting: Command[] = [];
  let sizes: number[] = [];
  let from = 0;
  let bytes = 0;
  function* take(leaveBytes: number): Generator<readonly [Command, Following]> {
    while (from < waiting.length && bytes - sizes[from]! >= leaveBytes) {
      bytes -= sizes[from]!;
      const command = waiting[from++]!;
      yield [command, { commands: waiting, from, to: waiting.length }];
    }
    if (from < waiting.length / 2) return;
    waiting = waiting.slice(from);
    sizes = sizes.slice(from);
    from = 0;
  }
  try {
    for (const command of each(commands)) {
      const first = waiting[from];
      if (first !== undefined && (first.client !== command.client || first.timeMs !== command.timeMs)) {
        yield* take(0);
      }
      const size = encodedBytes(command);
      waiting.push(copyOfCommand(command));
      sizes.push(size);
      bytes += size;
      yield* take(ENOUGH_BYTES);
    }
  } catch (error) {
    // The commands before an invalid part of the input are carried out.
    yield* take(0);
    throw error;
  }
  yield* take(0);
}

function* each(items: Iterable<Command | CommandBatch>): Generator<Command> {
  for (const item of items) {
    if (!isBatch(item)) yield item;
    else for (let index = 0; index < item.count; index++) yield item.commands[index]!;
  }
}
