import { latin1Bytes } from '../../base/index.js';
import { argumentText, type Command, emptyCommand, SCRIPT_CLIENT } from '../../commands/index.js';

/** As MONITOR calls it. */
const SCRIPT = 'lua';

/** Numbers clients in order of appearance, and remembers which database each is in. */
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
   * The SELECT that the log does not show, when the client is in another database than its commands so far would have
   * it: it was connected before the log began, or its address was used again.
   */
  selectFor(command: Command, database: number): Command | undefined {
    const { client } = command;
    if ((this.#databases.get(client) ?? 0) === database) return undefined;
    // Since Redis 7 a SELECT is logged with the database that it leads to.
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

  /** Takes note of a command that changes its client's database. */
  follow(command: Command): void {
    const database = selectedDatabase(command);
    if (database !== undefined) this.#databases.set(command.client, database);
  }
}

function selectedDatabase(command: Command): number | undefined {
  const length = command.length[0]!;
  if (length !== 6 && length !== 5 && length !== 4) return undefined;
  // Cheaper than making a string of each command's name: does it start with s, r or q?
  const first = command.bytes[command.start[0]!]! | 0x20;
  if (first !== 0x73 && first !== 0x72 && first !== 0x71) return undefined;
  const name = argumentText(command, 0).toLowerCase();
  // Who comes from that address afterwards is another connection.
  if (name === 'reset' || name === 'quit') return 0;
  if (name !== 'select' || command.argumentCount !== 2) return undefined;
  const database = argumentText(command, 1);
  return /^\d{1,9}$/.test(database) ? Number(database) : undefined;
}
