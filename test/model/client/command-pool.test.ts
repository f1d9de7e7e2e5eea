/** Commands that are parsed before the one in front of them runs, in the versions that keep a pool of their records. */
import { expect, test } from 'vitest';
import { type Command, CommandWriter, copyOfCommand } from '#slablab/src/commands/index.js';
import { newServer, type TestServer } from '../../support/redis.js';

const VERSION = 'redis-8.6';
const RECORD = 'malloc 144 (argument array)';
const FREED_RECORD = 'free 144 (argument array)';
const VALUE_BYTES = 1000;
/** What the argument object of a name of 9 bytes asks for, and what a new key of that name asks for. */
const NAME = 'malloc 29 (argument object)';

function sets(count: number): Command[] {
  const writer = new CommandWriter();
  return Array.from({ length: count }, (_, index) =>
    copyOfCommand(writer.words('SET', `key:${String(index).padStart(5, '0')}`, 'x'.repeat(VALUE_BYTES))),
  );
}

/** Runs commands that arrive as fast as they are read, and returns what they ask for. */
function pipelined({ server, operations, chunks }: TestServer, commands: readonly Command[]): string[] {
  const lines = operations();
  for (const _ of server.run(commands)) chunks();
  return [...lines, ...operations()];
}

function ran(commands: readonly Command[]): string[] {
  const lab = newServer(VERSION);
  lab.execute('PING');
  lab.server.settle();
  lab.operations();
  return pipelined(lab, commands);
}

const count = (lines: readonly string[], line: string) => lines.filter((other) => other === line).length;

test('sixteen commands are parsed before the first of them runs', () => {
  const lines = ran(sets(40));
  const firstRuns = lines.findIndex((line) => !line.includes('argument'));
  expect(count(lines.slice(0, firstRuns), NAME)).toBe(16);
  // PING has left one record in the pool.
  expect(count(lines, RECORD)).toBe(15);
});

test('the records stay for further commands, up to sixteen of them', () => {
  const lines = ran(sets(200));
  expect(count(lines, RECORD) - count(lines, FREED_RECORD)).toBeLessThanOrEqual(16);
});

test('a record with a large array is freed after its command', () => {
  const writer = new CommandWriter();
  const words = (length: number) => ['DEL', ...Array.from({ length }, (_, index) => `none:${index}`)];
  const few = ran([copyOfCommand(writer.words(...words(62)))]);
  expect(count(few, FREED_RECORD)).toBe(0);
  const many = ran([copyOfCommand(writer.words(...words(63)))]);
  expect(count(many, FREED_RECORD)).toBe(1);
});

test('a command that waits for EXEC keeps its record until then', () => {
  const lab = newServer(VERSION);
  lab.execute('MULTI');
  lab.operations();
  lab.execute('SET', 'a', 'b');
  lab.execute('SET', 'c', 'd');
  const queued = lab.operations();
  expect(queued).toContain('malloc 16 (transaction)');
  // The pool had the record of MULTI.
  expect(count(queued, RECORD)).toBe(1);
  lab.execute('EXEC');
  expect(count(lab.operations(), FREED_RECORD)).toBe(2);
});

test('clients share the records', () => {
  const lab = newServer(VERSION);
  lab.executeAs(0, 0, 'SET', 'a', 'b');
  lab.server.settle();
  lab.operations();
  lab.executeAs(1, 0, 'SET', 'c', 'd');
  expect(count(lab.operations(), RECORD)).toBe(0);
});

test('cron frees half of the records of a pool that is no longer used, down to sixteen', () => {
  const lab = newServer(VERSION);
  for (let client = 1; client <= 30; client++) lab.executeAs(client, 0, 'BLPOP', 'queue', '1');
  lab.server.advanceTo(1500);
  lab.operations();
  lab.server.advanceTo(10_000);
  const idle = lab.operations();
  expect(count(idle, FREED_RECORD)).toBe(14);
  expect(idle).toContain('realloc 128 (argument array)');
});
