import type { Arguments } from './arguments.js';
import { type Command, copyOfCommand } from './command.js';
import type { CommandSpec } from './command-table.js';
import type { Heap } from './heap.js';
import { Owner } from './owners.js';
import type { ServerVersion } from './servers.js';

/** A command that waits for EXEC: its own copy, since a producer's Command is used again. */
export interface QueuedCommand {
  readonly spec: CommandSpec;
  readonly command: Command;
  readonly args: Arguments;
}

/** MULTI: the commands that wait, in an array that doubles. */
export class Transaction {
  isOpen = false;
  /** An error while queueing: EXEC will refuse. */
  isBroken = false;
  /** A watched key was changed: EXEC will do nothing. */
  isStale = false;
  queued: QueuedCommand[] = [];
  readonly #heap: Heap;
  readonly #version: ServerVersion;
  #array = 0;
  #slots = 0;

  constructor(heap: Heap, version: ServerVersion) {
    this.#heap = heap;
    this.#version = version;
  }

  /** queueMultiCommand: the arguments stay as they are until EXEC. */
  queue(spec: CommandSpec, command: Command, args: Arguments): void {
    const { queuedCommand } = this.#version;
    if (this.#slots === 0) {
      this.#slots = 2;
      this.#array = this.#heap.malloc(2 * queuedCommand, Owner.transaction);
    } else if (this.queued.length === this.#slots) {
      this.#slots *= 2;
      this.#heap.realloc(this.#array, this.#slots * queuedCommand, Owner.transaction);
    }
    args.keep();
    this.queued.push({ spec, command: copyOfCommand(command), args });
  }

  /** discardTransaction, but for the watched keys. */
  discard(): void {
    for (const { args } of this.queued) args.free();
    if (this.#array !== 0) this.#heap.free(this.#array);
    this.queued = [];
    this.#array = 0;
    this.#slots = 0;
    this.isOpen = false;
    this.isBroken = false;
    this.isStale = false;
  }
}
