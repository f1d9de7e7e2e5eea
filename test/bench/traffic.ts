/** What `redis-benchmark -P 64 -r 1000000` sends, as commands for the model. */
import { type Command, type CommandBatch, emptyCommand } from '../../src/redis/command.js';
import { Random } from '../../src/trace/index.js';

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

/** `count` commands of 50 clients, each of which sends 64 at once when it is its turn. */
export function* batchesOf({ words, dataBytes }: Traffic, count: number): Generator<CommandBatch> {
  const random = new Random(1);
  const all = [...words, benchmarkData(dataBytes)];
  const commands = Array.from({ length: PIPELINE }, () => template(all));
  const number = words.findIndex((word) => word.endsWith(ZEROS));
  for (let sent = 0; sent < count; sent += PIPELINE) {
    for (const command of commands) {
      command.client = (sent / PIPELINE) % CLIENTS;
      if (number >= 0) writeNumber(command, number, random.below(KEY_SPACE));
    }
    yield { commands, count: Math.min(PIPELINE, count - sent) };
  }
}

const ZEROS = '0'.repeat(12);
/** The others stay zeros. */
const DIGITS = `${KEY_SPACE - 1}`.length;
const ZERO = 0x30;

function template(words: readonly string[]): Command {
  const command = emptyCommand();
  command.bytes = new Uint8Array(Buffer.from(words.join(''), 'latin1'));
  command.argumentCount = words.length;
  let at = 0;
  for (const [index, word] of words.entries()) {
    command.start[index] = at;
    command.length[index] = word.length;
    at += word.length;
  }
  return command;
}

/** As the last digits of the argument. */
function writeNumber({ bytes, start, length }: Command, index: number, value: number): void {
  const end = (start[index] as number) + (length[index] as number);
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
