import type { Command, CommandBatch } from '../commands/index.js';
import type { RdbEvent } from './rdb/events.js';

/** One step of an input. Like the command in it, an event is filled anew for each step. */
export type InputEvent = CommandEvent | EpochEvent | RdbEvent;

export interface CommandEvent {
  readonly kind: 'command';
  readonly command: Command;
}

/**
 * The Unix time, in milliseconds, at which virtual time is 0: what absolute expire times in the input are relative to.
 * Comes at most once, and before all that depends on it; never for inputs that do not know (RESP).
 */
export interface EpochEvent {
  readonly kind: 'epoch';
  readonly unixMs: number;
}

export type InputKind = 'resp' | 'aof' | 'rdb' | 'monitor';

/** Something that people have at hand, as events. Files are read as the events are asked for. */
export interface Input {
  readonly kind: InputKind;
  readonly path: string;
  /** The files that it is read from, in order; and the manifest that names them, if one does. */
  readonly files: readonly string[];
  readonly manifest: string | undefined;
  /** For progress: bytes read so far, of how many. */
  readonly bytesRead: number;
  readonly sizeBytes: number;
  /** What was skipped, dropped or taken on trust, in sentences; grows while reading. */
  readonly warnings: readonly string[];
  /** Whom a command's `client` number stands for, as the input names it. */
  clientName(client: number): string;
  /** Can be walked once. Throws an InputError where the input cannot be used; the events before it hold. */
  events(): Generator<InputEvent, void>;
  /**
   * Where an input has nothing but commands: those that come after the events taken so far, many at once. Events cannot
   * be asked for any more then.
   */
  batches?(): Generator<CommandBatch, void>;
  close(): void;
}
