/**
 * Records dialogues/<server>.json from a server that listens on a port, whose data goes:
 *
 *   SLABLAB_RECORD_PORT=6379 npx vitest run --config test/fidelity/record.config.ts test/fidelity/dialogues.run.ts
 */
import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { DIALOGUES } from './dialogues/dialogues.js';
import { askServer, onServer } from './dialogues/on-server.js';
import type { Received } from './dialogues/steps.js';

test('records what clients of a server receive', async () => {
  const port = Number(process.env.SLABLAB_RECORD_PORT);
  const info = await askServer(port, 'INFO', 'server');
  const [, valkey] = /valkey_version:(\S+)/.exec(info) ?? [];
  const [, redis] = /redis_version:(\S+)/.exec(info) ?? [];
  const recorded: Record<string, Received[]> = {};
  for (const [name, dialogue] of Object.entries(DIALOGUES)) {
    await askServer(port, 'FLUSHALL');
    await askServer(port, 'CONFIG', 'SET', 'notify-keyspace-events', '');
    recorded[name] = await onServer(port, dialogue);
  }
  const server = valkey === undefined ? `redis-${redis}` : `valkey-${valkey}`;
  const url = new URL(`dialogues/${server}.json`, import.meta.url);
  await writeFile(url, `${JSON.stringify(recorded, null, 1)}\n`);
  expect(Object.keys(recorded).length).toBeGreaterThan(0);
});
