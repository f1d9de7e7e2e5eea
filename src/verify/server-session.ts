import { setTimeout as sleep } from 'node:timers/promises';
import { type MallocStats, parseMallocStats } from '../analysis/index.js';
import { InputError, type Queue } from '../base/index.js';
import { argumentText, type Command } from '../commands/index.js';
import type { Connection, ReplyErrors } from '../resp/node.js';
import { OBSERVED_REST_MS } from '../run/index.js';
import { serveAllSlots } from './all-slots.js';
import { type Occupancy, occupancyOfServer } from './class-occupancy.js';
import { isSafe, isScripted } from './commands-not-sent.js';
import { reads } from './reads.js';
import type { RealServer } from './real-server.js';

/** 'stream' sends commands no earlier than their recorded time; 'max' sends them as fast as they are answered. */
export const PACES = ['max', 'stream'] as const;
export type Pace = (typeof PACES)[number];

export interface SessionOptions {
  readonly pace: Pace;
  /**
   * The idle time before each survey, after which its result can be repeated. The server frees the query buffer of an
   * idle client up to 3.1 s after its last command. Reply buffers shrink one tick after their peak is reset, which happens
   * every 5 s. Dicts are rehashed in the background.
   */
  readonly settleMs: number;
  /** Ends waiting. */
  readonly signal?: AbortSignal;
}

export const SETTLE_MS = OBSERVED_REST_MS;

export interface ServerSurvey {
  readonly occupancy: Occupancy;
  readonly stats: MallocStats;
  /** The number of keys in all databases. */
  readonly keys: number;
}

export interface Traffic {
  readonly commands: number;
  readonly bytes: number;
  readonly clients: number;
  /** The number of reads sent, each after the replies to the previous one. */
  readonly reads: number;
  /** The number of reads that the server counted, if it counts them. */
  readonly readsByServer: number | null;
  readonly errors: readonly ReplyErrors[];
  /** The commands that would end the connection, the server or its isolation. */
  readonly notSent: readonly { readonly name: string; readonly count: number }[];
}

const MAX_CLIENTS = 1000;

/** A run against a real server: a survey while it is idle, then phases of commands, each with a survey after it. */
export class ServerSession {
  readonly #server: RealServer;
  readonly #options: SessionOptions;
  readonly #observer: Connection;
  readonly #clients = new Map<number, Connection>();
  /** Connections that the stream ended. */
  readonly #ended: Connection[] = [];
  readonly #notSent = new Map<string, number>();
  #commands = 0;
  #bytes = 0;
  #reads = 0;
  #startedMs: number | undefined;
  #readsBefore: number | null = null;

  private constructor(server: RealServer, options: SessionOptions, observer: Connection) {
    this.#server = server;
    this.#options = options;
    this.#observer = observer;
  }

  /** Connects the stream's first client, and a second one that asks for figures. */
  static async open(server: RealServer, options: SessionOptions): Promise<ServerSession> {
    const observer = await server.connect();
    if (server.isCluster) await serveAllSlots(observer);
    const session = new ServerSession(server, options, observer);
    await session.#client(0);
    // The first survey makes the server allocate a latency histogram for each command that it calls. They thus belong to
    // the idle figures.
    await session.#survey();
    session.#readsBefore = await session.#readsByServer();
    return session;
  }

  /** Returns what the server holds after the idle time. */
  async survey(): Promise<ServerSurvey> {
    await this.#rest(this.#options.settleMs);
    return this.#server.withExitError(this.#survey());
  }

  /**
   * Sends the commands in order, over a connection for each client. Adds the times of the ids that XADD replied with, in
   * milliseconds since 1970.
   */
  async send(
    commands: AsyncIterable<Command> | Iterable<Command>,
    entryTimes?: Queue<number>,
  ): Promise<void> {
    await this.#server.withExitError(this.#send(commands, entryTimes));
  }

