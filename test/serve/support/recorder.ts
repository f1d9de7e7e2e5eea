import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** The bytes of one connection, in both directions. */
export interface Recorded {
  sent: Buffer[];
  answered: Buffer[];
}

/** Passes connections on to a server, and records their bytes. */
export class Recorder {
  readonly connections: Recorded[] = [];
  readonly #server: Server;

  private constructor(port: number) {
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      const server = connect({ host: '127.0.0.1', port, noDelay: true });
      const recorded: Recorded = { sent: [], answered: [] };
      this.connections.push(recorded);
      pass(client, server, recorded.sent);
      pass(server, client, recorded.answered);
    });
  }

  static async open(port: number): Promise<Recorder> {
    const recorder = new Recorder(port);
    recorder.#server.listen(0, '127.0.0.1');
    await once(recorder.#server, 'listening');
    return recorder;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.close();
  }
}

function pass(from: Socket, to: Socket, recorded: Buffer[]): void {
  from.on('data', (bytes) => {
    recorded.push(bytes);
    to.write(bytes);
  });
  from.on('end', () => to.end());
  from.on('error', () => to.destroy());
}
