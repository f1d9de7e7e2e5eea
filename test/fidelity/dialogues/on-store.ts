/** Holds a dialogue with the store of a lab. */
import { findServer } from '#slablab/src/model/index.js';
import { type Session, Store } from '#slablab/src/store/index.js';
import { comparable, type Received, stepsOf, withIds } from './steps.js';

const START_MS = Date.UTC(2026, 0, 1);

export function onStore(server: string, dialogue: string): Received[] {
  const store = new Store({ version: findServer(server)!, startMs: START_MS });
  const clients = new Map<string, Client>();
  const clientOf = (name: string) => {
    const known = clients.get(name) ?? new Client(store, clients.size + 1);
    clients.set(name, known);
    return known;
  };
  let nowMs = START_MS;
  return stepsOf(dialogue).map((step) => {
    nowMs += step.milliseconds + 1;
    store.timeOut(nowMs);
    store.expire(nowMs);
    if (store.hasReady) store.serveWaiting(nowMs);
    if (step.client !== undefined) {
      clientOf(step.client).send(
        withIds(step.commands, (name) => clientOf(name).session.id),
        nowMs,
      );
    }
    for (const client of clients.values()) client.continue(nowMs);
    const received = [...clients].map(([name, client]) => [name, client.take()] as const);
    return comparable(step, Object.fromEntries(received));
  });
}

class Client {
  readonly session: Session;
  #received = '';
  #waits = false;
  #queue: (readonly string[])[] = [];

  constructor(
    readonly store: Store,
    id: number,
  ) {
    this.session = store.connect({
      id,
      nowMs: START_MS,
      events: {
        released: (reply) => {
          this.#waits = false;
          this.#received += Buffer.from(reply).toString('latin1');
        },
        pushed: (message) => {
          this.#received += Buffer.from(message).toString('latin1');
        },
      },
    });
  }

  send(commands: readonly (readonly string[])[], nowMs: number): void {
    this.#queue.push(...commands);
    this.continue(nowMs);
  }

  /** Executes what was sent, up to a command that waits. */
  continue(nowMs: number): void {
    while (!this.#waits && this.#queue.length > 0) {
      const words = this.#queue.shift()!.map((word) => Buffer.from(word, 'latin1'));
      const { reply, isSilent, waitsUntilMs } = this.store.answer(this.session, words, nowMs);
      this.#waits = waitsUntilMs !== undefined;
      if (!isSilent) this.#received += Buffer.from(reply).toString('latin1');
      if (this.store.hasReady) this.store.serveWaiting(nowMs);
    }
  }

  take(): string {
    const received = this.#received;
    this.#received = '';
    return received;
  }
}
