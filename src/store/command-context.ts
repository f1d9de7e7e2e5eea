import { parseInteger64, type Random } from '../base/index.js';
import { isIn, NEGATIVE_TIMEOUT, type RequestWords, WRONG_TYPE } from '../commands/index.js';
import type { ChosenMember } from '../model/index.js';
import type { Data, Key } from './data.js';
import type { KeyValues } from './key-values.js';
import type { KeyspaceEvent } from './keyspace-events.js';
import { ReplyError } from './reply-error.js';
import type { Session } from './session.js';
import type { StoreCommand } from './store-command.js';
import type { StoreReply } from './store-reply.js';
import type { Content, Limits } from './values.js';
import type { Wait } from './waiters.js';

type ContentClass<Kind extends Content> = abstract new (...parts: never[]) => Kind;

/** Gives the handler of a command its arguments as texts, its reply, and the keys. A handler must not keep it. */
export class CommandContext implements RequestWords {
  constructor(
    readonly store: KeyValues,
    readonly session: Session,
    readonly spec: StoreCommand,
    readonly args: readonly string[],
    readonly reply: StoreReply,
    readonly nowMs: number,
    /** Members that the model chose for SPOP, in order; undefined if the store chooses. */
    readonly popped: ChosenMember[] | undefined,
    /** Whether it is carried out at once, by EXEC, or again because its client waits. */
    readonly way: 'called' | 'queued' | 'again' = 'called',
    /** The command as the client sent it. */
    readonly sent: readonly string[] = args,
  ) {}

  /** The handler sets this if it has found nothing, so that the client waits. */
  wait: Wait | undefined;

  /** Executes the command's handler, and counts the call. */
  carryOut(): void {
    const { spec, store, args } = this;
    const name = spec.subcommands?.get((args[1] ?? '').toLowerCase())?.name ?? spec.name;
    const startMs = performance.now();
    store.clock.nowMs = this.nowMs;
    let isFailed = true;
    try {
      spec.handler(this);
      isFailed = false;
    } finally {
      // A command that waits is counted when its wait ends.
      if (this.wait === undefined) {
        const microseconds = Math.round((performance.now() - startMs) * 1000);
        store.statistics.called(name, microseconds, isFailed);
        if (!spec.flags.has('skip_slowlog'))
          store.noteDuration(this.session, this.sent, microseconds, this.nowMs);
      }
    }
  }

  get random(): Random {
    return this.store.random;
  }

  get limits(): Limits {
    return this.store.limits;
  }

  /** Returns the length limit of a string. */
  get maxBytes(): number {
    return this.limits.settings.protoMaxBulkLen;
  }

  get shortest(): boolean {
    return this.store.limits.policy.shortestScores;
  }

  /** Returns the selected database. */
  get data(): Data {
    return this.store.databases[this.session.database]!;
  }

  get name(): string {
    return this.spec.name;
  }

  get count(): number {
    return this.args.length;
  }

  text(index: number): string {
    return this.args[index]!;
  }

  /** Whether an argument is this word in any letter case. `word` is in upper case. */
  is(index: number, word: string): boolean {
    const text = this.args[index];
    return text !== undefined && text.length === word.length && text.toUpperCase() === word;
  }

  has(index: number): boolean {
    return index < this.args.length;
  }

  refuse(message: string): never {
    throw new ReplyError(message);
  }

  /** Returns the parsed arguments; refuses the command if the parser returned an error message. */
  allowed<Read>(read: Read | string): Exclude<Read, string> {
    if (typeof read === 'string') this.refuse(read);
    return read as Exclude<Read, string>;
  }

  integer(index: number): number | undefined {
    const value = parseInteger64(this.text(index));
    return value === undefined ? undefined : Number(value);
  }

  /** Returns the error for a timeout that is no 64-bit integer, which servers before 7.2 take for a negative one. */
  get timeoutOverflow(): string | undefined {
    return isIn(this.store.version, '7.2') ? undefined : NEGATIVE_TIMEOUT;
  }

  // Keys

  /** Whether finding a key counts as its use (LOOKUP_NOTOUCH, CLIENT NO-TOUCH). */
  get #isUse(): boolean {
    return !NO_USE.has(this.name) && (this.session.usesKeys || this.name === 'touch');
  }

  find(index: number): Key | undefined {
    const name = this.text(index);
    const key = this.data.find(name, this.nowMs);
    if (key !== undefined && this.#isUse) key.usedMs = this.nowMs;
    if (this.#reads(index)) this.noteRead(index, key);
    return key;
  }

  #reads(index: number): boolean {
    const ranges = this.store.keysReadBy(this.spec);
    return ranges.some(([first, last]) => index >= first && index <= last);
  }

  /** Counts that a key was looked up to be read. */
  noteRead(index: number, key: Key | undefined): void {
    if (key !== undefined) this.store.statistics.hits++;
    // The misses of OBJECT are no events (LOOKUP_NONOTIFY).
    else if (this.name === 'object') this.store.events.missed();
    else this.data.notify('keymiss', this.text(index));
  }

  /** Returns the value of the key that an argument names; undefined without the key. Another class is refused. */
  get<Kind extends Content>(index: number, kind: ContentClass<Kind>): Kind | undefined {
    return contentOf(this.find(index), kind);
  }

  /** Puts a value under a name, without an expiry, and marks the key as changed. */
  put(index: number, content: Content, ...events: readonly KeyspaceEvent[]): void {
    this.data.put(this.text(index), content);
    this.touch(index, ...events);
  }

  /** Puts a value under a name; a key that exists keeps its expiry. */
  add(index: number, content: Content): void {
    const key = this.find(index);
    if (key === undefined) this.data.put(this.text(index), content);
    else key.content = content;
  }

  remove(index: number): boolean {
    const isRemoved = this.data.remove(this.text(index));
    if (isRemoved) this.touch(index, 'del');
    return isRemoved;
  }

  notify(event: KeyspaceEvent, index: number): void {
    this.data.notify(event, this.text(index));
  }

  /** Removes a key whose new expiry is over already. */
  removeExpired(index: number): void {
    if (!this.data.remove(this.text(index))) return;
    this.touch(index, isIn(this.store.version, { valkey: '8.1' }) ? 'expired' : 'del');
  }

  /** Marks a key as changed, by these events. */
  touch(index: number, ...events: readonly KeyspaceEvent[]): void {
    const name = this.text(index);
    this.data.touch(name);
    for (const event of events) this.data.notify(event, name);
  }

  /** Marks a key as changed, and removes it if its value is empty. */
  changed(
    index: number,
    content: Content & { readonly size: number },
    ...events: readonly KeyspaceEvent[]
  ): void {
    this.touch(index, ...events);
    if (content.size === 0) this.remove(index);
  }

  /** Stores the result of a STORE command under a name; an empty result removes the key. */
  storeAt(index: number, content: Content & { readonly size: number }, event: KeyspaceEvent): void {
    if (content.size === 0) this.remove(index);
    else this.put(index, content, event);
  }
}

/** The commands that find a key without using it. */
const NO_USE: ReadonlySet<string> = new Set('exists object type ttl pttl expiretime pexpiretime'.split(' '));

export function contentOf<Kind extends Content>(
  key: Key | undefined,
  kind: ContentClass<Kind>,
): Kind | undefined {
  if (key === undefined) return undefined;
  if (!(key.content instanceof kind)) throw new ReplyError(WRONG_TYPE);
  return key.content;
}
