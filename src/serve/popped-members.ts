import { latin1, latin1Bytes } from '../base/index.js';
import { commandOf, respLength, writeResp } from '../resp/index.js';
import { readReply } from '../resp/node.js';
import { isUnsupported } from '../store/index.js';

/**
 * Returns what the model carries out instead of a command, by its reply: SREM for an SPOP, and nothing for an SPOP that
 * popped nothing or a command that the store does not support. Undefined is the command itself.
 */
export function poppedMembers(args: readonly Uint8Array[], reply: Uint8Array): Uint8Array | undefined {
  if (isUnsupported(reply)) return new Uint8Array();
  const [name, key] = args;
  if (name?.length !== 4 || key === undefined || latin1(name).toLowerCase() !== 'spop') return undefined;
  const { isError, isStatus, isNull, texts } = readReply(reply);
  // A status is +QUEUED. In a transaction, each side chooses the members itself.
  if (isError || isStatus) return undefined;
  if (isNull || texts.length === 0) return new Uint8Array();
  const members = texts.map(latin1Bytes);
  const removal = commandOf(['SREM', key, ...members]);
  const bytes = new Uint8Array(respLength(removal));
  writeResp(removal, bytes, 0);
  return bytes;
}
