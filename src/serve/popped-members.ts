import { latin1, latin1Bytes } from '../base/index.js';
import { commandOf, respLength, writeResp } from '../resp/index.js';
import { readReply } from '../resp/node.js';

/** Returns the SREM to model instead of an SPOP; empty if it popped nothing, undefined for other commands. */
export function poppedMembers(args: readonly Uint8Array[], reply: Uint8Array): Uint8Array | undefined {
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
