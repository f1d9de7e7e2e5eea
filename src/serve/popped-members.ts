import { latin1, latin1Bytes } from '../base/index.js';
import { commandOf, respLength, writeResp } from '../resp/index.js';
import { Replies } from '../resp/node.js';
/** Returns the SREM to model instead of an SPOP; empty if it popped nothing, undefined for other commands. */
export function poppedMembers(args: readonly Uint8Array[], reply: Uint8Array): Uint8Array | undefined {
  const [name, key] = args;
  if (name?.length !== 4 || key === undefined || latin1(name).toLowerCase() !== 'spop') return undefined;
  // The reply is an error or +QUEUED. In a transaction, each side chooses the members itself.
  if (reply[0] === 0x2d || reply[0] === 0x2b) return undefined;
  if (isNull(reply)) return new Uint8Array();
  const replies = new Replies();
  replies.keep();
  replies.add(reply);
  const members = replies.takeTexts().map(latin1Bytes);
  if (members.length === 0) return new Uint8Array();
  const removal = commandOf(['SREM', key, ...members]);
  const bytes = new Uint8Array(respLength(removal));
  writeResp(removal, bytes, 0);
  return bytes;
}

function isNull(reply: Uint8Array): boolean {
  return reply[0] === 0x5f || (reply[0] === 0x24 && reply[1] === 0x2d);
}
