/**
 * CONFIG GET has the names and the defaults of each server: parameters/*.json is what `CONFIG GET *` of a server of that
 * release replied after its start, without the places of the machine.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { asking } from '../store/support.js';

interface Recorded {
  readonly parameters: Readonly<Record<string, string>>;
  readonly hidden: Readonly<Record<string, string>>;
}

const directory = new URL('parameters/', import.meta.url);
const files = readdirSync(directory);

test('servers of all lines were recorded', () => {
  const lines = files.map((file) => file.split('.').slice(0, 2).join('.'));
  expect(lines).toEqual(['redis-7.0', 'redis-8.0', 'redis-8.6', 'valkey-8.0', 'valkey-8.1', 'valkey-9.1']);
});

/** Reads a reply of names and values. */
function pairsOf(reply: string): Record<string, string> {
  const texts = [...reply.matchAll(/\$\d+\r\n(.*)\r\n/g)].map(([, text]) => text!);
  return Object.fromEntries(texts.flatMap((name, at) => (at % 2 === 0 ? [[name, texts[at + 1]!]] : [])));
}

describe.each(files)('%s', (file) => {
  const { parameters, hidden } = JSON.parse(readFileSync(new URL(file, directory), 'utf8')) as Recorded;
  const { ask, connect } = asking(file.split('.').slice(0, 2).join('.'));
  const session = connect();

  test('CONFIG GET * has the names and defaults', () => {
    const own = pairsOf(ask(session, 'CONFIG', 'GET', '*'));
    expect(Object.fromEntries(Object.entries(own).sort())).toEqual(parameters);
  });

  test('hidden parameters are there by name, and no pattern has them', () => {
    for (const [name, value] of Object.entries(hidden)) {
      expect(pairsOf(ask(session, 'CONFIG', 'GET', name.toUpperCase()))).toEqual({ [name]: value });
      expect(pairsOf(ask(session, 'CONFIG', 'GET', `${name}*`))[name]).toBeUndefined();
    }
  });

  test('a name and a pattern that has it give it once', () => {
    expect(Object.keys(pairsOf(ask(session, 'CONFIG', 'GET', 'maxmemory', 'maxm[e]mory')))).toEqual([
      'maxmemory',
    ]);
    expect(ask(session, 'CONFIG', 'GET', 'nosuch', 'k[z]')).toBe('*0\r\n');
  });
});

test('a setting of other servers is unknown', () => {
  const { ask, connect } = asking('redis-7.0');
  expect(ask(connect(), 'CONFIG', 'SET', 'stream-idmp-duration', '5')).toMatch(/^-ERR Unknown option/);
});
