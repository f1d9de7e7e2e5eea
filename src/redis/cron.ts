import type { RedisServer } from './server.js';

/** What a server does between commands: ten times a second, by default. */
export class Cron {
  readonly #server: RedisServer;
  #nextMs = 0;

  constructor(server: RedisServer) {
    this.#server = server;
    this.#nextMs = 1000 / server.settings.hz;
  }

  /** Lets time go by until `timeMs`. */
  advanceTo(timeMs: number): void {
    const { heap } = this.#server;
    while (this.#nextMs <= timeMs) {
      heap.advance(this.#nextMs - this.#server.nowMs);
      this.#server.nowMs = this.#nextMs;
      this.#tick();
      this.#nextMs += 1000 / this.#server.settings.hz;
    }
    if (timeMs > this.#server.nowMs) {
      heap.advance(timeMs - this.#server.nowMs);
      this.#server.nowMs = timeMs;
    }
  }

  #tick(): void {
    const { nowMs, clients } = this.#server;
    for (const client of clients.values()) {
      client.queryBuffer.cron(nowMs - client.lastCommandMs);
      client.replyBuffer.cron(nowMs);
    }
  }
}
