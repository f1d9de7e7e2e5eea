import { Store } from './store.js';

export interface Message {
  readonly kind: 'error' | 'note';
  readonly text: string;
}

/** Keeps the errors and notes of the page, the newest last. */
export class Messages {
  readonly all = new Store<readonly Message[]>([]);

  error(text: string): void {
    this.#add({ kind: 'error', text });
  }

  note(text: string): void {
    this.#add({ kind: 'note', text });
  }

  dismiss(message: Message): void {
    this.all.set(this.all.get().filter((other) => other !== message));
  }

  /** Removes all messages: those of the last experiment do not concern the next. */
  clear(): void {
    this.all.set([]);
  }

  #add(message: Message): void {
    const isThere = this.all.get().some(({ text }) => text === message.text);
    if (!isThere) this.all.set([...this.all.get(), message]);
  }
}
