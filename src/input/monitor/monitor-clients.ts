import { latin1Bytes } from '../../base/index.js';
import { argumentText, type Command, emptyCommand, SCRIPT_CLIENT } from '../../commands/index.js';

/** The client name of scripts in MONITOR. */
const SCRIPT = 'lua';

/** Numbers clients in the order of their appearance, and keeps the database of each. */
export class MonitorClients {
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #databases = new Map<number, number>();
  readonly #select = emptyCommand(2);

  number(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      if (name === SCRIPT) return SCRIPT_CLIENT;
      number = this.#names.length;
      this.#numbers.set(name, number);
      this.#names.push(name);
    }
    return number;
  }

  name(client: number): string {
    return client === SCRIPT_CLIENT ? SCRIPT : (this.#names[client] ?? `client ${client}`);
  }

  /**
   * Returns a SELECT that the log lacks, if the client is in another database than its logged commands imply. Such a
   * client connected before the log began, or a new client has its address.
   */
  selectFor(command: Command, database: number): Command | undefined {
    const { client } = command;
    if ((this.#databases.get(client) ?? 0) === database) return undefined;
    // Redis 7 and later log a SELECT with its new database.
    if (selectedDatabase(command) === database) return undefined;
    this.#databases.set(client, database);
    const select = this.#select;
    const digits = `${database}`;
    select.bytes = latin1Bytes(`SELECT${digits}`);
    select.argumentCount = 2;
    select.start[1] = 6;
    select.length[0] = 6;
    select.length[1] = digits.length;
    select.client = client;
    select.timeMs = command.timeMs;
    return select;
  }

  /** Updates the database of the command's client. */
  track(command: Command): void {
    const database = selectedDatabase(command);
    if (database !== undefined) this.#databases.set(command.client, database);
  }
}

function selectedDatabase(command: Command): number | undefined {
  const length = command.length[0]!;
  if (length !== 6 && length !== 5 && length !== 4) return undefined;
  // The first letter excludes most commands without making a string of their name.
  const first = command.bytes[command.start[0]!]! | 0x20;
  if (first !== 0x73 && first !== 0x72 && first !== 0x71) return undefined;
  const name = argumentText(command, 0).toLowerCase();
  // Later commands from that address belong to another connection.
  if (name === 'reset' || name === 'quit') return 0;
  if (name !== 'select' || command.argumentCount !== 2) return undefined;
  const database = argumentText(command, 1);
  return /^\d{1,9}$/.test(database) ? Number(database) : undefined;
}
