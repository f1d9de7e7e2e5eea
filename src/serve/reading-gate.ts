import type { Socket } from 'node:net';

/** Pauses a socket while there is a reason for it. */
export class ReadingGate<Reason extends string> {
  readonly #socket: Socket;
  readonly #reasons = new Set<Reason>();

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  hold(reason: Reason): void {
    this.#reasons.add(reason);
    this.#socket.pause();
  }

  release(reason: Reason): void {
    if (this.#reasons.delete(reason) && this.#reasons.size === 0) this.#socket.resume();
  }

  /** Drops all reasons. */
  open(): void {
    this.#reasons.clear();
    this.#socket.resume();
  }
}
