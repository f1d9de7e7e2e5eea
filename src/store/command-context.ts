import { parseInteger64, type Random } from '../base/index.js';
import { type RequestWords, WRONG_TYPE } from '../commands/index.js';
import type { ChosenMember } from '../model/index.js';
import type { Data, Key } from './data.js';
import type { KeyValues } from './key-values.js';
import { ReplyError } from './reply-error.js';
import type { RespWriter } from './reply-writer.js';
import type { Session } from './session.js';
import type { StoreCommand } from './store-command.js';
import type { Content, Limits } from './values.js';

type ContentClass<Kind extends Content> = abstract new (...parts: never[]) => Kind;

/** What the handler of a command works with: its arguments as texts, its reply, and the keys. Not to be kept. */
export class CommandContext implements RequestWords {
  constructor(
    readonly store: KeyValues,
    readonly session: Session,
    readonly spec: StoreCommand,
    readonly args: readonly string[],
    readonly reply: RespWriter,
    readonly nowMs: number,
    /** Members that the model has chosen for SPOP, in order; undefined: the store chooses. */
    readonly popped: ChosenMember[] | undefined,
  ) {}

  get random(): Random {
    return this.store.random;
  }

  get limits(): Limits {
    return this.store.limits;
  }

  /** The longest string that is allowed. */
  get maxBytes(): number {
    return this.limits.settings.protoMaxBulkLen;
  }

  get shortest(): boolean {
    return this.store.limits.policy.shortestScores;
  }

  /** The selected database. */
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

  /** Is argument i this word, in whatever case? `word` in upper case. */
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

  /** What was read of the arguments, unless it is the error that it cannot be. */
  allowed<Read>(read: Read | string): Exclude<Read, string> {
    if (typeof read === 'string') this.refuse(read);
    return read as Exclude<Read, string>;
  }

  integer(index: number): number | undefined {
    const value = parseInteger64(this.text(index));
    return value === undefined ? undefined : Number(value);
  }

  // Keys

  find(index: number): Key | undefined {
    return this.data.find(this.text(index), this.nowMs);
  }

  /** What the key that argument i names holds, if it is of this class; no key is none. */
  get<Kind extends Content>(index: number, kind: ContentClass<Kind>): Kind | undefined {
    return contentOf(this.find(index), kind);
  }

  /** As `get`; what is not there is made, but only put under its name by `add`. */
  put(index: number, content: Content): void {
    this.data.put(this.text(index), content);
    this.touch(index);
  }

  /** Puts a new value under a name, or under that of the key that is there, whose expiry stays. */
  add(index: number, content: Content): void {
    const key = this.find(index);
    if (key === undefined) this.data.put(this.text(index), content);
    else key.content = content;
  }

  remove(index: number): boolean {
    const isRemoved = this.data.remove(this.text(index));
    if (isRemoved) this.touch(index);
    return isRemoved;
  }

  touch(index: number): void {
    this.data.touch(this.text(index));
  }

  /** A value was changed; nothing is left of it if it is empty. */
  changed(index: number, content: Content & { readonly size: number }): void {
    if (content.size === 0) this.data.remove(this.text(index));
    this.touch(index);
  }

  /** What a STORE command leaves under a name. */
  storeAt(index: number, content: Content & { readonly size: number }): void {
    if (content.size === 0) this.remove(index);
    else this.put(index, content);
  }
}

export function contentOf<Kind extends Content>(
  key: Key | undefined,
  kind: ContentClass<Kind>,
): Kind | undefined {
  if (key === undefined) return undefined;
  if (!(key.content instanceof kind)) throw new ReplyError(WRONG_TYPE);
  return key.content;
}
