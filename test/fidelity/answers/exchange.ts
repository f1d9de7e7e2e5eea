/** Commands sent to a real server, and its replies byte for byte. */
import { once } from 'node:events';
import { connect } from 'node:net';
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

/** How many replies follow a head of that type, for each that it counts. */
const NESTED: Readonly<Record<string, number>> = { '*': 1, '~': 1, '>': 1, '%': 2 };

/** Where the reply that begins at `from` ends; -1 if it is not complete. */
export function endOfReply(buffer: Buffer, from: number): number {
  const lineEnd = buffer.indexOf('\r\n', from);
  if (lineEnd < 0) return -1;
  const count = Number(buffer.toString('latin1', from + 1, lineEnd));
  const type = String.fromCharCode(buffer[from]!);
  let end = lineEnd + 2;
  if ((type === '$' || type === '=') && count >= 0) end += count + 2;
  const nested = NESTED[type] ?? 0;
  for (let left = nested * count; left > 0 && end >= 0; left--) end = endOfReply(buffer, end);
  return end > buffer.length ? -1 : end;
}
