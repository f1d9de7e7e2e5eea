import { argumentText, type Command, type CommandInfo, SCRIPT_CLIENT } from '../../commands/index.js';
import type { Arguments, Client, Following } from '../client/index.js';
import type { Attribution } from '../heap/index.js';
import type { Admission } from './admission.js';
import type { Blocking } from './blocking.js';
import { UNKNOWN_HASH } from './call.js';
import type { CommandTable } from './command-table.js';
import type { Execution } from './execution.js';
import type { RedisServer } from './redis-server.js';
import type { ServedClients } from './served-clients.js';

/** Stands for the text of a real server's error, which is not in the stream. */
const REFUSED = 'ERR';

/** Commands that change the value that they read before they fail: a sorted set is converted first. */
const CHANGES_BEFORE_FAILURE: ReadonlySet<string> = new Set(['sort', 'sort_ro']);

export interface ArrivalsParts {
  readonly commands: CommandTable;
  readonly clients: ServedClients;
  readonly execution: Execution;
  readonly blocking: Blocking;
  readonly admission: Admission;
  readonly isPipelined: boolean;
}

/** Takes commands as they arrive: from a client, from a script, from a transaction, or from a loaded file. */
export class Arrivals {
  /** The commands after the current one, as far as they are read. */
  following: Following | undefined;
  readonly #server: RedisServer;
  readonly #commands: CommandTable;
  readonly #clients: ServedClients;
  readonly #execution: Execution;
  readonly #blocking: Blocking;
  readonly #admission: Admission;
  readonly #isPipelined: boolean;
  readonly #origins: Attribution | undefined;
  #script: Client | undefined;

  constructor(server: RedisServer, parts: ArrivalsParts) {
    this.#server = server;
    this.#commands = parts.commands;
    this.#clients = parts.clients;
    this.#execution = parts.execution;
    this.#blocking = parts.blocking;
    this.#admission = parts.admission;
    this.#isPipelined = parts.isPipelined;
    this.#origins = server.heap.accounts?.attribution;
  }

  /** Executes one command from its arrival to the end of its arguments. It may leave `unfinished`. */
  execute(command: Command): void {
    this.#server.gaps.arrived++;
    try {
      if (command.client === SCRIPT_CLIENT) this.#ofScript(command);
      else this.#ofClient(command);
    } catch (error) {
      this.#leaveOut(command, error);
    }
  }

  /**
   * Carries out a command of a file, which is neither counted nor answered (aof.c: loadSingleAppendOnlyFile). Returns
   * what makes a server refuse the file here, and undefined after a command that was carried out.
   */
  ofFile(command: Command, client: Client): string | undefined {
    const spec = this.#commands.find(command);
    const refusal = this.#commands.refusalOf(command, spec);
    if (refusal !== undefined) return refusal;
    this.#server.gaps.arrived++;
    this.#origins?.next();
    client.args.receive(command);
    if (spec === undefined) this.#server.unknown.add(argumentText(command, 0));
    else if (client.transaction.isOpen && !spec.runsInMulti) this.#admission.queue(spec, command, client);
    else this.#execution.carryOut(spec, command, client, client.args, false);
    this.#execution.finishAtOnce();
    this.#execution.complete(client);
    return undefined;
  }

  /** Carries out a command that was queued for EXEC. EXEC itself is the outer call. */
  ofTransaction(info: CommandInfo, command: Command, client: Client, args: Arguments): void {
    const { replication } = this.#server;
    const { call } = this.#execution;
    const { spec: outerSpec, command: outerCommand, args: outerArgs } = call;
    this.#blocking.isAllowed = false;
    if (replication !== undefined) replication.isNested = true;
    this.#execution.carryOut(this.#execution.specOf(info), command, client, args);
    if (replication !== undefined) replication.isNested = false;
    this.#blocking.isAllowed = true;
    call.spec = outerSpec;
    call.command = outerCommand;
    call.args = outerArgs;
    call.forgetHash(UNKNOWN_HASH);
  }

  #ofClient(command: Command): void {
    const server = this.#server;
    if (server.replication?.isNested === true) this.#execution.endOfNested(server.replication);
    if (command.timeMs > server.nowMs) server.advanceTo(command.timeMs);
    this.#origins?.next();
    const client = this.#clients.switchTo(command.client);
    if (client.isBlocked) this.#unblock(client);
    client.lastCommandMs = server.nowMs;
    client.args = client.queryBuffer.next(command, client.args, this.#isPipelined, this.following);
    const spec = this.#commands.find(command);
    const outcome = server.observed?.outcome;
    const hasOnlyFailed = outcome === 'failed' && !CHANGES_BEFORE_FAILURE.has(spec?.name ?? '');
    if (outcome === 'refused') this.#admission.refuse(client, REFUSED);
    else if (hasOnlyFailed) client.reply.error(REFUSED);
    else if (spec === undefined) this.#admission.refuseUnknown(command, client);
    else this.#admission.process(spec, command, client);
    if (hasOnlyFailed || (outcome === 'executed' && spec === undefined)) this.#countUnmodelled(command);
    if (server.unfinished === undefined) this.#execution.complete(client);
    if (client.isClosing) {
      server.settle();
      this.#clients.freeBeforeSleep(client);
    }
  }

  /**
   * Executes a command that a script calls. Time stands still, the command never blocks, and propagation waits for the
   * end of the script.
   */
  #ofScript(command: Command): void {
    const server = this.#server;
    this.#origins?.next();
    this.#script ??= this.#scriptClient();
    const client = this.#script;
    client.args.addAll(command.length, command.argumentCount);
    const spec = this.#commands.find(command);
    if (spec === undefined) {
      server.unknown.add(argumentText(command, 0));
    } else {
      if (server.replication !== undefined) server.replication.isNested = true;
      this.#blocking.isAllowed = false;
      // A script starts in its caller's database: a SELECT in a log is hardly ever the script's own.
      const isItsOwn = spec.name !== 'select';
      if (isItsOwn) server.scripts.scripted++;
      this.#execution.carryOut(spec, command, client, client.args, isItsOwn);
      this.#blocking.isAllowed = true;
      this.#execution.finishAtOnce();
    }
    this.#execution.complete(client);
    if (!this.#blocking.clients.isEmpty) this.#blocking.serveReady();
  }

  /** Returns the client of scripts, whose regions are part of the start-up counts. */
  #scriptClient(): Client {
    const client = this.#clients.create(SCRIPT_CLIENT);
    client.free();
    return client;
  }

  /**
   * Lets a blocked client go on, which was answered, since it sends another command. A real server has served it with an
   * element that the stream may only bring later, so that its command still waits for that element.
   */
  #unblock(client: Client): void {
    if (this.#server.observed === undefined) this.#blocking.resume(this.#blocking.clients.takeOf(client));
    else client.isBlocked = false;
  }

  /** Counts a command that a real server called, and that the model did not carry out. */
  #countUnmodelled(command: Command): void {
    const { settings, statistics } = this.#server;
    const info = this.#commands.info(argumentText(command, 0).toLowerCase());
    if (info !== undefined && settings.latencyTracking) statistics.called(info, command);
  }

  /** Makes a gap of a command that failed outside of its handler, and forgets its client with all that it has. */
  #leaveOut(command: Command, error: unknown): void {
    const server = this.#server;
    server.gaps.add(command, error, true);
    this.#clients.forget(command.client);
    server.unfinished = undefined;
    this.#blocking.isAllowed = true;
    if (server.replication !== undefined) server.replication.isNested = false;
  }
}
