/** What a server answers to each command, as a number of bytes: by a real one, and by the model. */
import type { ServerOptions } from '#slablab/src/model/server/redis-server.js';
import { newServer } from '../../support/redis.js';
import { repliesOf } from '../answers/exchange.js';

export type Words = readonly string[];

/** Bytes of each reply of a server on that port, to one client. RESP2. */
export async function replyLengths(port: number, commands: readonly Words[]): Promise<number[]> {
  return (await repliesOf(port, commands)).map(({ length }) => length);
}

/** Bytes of each reply of the model. */
export function modelReplyLengths(
  version: string,
  commands: readonly Words[],
  options: Partial<ServerOptions> = {},
): number[] {
  const { server, execute } = newServer(version, options);
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
