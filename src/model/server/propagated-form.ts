import type { Command, CommandInfo } from '../../commands/index.js';
import type { Rewriting } from '../client/index.js';

/** Milliseconds since 1970. */
const TIME = 13;
/** An entry of a stream, as XADD makes it up: milliseconds and a number. */
const ENTRY = 15;
/** A word that is made up of the value, such as a member that was drawn: nobody knows here how long it is. */
const MADE_UP = 8;

/** The names under which a command is propagated if not under its own, one word or another of it being replaced. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['expire', 'pexpireat'],
  ['pexpire', 'pexpireat'],
  ['expireat', 'pexpireat'],
  ['getex', 'pexpireat'],
  ['hincrbyfloat', 'hset'],
  ['incrbyfloat', 'set'],
  ['setex', 'set'],
  ['psetex', 'set'],
  ['getset', 'set'],
  ['spop', 'srem'],
  ['geoadd', 'zadd'],
]);
const TIMES = new Set(['expire', 'pexpire', 'expireat', 'pexpireat', 'getex', 'restore']);

/**
 * Lengths of the words of a command as replicas get it: exact where it is as the client sent it; a rewritten one's new
 * words are as long as such words usually are.
 */
export function propagatedLengths(
  { name }: CommandInfo,
  { argumentCount, length }: Command,
  rewriting: Rewriting | undefined,
): number[] {
  const lengthOf = (index: number) => length[index]!;
  const ownName = (NAMES.get(name) ?? name).length;
  if (rewriting?.vector !== undefined) {
    const { slots, kept } = rewriting.vector;
    const lengths = kept.map(lengthOf);
    if (lengths.length === slots) return lengths;
    // DEL, or UNLINK, or PERSIST: of the key alone.
    if (slots === 2) return ['DEL'.length, ...lengths];
    lengths.unshift(ownName);
    if (slots === 5 && lengths.length === 3) return [...lengths, 'PXAT'.length, TIME];
    while (lengths.length < slots) lengths.push(TIMES.has(name) ? TIME : MADE_UP);
    return lengths;
  }
  const lengths = Array.from({ length: argumentCount }, (_, index) => lengthOf(index));
  for (const index of rewriting?.replaced ?? []) {
    if (index === 0) lengths[0] = ownName;
    else if (TIMES.has(name)) lengths[index] = TIME;
    else if (name === 'xadd') lengths[index] = Math.max(ENTRY, lengthOf(index));
  }
  return lengths;
}
