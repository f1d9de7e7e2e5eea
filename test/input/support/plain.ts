import { InputError } from '#slablab/src/base/index.js';
import type { Command } from '#slablab/src/commands/command.js';
import type { Input, InputEvent, RdbValue } from '#slablab/src/input/index.js';
import type { StreamId } from '#slablab/src/input/rdb/rdb-values.js';
export type PlainCommand = readonly [client: number, timeMs: number, ...args: string[]];

export interface Outcome {
  readonly events: readonly unknown[];
  readonly warnings: readonly string[];
  /** The message of an InputError. Other errors are rethrown. */
  readonly error: string | undefined;
}

/** Returns all events as plain data, with bytes as text of one character each. */
export function outcomeOf(input: Input): Outcome {
  return outcome(input, (events) => {
    for (const event of input.events()) events.push(plainEvent(event));
  });
}

/** Returns the same events, in batches after the first `single` ones. */
export function outcomeInBatches(input: Input, single = 0): Outcome {
  return outcome(input, (events) => {
    const alone = input.events();
    while (events.length < single) {
      const step = alone.next();
      if (step.done) return;
      events.push(plainEvent(step.value));
    }
    for (const { commands, count } of input.batches?.() ?? []) {
      // This happens after all commands of the batch have been parsed.
      for (const command of commands.slice(0, count)) events.push(plainCommand(command));
    }
  });
}

function outcome(input: Input, walk: (events: unknown[]) => void): Outcome {
  const events: unknown[] = [];
  let error: string | undefined;
  try {
    walk(events);
  } catch (thrown) {
    if (!(thrown instanceof InputError)) throw thrown;
    error = thrown.message;
  } finally {
    input.close();
  }
  return { events, warnings: [...input.warnings], error };
}

export function commandsOf({ events }: Outcome): string[] {
  return events.filter(Array.isArray).map(([, , ...args]) => args.join(' '));
}

export function plainCommand(command: Command): PlainCommand {
  const args: string[] = [];
  for (let index = 0; index < command.argumentCount; index++) {
    const start = command.start[index]!;
    const end = start + command.length[index]!;
    args.push(Buffer.from(command.bytes.subarray(start, end)).toString('latin1'));
  }
  return [command.client, command.timeMs, ...args];
}

function plainEvent(event: InputEvent): unknown {
  switch (event.kind) {
    case 'command':
      return plainCommand(event.command);
    case 'rdb-function':
      return { ...event, code: event.code.asText() };
    case 'rdb-entry': {
      // The value is read before the key, which must stay valid.
      const value = plainValue(event.value);
      const { database, expireAtMs, idleSeconds, frequency } = event;
      const rest = Object.entries({ expireAtMs, idleSeconds, frequency }).filter(
        ([, is]) => is !== undefined,
      );
      return { key: event.key.asText(), database, ...Object.fromEntries(rest), ...value };
    }
    default:
      return { ...event };
  }
}

function plainValue(value: RdbValue): object {
  switch (value.kind) {
    case 'string':
      return { string: value.encoding, value: value.value.asText() };
    case 'list':
      if (value.encoding === 'quicklist') {
        const nodes = Array.from(value.nodes, ({ encoding, elements }) => ({
          [encoding]: Array.from(elements, (element) => element.asText()),
        }));
        return { list: value.encoding, nodes };
      }
      return { list: value.encoding, value: Array.from(value.elements, (element) => element.asText()) };
    case 'set':
      return { set: value.encoding, value: Array.from(value.elements, (element) => element.asText()) };
    case 'zset': {
      const pairs = Array.from(value.elements, ({ member, score }) => [member.asText(), score]);
      return { zset: value.encoding, value: pairs };
    }
    case 'hash': {
      const fields = Array.from(value.elements, ({ field, value: content, expireAtMs }) =>
        expireAtMs === undefined
          ? [field.asText(), content.asText()]
          : [field.asText(), content.asText(), expireAtMs],
      );
      return { hash: value.encoding, value: fields };
    }
    case 'module':
      return { module: value.moduleName, sizeBytes: value.sizeBytes };
    case 'stream': {
      const nodes = Array.from(value.nodes, ({ firstId, live, deleted, entries }) => ({
        firstId: shown(firstId),
        live,
        deleted,
        entries: Array.from(entries, ({ id, isDeleted, fields }) =>
          isDeleted ? `${shown(id)} deleted` : `${shown(id)} ${fields}`,
        ),
      }));
      const { length, lastId, firstId, maxDeletedId, entriesAdded, groups } = value.tail();
      return {
        stream: {
          length,
          lastId: shown(lastId),
          firstId: shown(firstId),
          maxDeletedId: shown(maxDeletedId),
          entriesAdded,
        },
        nodes,
        groups: Array.from(groups, (group) => ({
          name: group.name.asText(),
          lastId: shown(group.lastId),
          entriesRead: group.entriesRead,
          pending: Array.from(group.pending, ({ id, deliveries }) => [shown(id), deliveries]),
          consumers: Array.from(group.consumers(), ({ name, pending }) => ({
            name: name.asText(),
            pending: Array.from(pending, shown),
          })),
        })),
      };
    }
  }
}

function shown(id: StreamId | undefined): string | undefined {
  return id === undefined ? undefined : `${id.ms}-${id.seq}`;
}
