/**
 * As little as can stand between clients and a server: what comes is written to the other side. What a tap takes beyond
 * this is its own doing; what this takes is the way over a second connection.
 *
 *     node bare-forwarder.js <port of the server>
 */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const upstream = connect({ host: '127.0.0.1', port: Number(process.argv[2]), noDelay: true });
  forward(client, upstream);
  forward(upstream, client);
});
server.listen(0, '127.0.0.1', () => {
  process.stderr.write(`listening on 127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});

function forward(from: Socket, to: Socket): void {
  from.on('data', (bytes) => to.write(bytes));
  from.on('end', () => to.end());
  from.on('error', () => to.destroy());
}
