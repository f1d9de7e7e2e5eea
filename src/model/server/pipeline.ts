import { type Command, type CommandBatch, isBatch } from '../../commands/index.js';
import type { OpChunk, OpWriter } from '../../stream/index.js';
import { LOOK_AHEAD } from '../client/index.js';
import type { Arrivals } from './arrivals.js';
import { PREFETCH_BATCH, type Prefetcher } from './prefetcher.js';
import { ReadAhead } from './read-ahead.js';
import type { RedisServer } from './redis-server.js';

/** Feeds a server with the commands of an input, and takes the operations as chunks fill up. */
export class Pipeline {
  readonly #server: RedisServer;
  readonly #arrivals: Arrivals;
  readonly #prefetcher: Prefetcher;
  readonly #writer: OpWriter;
  readonly #parsesAhead: boolean;

  constructor(
    server: RedisServer,
    arrivals: Arrivals,
    prefetcher: Prefetcher,
    writer: OpWriter,
    isPipelined: boolean,
  ) {
    this.#server = server;
    this.#arrivals = arrivals;
    this.#prefetcher = prefetcher;
    this.#writer = writer;
    const parsesAhead = server.version.clients.parsesWholeReads || server.commandPool !== undefined;
    this.#parsesAhead = parsesAhead && isPipelined;
  }

  *run(commands: Iterable<Command | CommandBatch>): Generator<OpChunk, void> {
    if (this.#parsesAhead) {
      yield* this.#runReads(commands);
      return;
    }
    for (const item of commands) {
      if (isBatch(item)) {
        yield* this.#runBatch(item);
        continue;
      }
      this.#arrivals.execute(item);
      if (this.#server.unfinished !== undefined) yield* this.#server.finish();
      if (this.#writer.full) yield* this.#writer.takeFull();
    }
    this.#server.settle();
  }

  /** Runs commands whose reads are parsed ahead of them. */
  *#runReads(commands: Iterable<Command | CommandBatch>): Generator<OpChunk, void> {
    const ahead = new ReadAhead(
      this.#server.commandPool === undefined ? Number.POSITIVE_INFINITY : LOOK_AHEAD,
    );
    this.#arrivals.following = ahead;
    try {
      for (const item of commands) {
        ahead.take(item);
        // Commands that come one by one are carried out together, for what they read to be prefetched together.
        if (ahead.ready - ahead.next >= PREFETCH_BATCH) yield* this.#runReady(ahead);
        ahead.keep();
      }
    } catch (error) {
      // The commands before an invalid part of the input are carried out.
      ahead.end();
      yield* this.#runReady(ahead);
      throw error;
    }
    ahead.end();
    yield* this.#runReady(ahead);
    this.#arrivals.following = undefined;
    this.#server.settle();
  }

  *#runReady(ahead: ReadAhead): Generator<OpChunk, void> {
    while (ahead.next < ahead.ready) {
      const to = Math.min(ahead.next + PREFETCH_BATCH, ahead.ready);
      yield* this.#runPrefetched(ahead.commands, ahead.next, to, ahead);
    }
  }

  *#runBatch({ commands, count }: CommandBatch): Generator<OpChunk, void> {
    for (let from = 0; from < count; from += PREFETCH_BATCH) {
      yield* this.#runPrefetched(commands, from, Math.min(from + PREFETCH_BATCH, count));
    }
  }

  *#runPrefetched(
    commands: readonly Command[],
    from: number,
    to: number,
    ahead?: ReadAhead,
  ): Generator<OpChunk, void> {
    const server = this.#server;
    const prefetcher = this.#prefetcher;
    const client = server.connections.byNumber.get(commands[from]!.client);
    prefetcher.prefetch(commands, from, to, server.databases[client?.database ?? 0]!);
    for (let index = from; index < to; index++) {
      prefetcher.place = index - from;
      if (ahead !== undefined) ahead.next = index + 1;
      this.#arrivals.execute(commands[index]!);
      // A refused or queued command may not have used its hashes.
      prefetcher.place = -1;
      if (server.unfinished !== undefined) yield* server.finish();
    }
    if (this.#writer.full) yield* this.#writer.takeFull();
  }
}
