/** Holds a dialogue with a real server, for recordings. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { resp } from '../../input/support/resp.js';
import { comparable, type Received, stepsOf, withIds } from './steps.js';

/** The time after which a client has received what it receives in a step. */
const QUIET_MS = 60;

export async function onServer(port: number, dialogue: string): Promise<Received[]> {
  const clients = new Map<string, Client>();
  const clientOf = async (name: string) => {
    const known = clients.get(name) ?? (await Client.open(port));
    clients.set(name, known);
    return known;
  };
  const received: Received[] = [];
  for (const step of stepsOf(dialogue)) {
    await setTimeout(step.milliseconds);
    if (step.client !== undefined) {
      const client = await clientOf(step.client);
      client.send(withIds(step.commands, (name) => clients.get(name)!.id));
    }
    await setTimeout(QUIET_MS);
    const said = [...clients].map(([name, client]) => [name, client.take()] as const);
    received.push(comparable(step, Object.fromEntries(said)));
  }
  for (const client of clients.values()) client.socket.destroy();
  await setTimeout(QUIET_MS);
  return received;
}

/** Sends a command of its own, and returns the reply. */
export async function askServer(port: number, ...words: readonly string[]): Promise<string> {
  const client = await Client.open(port);
  client.send([words]);
  await setTimeout(QUIET_MS);
  client.socket.destroy();
  return client.take();
}

class Client {
  id = 0;
  #received = '';

  private constructor(readonly socket: Socket) {
    socket.on('data', (bytes) => {
      this.#received += bytes.toString('latin1');
    });
  }

  static async open(port: number): Promise<Client> {
    const socket = connect({ host: '127.0.0.1', port });
    await once(socket, 'connect');
    const client = new Client(socket);
    client.send([['CLIENT', 'ID']]);
    await setTimeout(QUIET_MS);
    client.id = Number(client.take().slice(1));
    return client;
  }

  send(commands: readonly (readonly string[])[]): void {
    this.socket.write(Buffer.from(commands.map((words) => resp(...words)).join(''), 'latin1'));
  }

  take(): string {
    const received = this.#received;
    this.#received = '';
    return received;
  }
}
