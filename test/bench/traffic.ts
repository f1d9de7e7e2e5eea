/** What `redis-benchmark -P 64 -r 1000000` sends, as commands for the model. */

import { Random } from '#slablab/src/base/index.js';
import { type Command, type CommandBatch, emptyCommand } from '../../src/commands/command.js';
export const PIPELINE = 64;
export const CLIENTS = 50;
export const KEY_SPACE = 1_000_000;

export interface Traffic {
  readonly name: string;
  /** What redis-benchmark is given. */
  readonly test: string;
  readonly dataBytes: number;
  /** The command's words; 12 zeros stand for a random number, each time another. */
  readonly words: readonly string[];
}

export const TRAFFICS: readonly Traffic[] = [
  { name: 'SET, 100 bytes', test: 'set', dataBytes: 100, words: ['SET', 'key:000000000000'] },
  { name: 'SET, 1,000 bytes', test: 'set', dataBytes: 1000, words: ['SET', 'key:000000000000'] },
  { name: 'HSET', test: 'hset', dataBytes: 3, words: ['HSET', 'myhash', 'element:000000000000'] },
  { name: 'LPUSH', test: 'lpush', dataBytes: 3, words: ['LPUSH', 'mylist'] },
];

/**
 * `count` commands of 50 clients, each of which sends 64 at once when it is its turn. All that they say is prepared
 * before the first is asked for: that is redis-benchmark's work, which it does on a core of its own.
 */
export function batchesOf({ words, dataBytes }: Traffic, count: number): Iterable<CommandBatch> {
  const number = words.findIndex((word) => word.endsWith(ZEROS));
  const all = [...words, benchmarkData(dataBytes)];
  const same = Buffer.from(all.join(''), 'latin1');
  const numbered = Buffer.from(words[number] ?? '', 'latin1');
  const bytes = new Uint8Array(same.length + count * numbered.length);
  bytes.set(same);
  const random = new Random(1);
  for (let at = same.length; at < bytes.length; at += numbered.length) {
    bytes.set(numbered, at);
    writeNumber(bytes, at + numbered.length, random.below(KEY_SPACE));
  }
  const commands = Array.from({ length: PIPELINE }, () => commandOf(all, bytes));
  return sentInTurn(commands, count, { number, first: same.length, length: numbered.length });
}

/** Where the words are that each command has for itself: its argument, the first one's place, the length of each. */
interface Numbered {
  readonly number: number;
  readonly first: number;
  readonly length: number;
}

function* sentInTurn(
  commands: readonly Command[],
  count: number,
  { number, first, length }: Numbered,
): Generator<CommandBatch> {
  let at = first;
  for (let sent = 0; sent < count; sent += PIPELINE) {
    const client = (sent / PIPELINE) % CLIENTS;
    for (const command of commands) {
      command.client = client;
      if (number < 0) continue;
      command.start[number] = at;
      at += length;
    }
    yield { commands, count: Math.min(PIPELINE, count - sent) };
  }
}

const ZEROS = '0'.repeat(12);
/** The others stay zeros. */
const DIGITS = `${KEY_SPACE - 1}`.length;
const ZERO = 0x30;

/** `bytes` begin with its words. */
function commandOf(words: readonly string[], bytes: Uint8Array): Command {
  const command = emptyCommand();
  command.bytes = bytes;
  command.argumentCount = words.length;
  let at = 0;
  for (const [index, word] of words.entries()) {
    command.start[index] = at;
    command.length[index] = word.length;
    at += word.length;
  }
  return command;
}

/** As the digits that end there. */
function writeNumber(bytes: Uint8Array, end: number, value: number): void {
  let left = value;
  for (let at = end - 1; at >= end - DIGITS; at--) {
    const tenth = (left / 10) | 0;
    bytes[at] = ZERO + left - tenth * 10;
    left = tenth;
  }
}

/** Its random data is the same in each run: the C standard's example generator, started at 1234. */
function benchmarkData(length: number): string {
  let state = 1234;
  let data = '';
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    data += String.fromCharCode(ZERO + ((state >>> 16) & 63));
  }
  return data;
}
