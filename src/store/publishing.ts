import { globMatcher, latin1Bytes } from '../base/index.js';
import { isIn } from '../commands/index.js';
import type { ServerVersion } from '../model/index.js';
import type { Session } from './session.js';
import { StoreReply } from './store-reply.js';

/** The kinds of subscriptions: to channels, to channels of a pattern, and to channels of a shard. */
export type SubscriptionKind = 'channels' | 'patterns' | 'shardChannels';

/** The subscribers of each name, by the kind of the subscription. */
export class Publishing {
  readonly channels = new Map<string, Set<Session>>();
  readonly patterns = new Map<string, Set<Session>>();
  readonly shardChannels = new Map<string, Set<Session>>();
  /** The client whose command is being carried out, and the reply to it. */
  speaker: { readonly session: Session; readonly reply: StoreReply } | undefined;
  /** Messages to the speaker, which follow the reply to its command. */
  readonly #later: Uint8Array[] = [];
  readonly #message = new StoreReply();
  readonly #version: ServerVersion;

  constructor(version: ServerVersion) {
    this.#version = version;
  }

  subscribe(kind: SubscriptionKind, session: Session, name: string): void {
    session.subscriptions[kind].add(name);
    const sessions = this[kind].get(name);
    if (sessions === undefined) this[kind].set(name, new Set([session]));
    else sessions.add(session);
  }

  unsubscribe(kind: SubscriptionKind, session: Session, name: string): void {
    session.subscriptions[kind].delete(name);
    const sessions = this[kind].get(name);
    sessions?.delete(session);
    if (sessions?.size === 0) this[kind].delete(name);
  }

  /** Ends all subscriptions of a client. */
  forget(session: Session): void {
    for (const kind of KINDS) {
      for (const name of session.subscriptions[kind]) this.unsubscribe(kind, session, name);
    }
  }

  /** Sends a message to the subscribers of a channel. Returns how many received it, with each of their patterns. */
  publish(channel: string, text: string): number {
    let count = this.#publishTo(this.channels.get(channel), ['message', channel, text]);
    for (const [pattern, sessions] of this.patterns) {
      if (globMatcher(latin1Bytes(pattern))(latin1Bytes(channel))) {
        count += this.#publishTo(sessions, ['pmessage', pattern, channel, text]);
      }
    }
    return count;
  }

  publishToShard(channel: string, text: string): number {
    return this.#publishTo(this.shardChannels.get(channel), ['smessage', channel, text]);
  }

  #publishTo(sessions: ReadonlySet<Session> = new Set(), words: readonly string[]): number {
    const { speaker } = this;
    for (const session of sessions) {
      const isSpeaker = session === speaker?.session;
      // Before 7.2 a message to the client that publishes it was part of the reply.
      if (isSpeaker && !isIn(this.#version, '7.2')) writeMessage(speaker.reply, words);
      else {
        const message = this.#message;
        message.protocol = session.protocol;
        writeMessage(message, words);
        if (isSpeaker) this.#later.push(message.take());
        else session.events.pushed(message.take());
      }
    }
    return sessions.size;
  }

  /** Writes the confirmation of a subscription. Replies that are switched off do not silence it. */
  confirm(
    reply: StoreReply,
    session: Session,
    command: string,
    name: string | undefined,
    count: number,
  ): void {
    const isSilent = session.replies !== 'on';
    const to = isSilent ? this.#message : reply;
    to.protocol = session.protocol;
    announceMessage(to, 3);
    to.bulk(command);
    to.bulkOrNil(name);
    to.integer(count);
    if (isSilent) this.#later.push(to.take());
  }

  /** Returns the messages that follow the reply to the speaker's command. */
  takeLater(): Uint8Array[] {
    return this.#later.splice(0);
  }
}

const KINDS: readonly SubscriptionKind[] = ['channels', 'patterns', 'shardChannels'];

function writeMessage(reply: StoreReply, words: readonly string[]): void {
  announceMessage(reply, words.length);
  for (const word of words) reply.bulk(word);
}

/** Begins a message that answers no command. RESP2 has arrays for them. */
function announceMessage(reply: StoreReply, count: number): void {
  if (reply.protocol === 2) reply.array(count);
  else reply.push(count);
}
