import { latin1 } from '../base/index.js';

/**
 * One Redis command as it reaches a server: the canonical value between all inputs (RESP, AOF, MONITOR, workloads)
 * and the model.
 *
 * A producer fills one Command again and again and hands out the same object, so that a stream of millions costs no
 * object each: whoever wants to keep something copies it before asking for the next.
 */
export interface Command {
  /** Who sent it: connections are numbered from 0 in order of their first command. */
  client: number;
  /** Virtual time of its arrival, milliseconds since the start of the stream; never goes back. */
  timeMs: number;
  /** Argument i is bytes[start[i] .. start[i] + length[i]), the command's name being argument 0. */
  argumentCount: number;
  bytes: Uint8Array;
  start: Uint32Array<ArrayBuffer>;
  length: Uint32Array<ArrayBuffer>;
}

/**
 * Commands that a producer has at once, so that the model can look ahead: each is a Command of its own, and all of them
 * stay as they are until the producer is asked for the next batch.
 */
export interface CommandBatch {
  readonly commands: readonly Command[];
  /** How many of them there are this time. */
  readonly count: number;
}

export function isBatch(item: Command | CommandBatch): item is CommandBatch {
  return 'commands' in item;
}

/**
 * The client of what a script calls: over no connection, behind the command that ran the script. MONITOR logs have such
 * commands.
 */
export const SCRIPT_CLIENT = 0xefffffff;

/** An empty command with room for `capacity` arguments; producers grow `start` and `length` together. */
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

/** Argument i as bytes, not copied. */
export function argumentBytes(command: Command, index: number): Uint8Array {
  const start = command.start[index]!;
  return command.bytes.subarray(start, start + command.length[index]!);
}

/** Argument i as text in which each character is one byte: an identity for names, whatever their encoding. */
export function argumentText(command: Command, index: number): string {
  const start = command.start[index]!;
  return latin1(command.bytes, start, start + command.length[index]!);
}

/** A command of its own, which keeps its bytes. */
export function copyOfCommand({ client, timeMs, argumentCount, bytes, start, length }: Command): Command {
  const copy = emptyCommand(argumentCount);
  const first = start[0]!;
  const last = argumentCount - 1;
  const end = start[last]! + length[last]!;
  copy.client = client;
  copy.timeMs = timeMs;
  copy.argumentCount = argumentCount;
  copy.bytes = bytes.slice(first, end);
  for (let index = 0; index < argumentCount; index++) {
    copy.start[index] = start[index]! - first;
    copy.length[index] = length[index]!;
  }
  return copy;
}
