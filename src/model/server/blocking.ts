import { type Command, copyOfCommand } from '../../commands/index.js';
import { Arguments, BlockedClients, type Client, type Waiting } from '../client/index.js';
import type { Call } from './call.js';
import type { Execution } from './execution.js';
import type { ServedClients } from './served-clients.js';

/** The waits of a server whose caller decides when each client is served. */
const HELD: Pick<Waiting, 'isReady' | 'untilMs'> = {
  isReady: () => false,
  untilMs: Number.POSITIVE_INFINITY,
};

/** Lets commands wait for an element, and carries them out when it has come or their time is over. */
export class Blocking {
  readonly clients = new BlockedClients();
  /** Whether clients wait until `release`, because the caller decides when each is served. */
  holdsWaiting = false;
  /** Whether a command may wait: not within a transaction or a script, nor a second time. */
  isAllowed = true;
  readonly #execution: Execution;
  readonly #served: ServedClients;

  constructor(execution: Execution, served: ServedClients) {
    this.#execution = execution;
    this.#served = served;
  }

  /** Lets the command of a call wait. Its client continues with new arguments. */
  add({ client, spec, command, args, heap, version }: Call, isReady: () => boolean, untilMs: number): void {
    args.keep();
    const wait = this.holdsWaiting ? HELD : { isReady, untilMs };
    this.clients.add({ client, info: spec, command: copyOfCommand(command), args, ...wait });
    client.isBlocked = true;
    client.args = new Arguments(heap, version);
  }

  /** Ends the wait of a client. A command is carried out in place of its own; without one, it has a short reply. */
  release(client: Client, command: Command | undefined): void {
    const waiting = this.clients.takeOf(client);
    if (waiting === undefined) return;
    if (command !== undefined) {
      this.resume({ ...waiting, command });
      return;
    }
    client.isBlocked = false;
    client.reply.nilArray();
    waiting.args.free();
    client.replyBuffer.flush();
  }

  /** Carries out a blocked command again, which must not block a second time. */
  resume(waiting: Waiting | undefined): void {
    if (waiting === undefined) return;
    const { client, info, command, args } = waiting;
    client.isBlocked = false;
    this.isAllowed = false;
    this.#execution.carryOut(this.#execution.specOf(info), command, client, args);
    this.isAllowed = true;
    args.endDetached();
    if (client !== this.#served.current) client.replyBuffer.flush();
  }

  /** Serves blocked clients, the longest blocked first (handleClientsBlockedOnKeys). What one moves may serve another. */
  serveReady(): void {
    const { clients } = this;
    for (let next = clients.takeReady(); next !== undefined; next = clients.takeReady()) this.resume(next);
  }
}
