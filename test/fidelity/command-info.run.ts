/**
 * Records the command table of a running server in command-info/:
 *
 *   SLABLAB_RECORD_PORT=6379 SLABLAB_RECORD_BUILT='Debian 12' \
 *     npx vitest run --config test/fidelity/record.config.ts test/fidelity/command-info.run.ts
 */
import { writeFile } from 'node:fs/promises';
import { Redis } from 'ioredis';
import { test } from 'vitest';
import { COMMAND_INFO_SCHEMA, factsOfReply, type RecordedCommands, rowsOfReply } from './command-info.js';

const { SLABLAB_RECORD_PORT: port, SLABLAB_RECORD_BUILT: built } = process.env;

test('COMMAND INFO of every command', async () => {
  if (port === undefined || built === undefined) {
    throw new Error(
      'set SLABLAB_RECORD_PORT to the port of a server, and SLABLAB_RECORD_BUILT to its origin',
    );
  }
  const client = new Redis(Number(port));
  try {
    const info = await client.info('server');
    const valkey = /^valkey_version:(\S+)/m.exec(info)?.[1];
    const redis = /^redis_version:(\S+)/m.exec(info)?.[1];
    const server = valkey === undefined ? `redis-${redis}` : `valkey-${valkey}`;
    const reply = await client.call('COMMAND');
    const rows = rowsOfReply(reply);
    const recording: RecordedCommands = { schema: COMMAND_INFO_SCHEMA, server, built, commands: rows };
    await writeFile(new URL(`command-info/${server}.json`, import.meta.url), formatted(recording));
    const facts = factsOfReply(reply).map((line) => `${line}\n`);
    await writeFile(new URL(`command-info/${server}.tsv`, import.meta.url), facts.join(''));
  } finally {
    client.disconnect();
  }
});

/** Returns the document with one line a command, so that a diff shows what differs. */
function formatted({ commands, ...head }: RecordedCommands): string {
  const lines = commands.map((row) => `    ${JSON.stringify(row)}`);
  return `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "commands": [\n${lines.join(',\n')}\n  ]\n}\n`;
}
