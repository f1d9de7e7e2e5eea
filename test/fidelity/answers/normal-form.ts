/** Replies in the form in which they are compared: the order of what lies in hash tables is a server's own. */
import { Buffer } from 'node:buffer';
import type { Words } from '../replies/lengths.js';
import { endOfReply } from './exchange.js';

/** Commands that say all there is in the order of its table; how many replies belong together. */
const UNORDERED: Readonly<Record<string, number>> = {
  SMEMBERS: 1,
  SUNION: 1,
  SINTER: 1,
  SDIFF: 1,
  SPOP: 1,
  SRANDMEMBER: 1,
  HKEYS: 1,
  HVALS: 1,
  HGETALL: 2,
  HRANDFIELD: 1,
  ZRANDMEMBER: 1,
  KEYS: 1,
  SCAN: 1,
  SSCAN: 1,
  HSCAN: 2,
  ZSCAN: 2,
};

/** The replies to the commands of a transaction. */
export function normalFormOfAll(queued: readonly Words[], reply: Uint8Array): string {
  const buffer = Buffer.from(reply);
  let at = buffer.indexOf('\r\n') + 2;
  if (!/^\*\d/.test(buffer.toString('latin1'))) return buffer.toString('latin1');
  let text = buffer.toString('latin1', 0, at);
  for (const words of queued) {
    const end = endOfReply(buffer, at);
    // What was queued is held on to by the queue as well.
    const isCount = /^OBJECT REFCOUNT/i.test(words.join(' '));
    text += isCount ? ':count\r\n' : normalForm(words, buffer.subarray(at, end), true);
    at = end;
  }
  return text;
}

/** A time of these years, which comes of a time from now on. */
const SOON = /^:1[78]\d{8}(?:\d{3})?\r\n$/;

/** A reply that may be compared with another server's; `isTable`: it says what is in a hash table. */
export function normalForm(words: Words, reply: Uint8Array, isTable: boolean): string {
  const buffer = Buffer.from(reply);
  const name = (words[0] ?? '').toUpperCase();
  const text = buffer.toString('latin1').replace(SOON, ':soon\r\n');
  if (name === 'HELLO') return text.replace(/(\bid\r\n:)\d+/, '$1number');
  if (name === 'TTL') return text.replace(/^:\d{10,}\r\n$/, ':long\r\n');
  const together = UNORDERED[name];
  if (together === undefined || !isTable || !/^[*~%]\d/.test(text)) return text;
  const isPaired = words.some((word) => /^WITH(VALUES|SCORES)$/i.test(word)) && /^\*/.test(text);
  if (!name.endsWith('SCAN')) return sorted(buffer, isPaired ? 2 : together);
  // A cursor, and then the list.
  const list = endOfReply(buffer, buffer.indexOf('\r\n') + 2);
  return buffer.toString('latin1', 0, list) + sorted(buffer.subarray(list), together);
}

/** The parts of an array in the order of their bytes. */
function sorted(buffer: Buffer, together: number): string {
  const head = buffer.indexOf('\r\n') + 2;
  const parts: string[] = [];
  for (let at = head; at < buffer.length; ) {
    const end = endOfReply(buffer, at);
    const part = buffer.subarray(at, end);
    parts.push(part.toString('latin1'));
    at = end;
  }
  const groups: string[] = [];
  for (let at = 0; at < parts.length; at += together) groups.push(parts.slice(at, at + together).join(''));
  return buffer.toString('latin1', 0, head) + groups.sort().join('');
}
