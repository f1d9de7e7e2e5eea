/** Commands sent to a real server, and its replies byte for byte. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { ReplyFramer } from '#slablab/src/resp/reply-framer.js';
import { bytes, resp } from '../../input/support/resp.js';
import type { Words } from '../replies/lengths.js';

const BATCH = 100;

/** The reply to each command, of one client. RESP2 and RESP3. */
export async function repliesOf(port: number, commands: readonly Words[]): Promise<Buffer[]> {
  const socket = connect({ host: '127.0.0.1', port });
  await once(socket, 'connect');
  const replies: Buffer[] = [];
  let waiting = Buffer.alloc(0);
  let expected = 0;
  let done = () => {};
  socket.on('data', (data) => {
    waiting = Buffer.concat([waiting, data]);
    let from = 0;
    for (;;) {
      const end = endOfReply(waiting, from);
      if (end < 0) break;
      replies.push(waiting.subarray(from, end));
      from = end;
    }
    waiting = waiting.subarray(from);
    if (replies.length >= expected) done();
  });
  for (let at = 0; at < commands.length; at += BATCH) {
    const batch = commands.slice(at, at + BATCH);
    expected += batch.length;
    const answered = new Promise<void>((resolve) => {
      done = resolve;
    });
    socket.write(bytes(batch.map((words) => resp(...words)).join('')));
    await answered;
  }
  socket.destroy();
  return replies;
}

/** Where the reply that begins at `from` ends; -1 if it is not complete. */
export function endOfReply(buffer: Buffer, from: number): number {
  return new ReplyFramer().next(buffer, from);
}