  async traffic(): Promise<Traffic> {
    const reads = await this.#readsByServer();
    const errors = new Map<string, ReplyErrors>();
    for (const connection of [...this.#ended, ...this.#clients.values()]) {
      for (const error of connection.errors) {
        const before = errors.get(error.kind);
        errors.set(
          error.kind,
          before === undefined ? error : { ...before, count: before.count + error.count },
        );
      }
    }
    return {
      commands: this.#commands,
      bytes: this.#bytes,
      clients: this.#ended.length + this.#clients.size,
      reads: this.#reads,
      readsByServer: reads === null || this.#readsBefore === null ? null : reads - this.#readsBefore,
      errors: [...errors.values()],
      notSent: [...this.#notSent].map(([name, count]) => ({ name, count })),
    };
  }

  close(): void {
    for (const connection of [this.#observer, ...this.#clients.values()]) connection.close();
  }

  async #send(
    commands: AsyncIterable<Command> | Iterable<Command>,
    entryTimes: Queue<number> | undefined,
  ): Promise<void> {
    for await (const read of reads(this.#sendable(commands))) {
      this.#startedMs ??= performance.now() - read.timeMs;
      if (this.#options.pace === 'stream') await this.waitUntil(read.timeMs);
      const connection = this.#clients.get(read.client) ?? (await this.#client(read.client));
      await connection.send(read.bytes, read.commands, read.entries);
      for (const id of connection.takeNotes()) entryTimes?.push(Number(id.slice(0, id.indexOf('-'))));
      // A read without a complete command has no reply, so the server needs time to read it before the next.
      if (read.commands === 0) await sleep(1);
      if (read.isLast === true) {
        connection.close();
        this.#clients.delete(read.client);
        this.#ended.push(connection);
      }
      this.#commands += read.commands;
      this.#bytes += read.bytes.length;
      this.#reads++;
    }
  }

  /**
   * Waits until the given time of the stream, which starts at its first command. The stream's clock stops while a slow
   * server catches up, so that keys expire before the commands that find them expired.
   */
  async waitUntil(timeMs: number): Promise<void> {
    const startedMs = this.#startedMs ?? 0;
    const wait = startedMs + timeMs - performance.now();
    if (wait >= 1) await this.#rest(wait);
    if (wait < 0) this.#startedMs = startedMs - wait;
  }

  async #rest(ms: number): Promise<void> {
    const { signal } = this.#options;
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  }

  async *#sendable(commands: AsyncIterable<Command> | Iterable<Command>): AsyncGenerator<Command> {
    for await (const command of commands) {
      if (isScripted(command)) continue;
      if (isSafe(command)) {
        yield command;
      } else {
        const name = argumentText(command, 0).toUpperCase();
        this.#notSent.set(name, (this.#notSent.get(name) ?? 0) + 1);
      }
    }
  }

  async #client(number: number): Promise<Connection> {
    if (this.#clients.size === MAX_CLIENTS) {
      throw new InputError(
        `client ${number}: the stream has more than ${MAX_CLIENTS} clients; verify a part of it`,
      );
    }
    const connection = await this.#server.connect();
    this.#clients.set(number, connection);
    return connection;
  }

  async #survey(): Promise<ServerSurvey> {
    const [text = ''] = await this.#observer.ask('MEMORY', 'MALLOC-STATS');
    const stats = parseMallocStats(text);
    const [memory = ''] = await this.#observer.ask('INFO', 'memory');
    const [keyspace = ''] = await this.#observer.ask('INFO', 'keyspace');
    const usedMemory = /^used_memory:(\d+)/m.exec(memory)?.[1];
    if (usedMemory === undefined) throw new InputError('INFO memory: no used_memory in it; is this a Redis?');
    const keys = [...keyspace.matchAll(/^db\d+:keys=(\d+)/gm)].reduce(
      (sum, [, count]) => sum + Number(count),
      0,
    );
    return { occupancy: occupancyOfServer(stats, Number(usedMemory)), stats, keys };
  }

  /** Returns the server's count of reads without those of the observer. Redis counts reads since 6.0. */
  async #readsByServer(): Promise<number | null> {
    const [stats = ''] = await this.#observer.ask('INFO', 'stats');
    const reads = /^total_reads_processed:(\d+)/m.exec(stats)?.[1];
    return reads === undefined ? null : Number(reads) - this.#observer.asked;
  }
}
