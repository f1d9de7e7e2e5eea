import type { Command, CommandBatch } from '../redis/index.js';
import { type Input, type InputEvent, openInput } from '../redis/input/index.js';
import { InputError } from '../trace/index.js';
import { commandSource, type RunSource } from './source.js';

/**
 * A run of a file of commands: RESP, AOF, MONITOR log. Opens at once, so that a file that is none of these is refused
 * before anything runs. Its notes are what the reader dropped or took on trust, and commands that the model lacks.
 */
export function inputSource(path: string, server?: string): RunSource {
  const input = openInput(path);
  const events = input.events();
  const first = events.next();
  const epochMs = !first.done && first.value.kind === 'epoch' ? first.value.unixMs : undefined;
  let unknown: ReadonlyMap<string, number> = new Map();
  const source = commandSource({
    name: path,
    commands: () => commandsOf(input, first, events),
    onUnknown: (counts) => {
      unknown = counts;
    },
    ...(server === undefined ? {} : { server }),
    ...(epochMs === undefined ? {} : { epochMs }),
  });
  return {
    ...source,
    notes: () => [
      ...input.warnings,
      ...[...unknown].map(([name, count]) => `command ${name}, ${count} times: not modelled, and left out`),
    ],
    close: async () => input.close(),
  };
}

function* commandsOf(
  input: Input,
  first: IteratorResult<InputEvent, void>,
  events: Generator<InputEvent, void>,
): Generator<Command | CommandBatch> {
  if (input.batches !== undefined && !first.done && first.value.kind === 'command') {
    yield first.value.command;
    yield* input.batches();
    return;
  }
  for (let step = first, isFirst = true; !step.done; step = events.next(), isFirst = false) {
    const event = step.value;
    if (event.kind === 'command') {
      yield event.command;
    } else if (event.kind !== 'epoch') {
      throw new InputError(
        `${input.path}: it holds a snapshot (RDB), which cannot be replayed yet; ` +
          'give an AOF written with `aof-use-rdb-preamble no`, a RESP file or a MONITOR log',
      );
    } else if (!isFirst) {
      throw new InputError(
        `${input.path}: commands come before the first timestamp, so absolute expire times cannot be told; ` +
          'start the file at a timestamp (`#TS:`)',
      );
    }
  }
}
