import { type Command, type CommandInfo, copyOfCommand } from '../../commands/index.js';
import { type Heap, StructKind } from '../heap/index.js';
import type { ServerVersion } from '../versions/index.js';
import type { Arguments } from './arguments.js';

/** A command that waits for EXEC. `command` is a copy, because the input reuses its Command. */
export interface QueuedCommand {
  readonly info: CommandInfo;
  readonly command: Command;
  readonly args: Arguments;
}

/** The commands that wait for EXEC after MULTI, in an array that doubles. */
export class Transaction {
  isOpen = false;
  /** Whether a command was refused while it was queued, so that EXEC fails. */
  isBroken = false;
  /** Whether a watched key has changed, so that EXEC does nothing. */
  isStale = false;
  queued: QueuedCommand[] = [];
  readonly #heap: Heap;
  readonly #version: ServerVersion;
  #array = 0;
  #slots = 0;
  #state = 0;

  constructor(heap: Heap, version: ServerVersion) {
    this.#heap = heap;
    this.#version = version;
  }

  /** Allocates the state of the client's transactions at its first MULTI or WATCH, where it is made on demand. */
  prepare(): void {
    const { clients, sizes } = this.#version;
    if (clients.makesStateOnDemand && this.#state === 0) {
      this.#state = this.#heap.calloc(sizes.transactionState, StructKind.transaction);
    }
  }

  open(): void {
    this.prepare();
    this.isOpen = true;
  }

  /** Discards the transaction and frees its state, at the client's end. */
  free(): void {
    this.discard();
    if (this.#state !== 0) this.#heap.free(this.#state);
    this.#state = 0;
  }

  /** Queues a command, whose arguments stay allocated until EXEC (queueMultiCommand). */
  queue(info: CommandInfo, command: Command, args: Arguments): void {
    const { queuedCommand } = this.#version.sizes;
    if (this.#slots === 0) {
      this.#slots = 2;
      this.#array = this.#heap.malloc(2 * queuedCommand, StructKind.transaction);
    } else if (this.queued.length === this.#slots) {
      this.#slots *= 2;
      this.#heap.realloc(this.#array, this.#slots * queuedCommand, StructKind.transaction);
    }
    args.keep();
    this.queued.push({ info, command: copyOfCommand(command), args });
  }

  /** Frees the queued commands (discardTransaction). The watched keys stay. */
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
