/** The model's allocations of single commands beside those of a real server, in order. traces/README.md has the source. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { COARSE_SIZE_CLASSES, newServer } from '../support/redis.js';

interface TracedCommand {
  /** Words; a pair is a character and how often it is repeated. */
  readonly command: readonly (string | readonly [string, number])[];
  /** 24: malloc, c64: calloc, r7>11: realloc, -24: free of what was asked for with 24. */
  readonly operations: string;
}

async function tracesOf(server: string): Promise<readonly TracedCommand[]> {
  const text = await readFile(new URL(`traces/${server}.json`, import.meta.url), 'utf8');
  return JSON.parse(text) as TracedCommand[];
}

function differences(version: string, traced: readonly TracedCommand[]): string[] {
  const { server, execute, operations } = newServer(version, {
    sizeClasses: COARSE_SIZE_CLASSES,
    isPipelined: false,
  });
  execute('PING');
  operations();
  const found: string[] = [];
  for (const { command, operations: expected } of traced) {
    const words = command.map((word) => (typeof word === 'string' ? word : word[0].repeat(word[1])));
    // Time passes between commands, but cron does not run.
    server.nowMs += 1;
    execute(...words);
    server.settle();
    const got = notation(operations());
    const patterns =
      server.version.containers.fieldExpiry === 'none' ? [...NOT_COMPARED, FIELD_EXPIRY] : NOT_COMPARED;
    if (patterns.some((pattern) => pattern.test(`${words.join(' ')} `))) continue;
    if (comparable(got) !== comparable(expected)) {
      found.push(
        `${words.join(' ').slice(0, 60)}\n  server ${comparable(expected)}\n  model  ${comparable(got)}`,
      );
    }
  }
  return found;
}

function notation(lines: readonly string[]): string {
  return lines
    .map((line) =>
      line
        .replace(/ \(.*/, '')
        .replace(/^malloc /, '')
        .replace(/^calloc /, 'c')
        .replace(/^realloc /, 'r')
        .replace(/^free /, '-'),
    )
    .join(' ');
}

/**
 * Commands whose allocations are not compared: those that a version refuses or that are not modelled, and those whose order
 * or sizes are drawn (hash seeds, levels of skiplist nodes) or that cron follows.
 */
const NOT_COMPARED = [
  /^CONFIG /,
  /^DEL k4 /,
  /^((UN)?WATCH|(UN)?SUBSCRIBE|EVAL|DUMP|XREADGROUP|SCAN|KEYS|FLUSHDB) /,
  /^ZADD z 3 /,
  /^MOVE /,
  // A key that is set twice keeps its first object until the end.
  /^MSETEX 2 a /,
];

/** Commands that versions without fields that expire refuse. */
const FIELD_EXPIRY = /^(HP?EXPIRE|HPERSIST|HTTL|HSETEX|HGETEX|HGETDEL) /;

/**
 * Leaves out what a hash seed draws (child buckets, and when a table that shrinks is through with its old array), cron's list
 * iterators, Lua's memory and the old size of reallocs.
 */
function comparable(text: string): string {
  return text
    .split(' ')
    .filter((word) => !/^(lib:.*|c64|-64|48|-48|1024|-16384|-(128|256|512|1024|2048|4096))$/.test(word))
    .map((word) => word.replace(/^r\d+>/, 'r'))
    .join(' ');
}

describe.each([
  ['valkey-8.1', 'valkey-8.1.1'],
  ['valkey-9.1', 'valkey-9.1.2'],
  ['valkey-9.1', 'valkey-9.1.2-fields'],
  ['valkey-9.1', 'valkey-9.1.2-newer'],
])('%s as %s', (version, recorded) => {
  test('each command asks for the same sizes in the same order', async () => {
    const found = differences(version, await tracesOf(recorded));
    expect(found.join('\n')).toBe('');
  });
});
