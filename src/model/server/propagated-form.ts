import type { Command, CommandInfo } from '../../commands/index.js';
import type { Rewriting } from '../client/index.js';

/** Digits of a time in milliseconds since 1970. */
const TIME = 13;
/** Usual length of a stream entry's ID that XADD generates: milliseconds and a number. */
const ENTRY = 15;
/** Usual length of a word taken from the value, such as a random member, whose real length is unknown here. */
const MADE_UP = 8;

/** The names under which commands are propagated whose name is replaced. */
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
 * Returns the lengths of the words of a propagated command. They are exact for words that the client sent. The new
 * words of a rewritten command get usual lengths.
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
    // This is DEL, UNLINK or PERSIST with the key alone.
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
