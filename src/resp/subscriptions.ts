import type { Confirmation } from './array-start.js';
import { ARRAY, PUSH } from './protocol-bytes.js';
import type { ReplyFramer } from './reply-framer.js';

/** Number of the elements of each message of RESP2, by its first word. */
const MESSAGES: ReadonlyMap<string, number> = new Map([
  ['message', 3],
  ['pmessage', 4],
  ['smessage', 3],
]);

/** An answer ends a command, a confirmation answers one name of a subscription command, and a push answers nothing. */
export type ReplyRole = 'answer' | 'confirmation' | 'push';

/** Counts the subscriptions of a connection, as its server confirms them. */
export class Subscriptions {
  channels = 0;
  patterns = 0;
  shardChannels = 0;

  get total(): number {
    return this.channels + this.patterns + this.shardChannels;
  }

  /**
   * Counts what a framed reply confirms, and returns its role. `asked` has the names, in lower case, of the commands that
   * the reply may answer. They are the oldest unanswered command, and those that it carries out if it is an EXEC.
   */
  take(reply: ReplyFramer, asked: readonly string[]): ReplyRole {
    const { type, elements, firstWord, confirmations } = reply;
    const wasSubscribed = this.total > 0;
    const [first] = confirmations;
    const isConfirmation = first !== undefined && first.name === firstWord;
    const isUnasked = isConfirmation && !asked.includes(first.name);
    if (type === PUSH) {
      for (const confirmation of confirmations) this.#count(confirmation);
      return isConfirmation && !isUnasked ? 'confirmation' : 'push';
    }
    if (type !== ARRAY) return 'answer';
    if (wasSubscribed && MESSAGES.get(firstWord) === elements) return 'push';
    // A script without subscriptions may return what looks like a confirmation.
    if (isUnasked && !wasSubscribed) return 'answer';
    for (const confirmation of confirmations) {
      if (isUnasked || asked.includes(confirmation.name)) this.#count(confirmation);
    }
    if (!isConfirmation) return 'answer';
    return isUnasked ? 'push' : 'confirmation';
  }

  /** Forgets all, as RESET does. */
  clear(): void {
    this.channels = 0;
    this.patterns = 0;
    this.shardChannels = 0;
  }

  #count({ name, count }: Confirmation): void {
    if (name === 'ssubscribe' || name === 'sunsubscribe') this.shardChannels = count;
    // The server counts channels and patterns together.
    else if (name === 'psubscribe' || name === 'punsubscribe')
      this.patterns = Math.max(0, count - this.channels);
    else this.channels = Math.max(0, count - this.patterns);
  }
}
