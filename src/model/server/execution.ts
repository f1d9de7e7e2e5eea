import { hashOf } from '../../base/index.js';
import {
  argumentBytes,
  argumentText,
  type Command,
  type CommandInfo,
  type CommandLog,
} from '../../commands/index.js';
import type { OpChunk, OpWriter } from '../../stream/index.js';
import type { Arguments, Client } from '../client/index.js';
import { Call } from './call.js';
import type { CommandSpec, CommandTable } from './command-table.js';
import type { Prefetcher } from './prefetcher.js';
import { propagatedLengths } from './propagated-form.js';
import type { RedisServer } from './redis-server.js';
import type { Replication } from './replication.js';

const NOT_MODELLED = 'ERR the command could not be carried out';

/** Carries out commands that a server has accepted, with what follows from each (call). */
export class Execution {
  /** The call that serves all commands. */
  readonly call: Call;
  readonly #server: RedisServer;
  readonly #commands: CommandTable;
  readonly #prefetcher: Prefetcher;
  readonly #writer: OpWriter;
  readonly #log: CommandLog;

  constructor(
    server: RedisServer,
    commands: CommandTable,
    prefetcher: Prefetcher,
    writer: OpWriter,
    log: CommandLog,
  ) {
    this.#server = server;
    this.#commands = commands;
    this.#prefetcher = prefetcher;
    this.#writer = writer;
    this.#log = log;
    this.call = new Call(server);
  }

  /** Returns the command with its handler. Clients keep only its facts. */
  specOf({ name }: CommandInfo): CommandSpec {
    const spec = this.#commands.named(name);
    if (spec === undefined)
      throw new Error(`command '${name}' was queued, but the server has none of that name`);
    return spec;
  }

  carryOut(spec: CommandSpec, command: Command, client: Client, args: Arguments, isCounted = true): void {
    const server = this.#server;
    const { call } = this;
    call.command = command;
    call.spec = spec;
    call.args = args;
    call.client = client;
    call.reply = client.reply;
    call.db = server.databases[client.database]!;
    call.dirty = 0;
    this.#prefetcher.handHashes(call);
    const { position } = this.#writer;
    try {
      spec.handler(call);
    } catch (error) {
      this.#leaveOut(error, this.#writer.position > position);
      return;
    }
    if (server.unfinished === undefined) this.#afterCall(spec, args, isCounted);
    if (call.dirty > 0 && server.settings.notesChanges) call.noteModified();
    if (call.dirty > 0 && !server.watched.isEmpty) this.#touchNamed(command, client);
  }

  /** Finishes a command that is `unfinished`. Yields the operations as chunks fill up. */
  *finish(steps: Iterator<void>, client: Client): Generator<OpChunk, void> {
    const server = this.#server;
    while (this.#takesStep(steps)) {
      if (this.#writer.full) yield* this.#writer.takeFull();
    }
    if (server.unfinished !== undefined) {
      server.unfinished = undefined;
      this.#afterCall(this.call.spec, this.call.args);
    }
    this.complete(client);
  }

  /** Finishes a loaded or scripted command, all steps at once. */
  finishAtOnce(): void {
    const server = this.#server;
    const { unfinished } = server;
    if (unfinished === undefined) return;
    while (this.#takesStep(unfinished));
    server.unfinished = undefined;
    this.call.args.freeOriginal();
    server.keyspace.slots?.settle();
  }

  /** Ends the arguments of a command, and its part of the log. */
  complete(client: Client): void {
    if (client.isConnected) client.args.end();
    else client.args.free();
    this.#log.completed(this.#writer.position);
  }

  /** Sends what the commands of a script or a transaction have propagated. */
  endOfNested(replication: Replication): void {
    replication.isNested = false;
    replication.send();
  }

  /** Takes a step of a command that is `unfinished`. Returns false at its end. */
  #takesStep(steps: Iterator<void>): boolean {
    try {
      return steps.next().done !== true;
    } catch (error) {
      this.#leaveOut(error, true);
      return false;
    }
  }

  /**
   * Makes a gap of the current command, whose handler failed. If it has changed anything, its keys are taken out. Its
   * regions stay allocated, because some of them may be in use.
   */
  #leaveOut(error: unknown, isPartial: boolean): void {
    const server = this.#server;
    const { command, client, args } = this.call;
    server.unfinished = undefined;
    server.gaps.add(command, error, isPartial);
    client.replyBuffer.abandonDeferred();
    client.reply.error(NOT_MODELLED);
    if (!isPartial) return;
    args.abandon();
    for (let index = 1; index < command.argumentCount; index++) {
      const bytes = argumentBytes(command, index);
      const hash = hashOf(bytes, 0, bytes.length);
      for (const database of server.databases) database.takeOut(hash, bytes);
    }
    server.keyspace.slots?.settle();
  }

  /** Touches the watches of all arguments, since the changed keys are among them. */
  #touchNamed(command: Command, client: Client): void {
    for (let index = 1; index < command.argumentCount; index++) {
      this.#server.watched.touch(client.database, argumentText(command, index));
    }
  }

  #afterCall(spec: CommandSpec, args: Arguments, isCounted = true): void {
    const { keyspace, settings, statistics, replication } = this.#server;
    args.freeOriginal();
    keyspace.slots?.settle();
    if (isCounted && settings.latencyTracking) statistics.called(spec, this.call.command);
    if (isCounted && replication !== undefined) this.#replicate(replication, spec, args);
  }

  /**
   * Propagates the changes of a command. EXEC itself changes nothing: the changes of its commands are sent at its end.
   */
  #replicate(replication: Replication, spec: CommandSpec, args: Arguments): void {
    const { dirty, command, client } = this.call;
    if (dirty > 0 && spec.name !== 'exec') {
      replication.add(client.database, propagatedLengths(spec, command, args.rewriting));
    }
    replication.send();
  }
}
