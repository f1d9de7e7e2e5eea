import { readSync } from 'node:fs';
import type { Socket } from 'node:net';
import { KIB } from '../../base/index.js';

const PIECE_BYTES = 64 * KIB;

/**
 * Makes a socket emit all that its server has sent when a write fails. A server that refuses bytes replies and closes the
 * connection while more are sent. The failed write destroys the socket, whose last bytes would be lost.
 */
export function emitLastBytes(socket: Socket): void {
  const destroy = socket._destroy.bind(socket);
  socket._destroy = (error, callback) => {
    if ((error as NodeJS.ErrnoException | null)?.syscall === 'write') {
      for (const bytes of unreadBytes(socket)) socket.emit('data', bytes);
    }
    destroy(error, callback);
  };
}

function* unreadBytes(socket: Socket): Generator<Buffer, void> {
  const { fd } = (socket as { _handle?: { fd?: number } })._handle ?? {};
  if (fd === undefined || fd < 0) return;
  for (;;) {
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    let count: number;
    try {
      count = readSync(fd, piece);
    } catch {
      // There are no more bytes, or the connection was reset.
      return;
    }
    if (count === 0) return;
    yield piece.subarray(0, count);
  }
}
