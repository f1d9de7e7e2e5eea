import { describe, expect, test } from 'vitest';
import type { Command } from '#slablab/src/commands/command.js';
import { commandOf, respOf } from '#slablab/src/resp/request-writer.js';
import { READ_BYTES, type Read, reads } from '#slablab/src/verify/reads.js';

async function all(commands: Iterable<Command>): Promise<Read[]> {
  const result: Read[] = [];
  for await (const read of reads(commands)) result.push(read);
  return result;
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

describe('RESP', () => {
  test('encodes words and bytes, with lengths in bytes', () => {
    expect(text(respOf('SET', 'a', ''))).toBe('*3\r\n$3\r\nSET\r\n$1\r\na\r\n$0\r\n\r\n');
    expect(respOf('é').length).toBe('*1\r\n$2\r\n..\r\n'.length);
    expect(text(respOf('ECHO', 'x'.repeat(1000)))).toContain('$1000\r\nxxx');
  });
});

describe('reads', () => {
  const set = (index: number, timeMs = 0, client = 0) =>
    commandOf(['SET', `key:${index}`, 'v'.repeat(90)], client, timeMs);

  test('have 16 KiB each, and contain every command once', async () => {
    const pieces = await all(Array.from({ length: 1000 }, (_, index) => set(index)));
    expect(pieces.slice(0, -1).every(({ bytes }) => bytes.length === READ_BYTES)).toBe(true);
    expect(pieces.reduce((sum, { commands }) => sum + commands, 0)).toBe(1000);
    const sent = text(Buffer.concat(pieces.map(({ bytes }) => bytes)));
    expect(sent.split('SET').length - 1).toBe(1000);
    expect(sent.startsWith('*3\r\n$3\r\nSET\r\n$5\r\nkey:0\r\n$90\r\n')).toBe(true);
  });

  test('a command that ends at the end of a read is complete in it', async () => {
    const head = respOf('SET', 'k', 'v'.repeat(10_000)).length - 10_000;
    const exact = commandOf(['SET', 'k', 'v'.repeat(READ_BYTES - head)]);
    expect((await all([exact])).map(({ bytes, commands }) => [bytes.length, commands])).toEqual([
      [READ_BYTES, 1],
    ]);
  });

  test('a long argument fills reads that complete no command', async () => {
    const pieces = await all([commandOf(['SET', 'k', 'v'.repeat(3 * READ_BYTES)])]);
    expect(pieces.map(({ commands }) => commands)).toEqual([0, 0, 0, 1]);
  });

  test('end when the client or the time changes', async () => {
    const pieces = await all([set(0), set(1), set(2, 5), set(3, 5, 1), set(4, 5, 0)]);
    expect(pieces.map(({ client, timeMs, commands }) => [client, timeMs, commands])).toEqual([
      [0, 0, 2],
      [0, 5, 1],
      [1, 5, 1],
      [0, 5, 1],
    ]);
  });

  test('are empty without commands', async () => {
    expect(await all([])).toEqual([]);
  });

  test('name the places of XADD among the commands that they complete', async () => {
    const add = (bytes: number) => commandOf(['xadd', 's', '*', 'f', 'x'.repeat(bytes)]);
    const pieces = await all([set(1), add(10), set(2), add(READ_BYTES), add(1), set(3)]);
    expect(pieces.map(({ commands, entries }) => [commands, entries])).toEqual([
      [3, [1]],
      [3, [0, 1]],
    ]);
  });
});
