import { grown, latin1 } from '../base/index.js';

/**
 * One Redis command as it reaches a server. It is the value between all inputs (RESP, AOF, MONITOR, workloads) and the
 * model.
 *
 * A producer refills one Command for a whole stream, so that millions of commands cost one object. A consumer copies
 * what it keeps before it asks for the next.
 */
export interface Command {
  /** Number of the connection; connections are numbered from 0 in order of their first command. */
  client: number;
  /** Virtual time of arrival in milliseconds since the start of the stream; it never decreases. */
  timeMs: number;
  /** Argument i is bytes[start[i] .. start[i] + length[i]); argument 0 is the command's name. */
  argumentCount: number;
  bytes: Uint8Array;
  start: Uint32Array<ArrayBuffer>;
  length: Uint32Array<ArrayBuffer>;
}

/**
 * Commands that a producer has at once, so that the model can look ahead. Each is a Command of its own, unchanged until
 * the producer is asked for the next batch.
 */
export interface CommandBatch {
  readonly commands: readonly Command[];
  /** Number of commands in this batch. */
  readonly count: number;
}

export function isBatch(item: Command | CommandBatch): item is CommandBatch {
  return 'commands' in item;
}

/**
 * Client number of the commands that a script calls, after the command that ran it; MONITOR logs have such commands.
 */
export const SCRIPT_CLIENT = 0xefffffff;

/** Returns an empty command with room for `capacity` arguments; producers grow `start` and `length` together. */
export function emptyCommand(capacity = 16): Command {
  return {
    client: 0,
    timeMs: 0,
    argumentCount: 0,
    bytes: new Uint8Array(),
    start: new Uint32Array(capacity),
    length: new Uint32Array(capacity),
  };
}

/** Returns the bytes of argument i, not copied. */
export function argumentBytes(command: Command, index: number): Uint8Array {
  const start = command.start[index]!;
  return command.bytes.subarray(start, start + command.length[index]!);
}

/** Returns argument i as text with one character per byte, which identifies a name in any encoding. */
export function argumentText(command: Command, index: number): string {
  const start = command.start[index]!;
  return latin1(command.bytes, start, start + command.length[index]!);
}

/** Returns all arguments as texts with one character per byte. */
export function wordsOf(command: Command): string[] {
  return Array.from({ length: command.argumentCount }, (_, index) => argumentText(command, index));
}

/** Returns the bytes of all arguments, not copied. */
export function argumentsOf(command: Command): Uint8Array[] {
  return Array.from({ length: command.argumentCount }, (_, index) => argumentBytes(command, index));
}

/** Returns a copy that keeps its own bytes. */
export function copyOfCommand(command: Command): Command {
  return copyInto(emptyCommand(command.argumentCount), command);
}

/** Copies a command with its bytes into `copy`, whose arrays are used if they have the room. Returns `copy`. */
export function copyInto(
  copy: Command,
  { client, timeMs, argumentCount, bytes, start, length }: Command,
): Command {
  const first = start[0]!;
  const last = argumentCount - 1;
  const size = start[last]! + length[last]! - first;
  copy.client = client;
  copy.timeMs = timeMs;
  copy.argumentCount = argumentCount;
  if (copy.bytes.length < size) copy.bytes = new Uint8Array(size);
  copy.bytes.set(bytes.subarray(first, first + size));
  if (copy.start.length < argumentCount) {
    copy.start = grown(copy.start, argumentCount);
    copy.length = grown(copy.length, argumentCount);
  }
  for (let index = 0; index < argumentCount; index++) {
    copy.start[index] = start[index]! - first;
    copy.length[index] = length[index]!;
  }
  return copy;
}
