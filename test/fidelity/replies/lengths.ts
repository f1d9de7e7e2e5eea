/** What a server answers to each command, as a number of bytes: by a real one, and by the model. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { bytes, resp } from '../../redis/input/support/resp.js';
import { newServer } from '../../support/redis.js';

export type Words = readonly string[];

const BATCH = 200;

/** Bytes of each reply of a server on that port, to one client. RESP2. */
export async function replyLengths(port: number, commands: readonly Words[]): Promise<number[]> {
  const socket = connect({ host: '127.0.0.1', port });
  await once(socket, 'connect');
  const lengths: number[] = [];
  let waiting = Buffer.alloc(0);
  let expected = 0;
  let done = () => {};
  socket.on('data', (data) => {
    waiting = Buffer.concat([waiting, data]);
    let from = 0;
    for (;;) {
      const end = endOfReply(waiting, from);
      if (end < 0) break;
      lengths.push(end - from);
      from = end;
    }
    waiting = waiting.subarray(from);
    if (lengths.length >= expected) done();
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
  return lengths;
}

/** Where the reply that begins at `from` ends; -1 if it is not complete. */
function endOfReply(buffer: Buffer, from: number): number {
  const lineEnd = buffer.indexOf('\r\n', from);
  if (lineEnd < 0) return -1;
  const count = Number(buffer.toString('latin1', from + 1, lineEnd));
  const type = String.fromCharCode(buffer[from] as number);
  let end = lineEnd + 2;
  if (type === '$' && count >= 0) end += count + 2;
  if (type === '*') for (let left = count; left > 0 && end >= 0; left--) end = endOfReply(buffer, end);
  return end > buffer.length ? -1 : end;
}

/** Bytes of each reply of the model. */
export function modelReplyLengths(version: string, commands: readonly Words[]): number[] {
  const { server, execute } = newServer(version);
  const { replyBuffer } = server.connect(0);
  const write = replyBuffer.write.bind(replyBuffer);
  const endDeferred = replyBuffer.endDeferred.bind(replyBuffer);
  let bytes = 0;
  replyBuffer.write = (count) => {
    bytes += count;
    write(count);
  };
  replyBuffer.endDeferred = (count) => {
    bytes += count;
    endDeferred(count);
  };
  return commands.map((words) => {
    bytes = 0;
    execute(...words);
    return bytes;
  });
}
