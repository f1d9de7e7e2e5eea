import type { Random } from '../base/index.js';
import type { KeyspaceEvent, KeyspaceEvents } from './keyspace-events.js';
import type { Session, Watch } from './session.js';
import { Table } from './store-table.js';
import { StreamContent } from './stream-content.js';
import { type Content, HashContent, StringContent } from './values.js';
import type { Waiting } from './waiters.js';

export interface Key {
  content: Content;
  /** Expiry in milliseconds since 1970; 0 for none. */
  expiryMs: number;
  /** Time of the last use. */
  usedMs: number;
}

/** The time of the command that is carried out. */
export interface Clock {
  nowMs: number;
}

export function isExpired({ expiryMs }: Key, nowMs: number): boolean {
  return expiryMs !== 0 && expiryMs < nowMs;
}

/** A key that may have something for the clients that wait for it. */
export interface ReadyKey {
  readonly data: Data;
  readonly name: string;
}

/** Keeps the keys of one database. */
export class Data {
  keys = new Table<Key>();
  /** Keeps the names of keys that expire or have fields that do. `expireSome` visits them in turn. */
  expiring = new Table<true>();
  readonly watchers = new Map<string, Map<Session, Watch>>();
  /** The clients that wait for a key, by its name. */
  readonly waiters = new Map<string, Set<Waiting>>();
  readonly #readyKeys: ReadyKey[];
  #expiryCursor = 0;

  /** `readyKeys` receives the keys with waiting clients that may have something for them, each once. */
  constructor(
    readonly number: number,
    readonly events: KeyspaceEvents,
    readyKeys: ReadyKey[],
    readonly clock: Clock,
  ) {
    this.#readyKeys = readyKeys;
  }

  notify(event: KeyspaceEvent, name: string): void {
    this.events.notify(this.number, event, name);
  }

  /** Notes that a key may have something for the clients that wait for it. */
  signal(name: string): void {
    if (this.waiters.size === 0 || !this.waiters.has(name)) return;
    const isNoted = this.#readyKeys.some((key) => key.data === this && key.name === name);
    if (!isNoted) this.#readyKeys.push({ data: this, name });
  }

  /** Notes the end of a key, which ends the reading of a stream in groups. */
  #signalEnd(name: string): void {
    if (this.waiters.size > 0 && this.keys.get(name)?.content instanceof StreamContent) this.signal(name);
  }

  /** Notes that all keys may have changed. */
  signalAll(): void {
    for (const name of this.waiters.keys()) this.signal(name);
  }

  /** Returns a key; a key that has expired, or whose last field has, is removed. */
  find(name: string, nowMs: number): Key | undefined {
    const key = this.keys.get(name);
    if (key === undefined) return undefined;
    if (!isExpired(key, nowMs) && !this.#losesFields(name, key, nowMs)) return key;
    this.remove(name);
    this.touch(name);
    this.notify(isExpired(key, nowMs) ? 'expired' : 'del', name);
    return undefined;
  }

  /** Deletes the fields of a hash that have expired. Returns whether none is left. */
  #losesFields(name: string, { content }: Key, nowMs: number): boolean {
    if (!(content instanceof HashContent) || !content.hasExpiries) return false;
    const { size } = content;
    content.expire(nowMs);
    if (content.size < size) {
      this.touch(name);
      this.notify('hexpired', name);
    }
    return content.size === 0;
  }

  put(name: string, content: Content, expiryMs = 0): void {
    this.#signalEnd(name);
    if (!(content instanceof StringContent)) this.signal(name);
    const before = this.keys.get(name)?.content;
    this.keys.set(name, { content, expiryMs, usedMs: this.clock.nowMs });
    this.#list(name, content, expiryMs);
    if (before === undefined) this.notify('new', name);
    else this.notifyOverwritten(name, before, content);
  }

  notifyOverwritten(name: string, before: Content, after: Content): void {
    this.notify('overwritten', name);
    if (before.type !== after.type) this.notify('type_changed', name);
  }

  #list(name: string, content: Content, expiryMs: number): void {
    const hasFields = content instanceof HashContent && content.hasExpiries;
    if (expiryMs === 0 && !hasFields) this.expiring.delete(name);
    else this.expiring.set(name, true);
  }

  /** Notes that fields of a hash may expire from now on, or no longer. */
  fieldsChanged(name: string): void {
    const key = this.keys.get(name);
    if (key !== undefined) this.#list(name, key.content, key.expiryMs);
  }

  remove(name: string): boolean {
    this.#signalEnd(name);
    this.expiring.delete(name);
    return this.keys.delete(name);
  }

  /** Sets the expiry of a key; 0 removes it. */
  setExpiry(name: string, key: Key, expiryMs: number): void {
    key.expiryMs = expiryMs;
    this.#list(name, key.content, expiryMs);
  }

  /** Marks the sessions that watch a changed key as stale: their transactions are not carried out. */
  touch(name: string): void {
    if (this.watchers.size === 0) return;
    for (const [session, watch] of this.watchers.get(name) ?? []) {
      // The removal of a key that had expired before it was watched is no change.
      if (watch.wasExpired && !this.keys.has(name)) watch.wasExpired = false;
      else session.isStale ||= !watch.wasExpired;
    }
  }

  /** Marks the watched keys as changed that exist here, or in the database that replaces this one. */
  touchAll(nowMs: number, other?: Data): void {
    for (const [name, watches] of this.watchers) {
      const [here, there] = [this.keys.get(name), other?.keys.get(name)];
      if (here === undefined && there === undefined) continue;
      const becomesExpired = here === undefined && there !== undefined && isExpired(there, nowMs);
      for (const [session, watch] of watches) {
        if (!watch.wasExpired && becomesExpired) watch.wasExpired = true;
        else if (!watch.wasExpired) session.isStale = true;
        else if (there === undefined) watch.wasExpired = false;
        else if (!isExpired(there, nowMs)) session.isStale = true;
      }
    }
  }

  clear(nowMs: number): void {
    this.touchAll(nowMs);
    this.signalAll();
    this.keys = new Table();
    this.expiring = new Table();
  }

  /** Visits up to `count` keys with an expiry, in turn; returns how many had expired. */
  expireSome(nowMs: number, count: number): number {
    if (this.expiring.size === 0) return 0;
    const { names, cursor } = this.expiring.scan(this.#expiryCursor, count);
    this.#expiryCursor = cursor;
    let gone = 0;
    for (const name of names) if (this.find(name, nowMs) === undefined) gone++;
    return gone;
  }

  /** Returns how many keys expire, and how many have fields that do. */
  countExpiring(): { readonly expiring: number; readonly withFields: number } {
    let expiring = 0;
    let withFields = 0;
    for (const name of this.expiring.names()) {
      const { content, expiryMs } = this.keys.get(name)!;
      if (expiryMs !== 0) expiring++;
      if (content instanceof HashContent && content.hasExpiries) withFields++;
    }
    return { expiring, withFields };
  }

  random(random: Random, nowMs: number): string | undefined {
    while (this.keys.size > 0) {
      const name = this.keys.random(random);
      if (this.find(name, nowMs) !== undefined) return name;
    }
    return undefined;
  }
}
