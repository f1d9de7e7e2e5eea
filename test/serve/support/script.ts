/** Scripts of what clients send, played on a port: what each client received, but for what chance decides. */
import { RawClient } from './servers.js';

/** What a client does other than to send bytes at once. */
type Act =
  /** It sends the bytes one by one, and the next one after the one before has left. */
  | { readonly byByte: string }
  /** It sends the bytes, and that it sends no more. */
  | { readonly last: string }
  /** It asks by inline commands until a reply has this in it; what it received is not compared. */
  | { readonly ask: string; readonly until: RegExp };

/**
 * The name of a client, what it sends, and the number of replies that it then waits for; END for the end of its connection.
 * `{B}` in the bytes stands for the id of client B.
 */
export type Step = readonly [client: string, sent: string | Act, replies: number | typeof END];

export const END = 'end';

/** Returns commands in RESP, given as words that are separated by blanks. */
export function resp(...commands: readonly string[]): string {
  return commands
    .map((command) => command.split(' '))
    .map((words) => `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`)
    .join('');
}

/** Plays a script, and returns what the clients received, in the order of the steps. */
export async function played(port: number, steps: readonly Step[]): Promise<string[]> {
  const clients = new Clients(port, steps);
  const seen: string[] = [];
  for (const [name, sent, replies] of steps) {
    const client = await clients.client(name);
    if (typeof sent === 'object' && 'until' in sent) {
      await asked(client, sent.ask, sent.until);
      continue;
    }
    if (typeof sent === 'string') client.write(await clients.withIds(sent));
    else if ('last' in sent) client.socket.end(Buffer.from(sent.last, 'latin1'));
    else await sendByByte(client, sent.byByte);
    for (let left = replies === END ? Number.POSITIVE_INFINITY : replies; left > 0; left--) {
      const reply = await client.next();
      if (reply === undefined) {
        seen.push(`${name} end`);
        break;
      }
      seen.push(`${name} ${withoutChance(reply)}`);
    }
  }
  clients.close();
  return seen;
}

/** The clients of a script. Those whose ids it names are asked for them when they connect. */
class Clients {
  readonly #open = new Map<string, RawClient>();
  readonly #ids = new Map<string, string>();

  constructor(
    readonly port: number,
    readonly steps: readonly Step[],
  ) {}

  async client(name: string): Promise<RawClient> {
    const known = this.#open.get(name);
    if (known !== undefined) return known;
    const client = await RawClient.open(this.port);
    this.#open.set(name, client);
    if (this.steps.some(([, sent]) => typeof sent === 'string' && sent.includes(`{${name}}`))) {
      this.#ids.set(name, /^:(\d+)/.exec((await client.write('CLIENT ID\r\n').next()) ?? '')?.[1] ?? '');
    }
    return client;
  }

  /** Returns the bytes with the ids of the clients that they name. */
  async withIds(bytes: string): Promise<string> {
    for (const [, name = ''] of bytes.matchAll(/\{(\w)\}/g)) await this.client(name);
    return bytes.replaceAll(/\$3\r\n\{(\w)\}/g, (_, name: string) => {
      const id = this.#ids.get(name) ?? '';
      return `$${id.length}\r\n${id}`;
    });
  }

  close(): void {
    for (const client of this.#open.values()) client.close();
  }
}

async function sendByByte(client: RawClient, bytes: string): Promise<void> {
  client.socket.setNoDelay(true);
  for (const byte of bytes) {
    await new Promise((resolve) => client.socket.write(Buffer.from(byte, 'latin1'), resolve));
  }
}

async function asked(client: RawClient, command: string, until: RegExp): Promise<void> {
  for (let reply: string | undefined = ''; !until.test(reply); ) {
    reply = await client.write(`${command}\r\n`).next();
    if (reply === undefined) throw new Error(`the connection ended before ${until}`);
  }
}

/** Returns what varies from run to run, and from connection to connection, as placeholders. */
function withoutChance(text: string): string {
  const known = text
    .replaceAll(/127\.0\.0\.1:\d+/g, 'ADDRESS')
    .replaceAll(/(\$2\r\nid\r\n):\d+/g, '$1:ID')
    .replaceAll(/^\+\d+\.\d{6} /gm, '+TIME ')
    .replaceAll(/\b(id|fd|age|idle|watch|rbp|tot-mem|omem|qbuf|qbuf-free|argv-mem|multi-mem)=\d+/g, '$1=N');
  return known === text ? text : known.replace(/^([$=])\d+/, '$1LENGTH');
}
