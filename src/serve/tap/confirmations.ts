import { type ReplyFramer, Subscriptions } from '../../resp/node.js';
import type { Exchange } from './exchange.js';

const SUBSCRIPTION_COMMANDS = [
  'subscribe',
  'psubscribe',
  'ssubscribe',
  'unsubscribe',
  'punsubscribe',
  'sunsubscribe',
];

/** The subscriptions of a connection, and the confirmations that its oldest command still needs. */
export class Confirmations {
  readonly #subscriptions = new Subscriptions();
  /** Undefined before the first confirmation of a command. */
  #missing: number | undefined;

  /** Takes the reply that was framed last, and returns its role. `head` is the oldest unanswered exchange. */
  take(framer: ReplyFramer, head: Exchange | undefined): ReturnType<Subscriptions['take']> {
    return this.#subscriptions.take(framer, askedBy(head));
  }

  /** Counts a confirmation. Returns whether the command needs others. */
  needsMore({ words }: Exchange): boolean {
    if (this.#missing === undefined) {
      const name = words[0]!.toLowerCase();
      // Without names, each subscription of the kind ends; the one that was confirmed now counts no more.
      this.#missing = words.length > 1 ? words.length - 2 : this.#subscriptionsLike(name);
    } else this.#missing--;
    if (this.#missing > 0) return true;
    this.#missing = undefined;
    return false;
  }

  clear(): void {
    this.#subscriptions.clear();
  }

  #subscriptionsLike(name: string): number {
    const { channels, patterns, shardChannels } = this.#subscriptions;
    if (name === 'unsubscribe') return channels;
    return name === 'punsubscribe' ? patterns : shardChannels;
  }
}

/** Returns the names of the subscription commands that a reply may confirm. */
function askedBy(head: Exchange | undefined): readonly string[] {
  if (head?.kind === 'subscription') return [head.words[0]!.toLowerCase()];
  return head?.kind === 'exec' ? SUBSCRIPTION_COMMANDS : [];
}
