import type { Command } from '../../commands/index.js';
import { RespParser } from '../../resp/index.js';
import { refuseIncomplete } from './resp-input.js';

/**
 * Reads commands from a Readable (standard input, a socket) or another sequence of chunks. Every step refills the same
 * command. `name` is used in messages.
 */
export async function* readCommands(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  name: string,
): AsyncGenerator<Command, void> {
  const parser = new RespParser(name);
  for await (const chunk of chunks) {
    parser.feed(chunk);
    while (parser.next()) yield parser.command;
  }
  refuseIncomplete(parser);
}
