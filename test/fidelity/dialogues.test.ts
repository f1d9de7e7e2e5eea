/** What each of several clients receives is what it received from a real server. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DIALOGUES } from './dialogues/dialogues.js';
import { onStore } from './dialogues/on-store.js';
import type { Received } from './dialogues/steps.js';

const directory = new URL('dialogues/', import.meta.url);
const recordings = readdirSync(directory).filter((file) => file.endsWith('.json'));

test('servers of all lines were recorded', () => {
  const lines = recordings.map((file) => file.split('.').slice(0, 2).join('.'));
  expect(lines).toEqual(['redis-7.0', 'redis-8.0', 'redis-8.6', 'valkey-8.0', 'valkey-8.1', 'valkey-9.1']);
});

describe.each(recordings)('%s', (file) => {
  const recorded = JSON.parse(readFileSync(new URL(file, directory), 'utf8')) as Record<string, Received[]>;
  const server = file.split('.').slice(0, 2).join('.');

  test.each(Object.entries(DIALOGUES))('%s', (name, dialogue) => {
    expect(recorded[name]).toBeDefined();
    expect(onStore(server, dialogue)).toEqual(recorded[name]);
  });
});
