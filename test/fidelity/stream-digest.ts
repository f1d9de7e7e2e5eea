import { createHash } from 'node:crypto';
import type { Command } from '#slablab/src/commands/command.js';
import { respLength, writeResp } from '#slablab/src/resp/request-writer.js';
import { commandsOf, type FidelityStream } from './streams.js';

/** Of every command's bytes and time, so that figures are never held against a stream that has changed since. */
export function digestOf(stream: FidelityStream, see: (command: Command) => void = () => {}): string {
  const hash = createHash('sha256');
  for (const command of commandsOf(stream)) {
    const bytes = new Uint8Array(respLength(command));
    writeResp(command, bytes, 0);
    hash.update(bytes).update(`@${command.timeMs}\n`);
    see(command);
  }
  return hash.digest('hex');
}
