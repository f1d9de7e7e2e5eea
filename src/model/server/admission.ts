import {
  argumentText,
  type Command,
  type CommandInfo,
  discardedBecause,
  fitsArity,
  MAX_ECHO,
  OUT_OF_MEMORY,
  subcommandOf,
  unknownSubcommand,
  wrongArity,
} from '../../commands/index.js';
import { Arguments, type Client, type Transaction } from '../client/index.js';
import type { Blocking } from './blocking.js';
import type { CommandSpec } from './command-table.js';
import type { Eviction } from './eviction.js';
import type { Execution } from './execution.js';
import type { RedisServer } from './redis-server.js';

const NEVER_QUEUED_FULL: ReadonlySet<string> = new Set(['discard', 'quit', 'reset']);

/** Decides whether a command is carried out, queued for EXEC, or refused (processCommand). */
export class Admission {
  readonly #server: RedisServer;
  readonly #execution: Execution;
  readonly #blocking: Blocking;
  readonly #eviction: Eviction;

  constructor(server: RedisServer, execution: Execution, blocking: Blocking, eviction: Eviction) {
    this.#server = server;
    this.#execution = execution;
    this.#blocking = blocking;
    this.#eviction = eviction;
  }

  process(spec: CommandSpec, command: Command, client: Client): void {
    const info = subcommandOf(spec, command);
    if (info === undefined) {
      this.refuse(client, unknownSubcommand(spec.name, argumentText(command, 1)));
      return;
    }
    if (!fitsArity(info.arity, command.argumentCount)) {
      if (spec.name === 'exec') this.#refuseExec(client, discardedBecause(wrongArity(info.name)));
      else this.refuse(client, wrongArity(info.name));
      return;
    }
    const isLimited = this.#server.settings.maxmemory > 0;
    if (isLimited && !this.#eviction.run() && this.#isDenied(info, client)) {
      this.#refuseFull(spec, client);
      return;
    }
    if (client.transaction.isOpen && !spec.runsInMulti) {
      this.queue(spec, command, client);
      return;
    }
    this.#execution.carryOut(spec, command, client, client.args);
    const { clients } = this.#blocking;
    if (!clients.isEmpty && this.#server.unfinished === undefined) this.#blocking.serveReady();
  }

  queue(spec: CommandSpec, command: Command, client: Client): void {
    const { observed, heap, version } = this.#server;
    const { transaction } = client;
    if (observed !== undefined || !(transaction.isBroken || transaction.isStale)) {
      transaction.queue(spec, command, client.args);
      client.args = new Arguments(heap, version);
    }
    client.reply.status('QUEUED'.length);
  }

  refuseUnknown(command: Command, client: Client): void {
    const name = argumentText(command, 0).slice(0, MAX_ECHO);
    this.#server.unknown.add(name);
    this.refuse(client, `ERR unknown command '${name}', with args beginning with: `);
  }

  /** Refuses a command before it is carried out, which makes EXEC refuse its transaction. */
  refuse(client: Client, message: string): void {
    client.reply.error(message);
    // A real server may have queued what the model does not know.
    const { observed } = this.#server;
    if (client.transaction.isOpen && observed?.outcome !== 'executed') client.transaction.isBroken = true;
  }

  #isDenied(info: CommandInfo, { transaction }: Client): boolean {
    return this.#server.observed === undefined && isDeniedWhenFull(info, transaction);
  }

  #refuseFull(spec: CommandSpec, client: Client): void {
    const { decisions } = this.#server;
    if (decisions !== undefined) decisions.isFull = true;
    if (spec.name === 'exec') this.#refuseExec(client, discardedBecause(OUT_OF_MEMORY));
    else this.refuse(client, OUT_OF_MEMORY);
  }

  /** Refuses EXEC, which ends the transaction. */
  #refuseExec(client: Client, message: string): void {
    client.reply.error(message);
    client.transaction.discard();
    this.#server.watched.removeAllOf(client);
  }
}

/**
 * Whether a full server refuses the command. It refuses all commands that a transaction would queue, since the queue
 * takes memory.
 */
function isDeniedWhenFull(info: CommandInfo, { isOpen, queued }: Transaction): boolean {
  if (!isOpen || NEVER_QUEUED_FULL.has(info.name)) return info.isDeniedWhenFull;
  if (info.name !== 'exec') return true;
  return queued.some(({ info, command }) => subcommandOf(info, command)?.isDeniedWhenFull === true);
}
