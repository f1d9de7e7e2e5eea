import { argumentText, type Command } from '../commands/index.js';

/** Whether a client receives replies, which CLIENT REPLY changes. */
export type ReplyMode = 'on' | 'off' | 'skip';

/** Returns the mode that a command of the CLIENT container sets, or undefined if it sets none. */
export function replyModeSet(command: Command): ReplyMode | undefined {
  if (command.argumentCount !== 3 || argumentText(command, 1).toLowerCase() !== 'reply') return undefined;
  const mode = argumentText(command, 2).toLowerCase();
  return mode === 'on' || mode === 'off' || mode === 'skip' ? mode : undefined;
}
