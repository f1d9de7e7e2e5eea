import type { Command, CommandBatch } from '../commands/index.js';
import type { RdbEvent } from './rdb/events.js';

/** One step of an input. Every step refills the same event and command. */
export type InputEvent = CommandEvent | EpochEvent | RdbEvent;

export interface CommandEvent {
  readonly kind: 'command';
  readonly command: Command;
}

/**
 * The Unix time in milliseconds at which virtual time is 0, which absolute expire times are relative to. It occurs at most
 * once, before all events that depend on it. RESP files have none.
 */
export interface EpochEvent {
  readonly kind: 'epoch';
  readonly unixMs: number;
}

export type InputKind = 'resp' | 'aof' | 'rdb' | 'monitor';

/** A file of a server or its traffic as events, which are read on demand. */
export interface Input {
  readonly kind: InputKind;
  readonly path: string;
  /** The files in the order of reading. */
  readonly files: readonly string[];
  /** The manifest that names the files, if there is one. */
  readonly manifest: string | undefined;
  /** The number of bytes read so far, for progress. */
  readonly bytesRead: number;
  readonly sizeBytes: number;
  /** Sentences about what was skipped, dropped or not checked. They grow during reading. */
  readonly warnings: readonly string[];
  /** Returns the place of a command that was read last, alone or in its batch: its byte or line. */
  placeOf(command: Command): string;
  /** Returns the name of a client in the input, by its number in commands. */
  clientName(client: number): string;
  /** Returns the events, once. Throws an InputError at the first defect; the events before it remain valid. */
  events(): Generator<InputEvent, void>;
  /** Returns the remaining commands in batches, after which `events` has none. Only inputs of pure commands have it. */
  batches?(): Generator<CommandBatch, void>;
  close(): void;
}
