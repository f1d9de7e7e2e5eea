import { expect, test } from 'vitest';
import { type Command, CommandLog, copyInto, emptyCommand } from '#slablab/src/commands/index.js';
import { commandTable, RedisServer, SERVERS } from '#slablab/src/model/index.js';
import { OpWriter } from '#slablab/src/stream/index.js';
import { commandsOf, findStream } from '../../fidelity/streams.js';
import { SIZE_CLASSES } from '../../support/redis.js';

const COMMAND_COUNT = 8000;

function copyOf({ bytes, start, length, ...rest }: Command): Command {
  return { ...rest, bytes: bytes.slice(), start: start.slice(), length: length.slice() };
}

function* first(commands: Iterable<Command>): Generator<Command> {
  let left = COMMAND_COUNT;
  for (const command of commands) {
    if (left-- === 0) return;
    yield command;
  }
}

/** Of uneven length, shorter and longer than what is looked at together. */
function* inBatches(commands: Iterable<Command>) {
  let batch: Command[] = [];
  for (const command of commands) {
    batch.push(copyOf(command));
    if (batch.length < 1 + (command.timeMs % 70)) continue;
    yield { commands: batch, count: batch.length };
    batch = [];
    // What comes by itself between two batches must not be taken for one that was looked at.
    yield command;
  }
  yield { commands: batch, count: batch.length };
}

/** As inBatches, one by one in the same object, as inputs reuse it. */
function* withRepeats(commands: Iterable<Command>) {
  const reused = emptyCommand();
  for (const item of inBatches(commands)) {
    if ('commands' in item) for (const command of item.commands) yield copyInto(reused, command);
    else yield copyInto(reused, item);
  }
}

function operations(
  version: (typeof SERVERS)[number],
  commands: Iterable<Command | { commands: Command[]; count: number }>,
) {
  const writer = new OpWriter();
  const server = new RedisServer(writer, {
    version,
    sizeClasses: SIZE_CLASSES,
    commands: commandTable(version),
    log: new CommandLog(),
  });
  const chunks = [...server.run(commands), ...writer.takeAll()];
  return chunks.map(({ what, handle, size, length }) =>
    [what, handle, size].map((column) => column.slice(0, length)),
  );
}

test.each(SERVERS)('$name: looking ahead changes nothing', (version) => {
  for (const name of ['mix', 'conversions']) {
    const commands = () => first(commandsOf(findStream(name)));
    expect(operations(version, inBatches(commands()))).toEqual(operations(version, withRepeats(commands())));
  }
});
