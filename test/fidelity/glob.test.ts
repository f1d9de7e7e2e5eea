/** Names that a pattern matches are those that a real server's KEYS and CONFIG GET answer with. */
import { expect } from 'vitest';
import { globMatcher, latin1, latin1Bytes, Random } from '#slablab/src/base/index.js';
import { commandOf, respLength, writeResp } from '#slablab/src/resp/index.js';
import { Replies } from '#slablab/src/resp/reply-reader.js';
import { randomName, randomPattern } from '../base/support/random-glob.js';
import { Server } from '../input/support/server.js';
import { RawClient } from '../serve/support/servers.js';
import { withRealServer } from '../support/real-server.js';
import { printedSeed } from '../support/seed.js';

const NAMES = 400;
const PATTERNS = 3000;

withRealServer(`KEYS with ${PATTERNS} patterns finds the same of ${NAMES} names`, async (binary) => {
  const random = new Random(printedSeed('KEYS'));
  const names = Array.from({ length: NAMES }, () => randomName(random, 12));
  const patterns = Array.from({ length: PATTERNS }, () =>
    randomPattern(random, names[random.below(NAMES)] as Uint8Array),
  );
  await withClient(binary, async (client) => {
    for (const name of names) await asked(client, 'SET', name, 'v');
    const known = await asked(client, 'KEYS', '*');
    expect(known.length).toBeGreaterThan(NAMES / 2);
    let found = 0;
    for (const pattern of patterns) {
      const real = (await asked(client, 'KEYS', pattern)).sort();
      found += real.length;
      const matches = globMatcher(pattern);
      const own = known.filter((name) => matches(latin1Bytes(name))).sort();
      expect(own, JSON.stringify(latin1(pattern))).toEqual(real);
    }
    expect(found).toBeGreaterThan(PATTERNS);
  });
});

withRealServer('CONFIG GET finds the same names, whatever their case', async (binary) => {
  const random = new Random(printedSeed('CONFIG GET'));
  await withClient(binary, async (client) => {
    const known = namesOf(await asked(client, 'CONFIG', 'GET', '*'));
    for (let round = 0; round < 1000; round++) {
      const name = latin1Bytes(anyCase(random, known[random.below(known.length)] as string));
      // Without any of these a server looks the name up, and to C a zero byte ends the pattern.
      const pattern = randomPattern(random, name).filter((byte) => byte !== 0);
      if (!/[[*?]/.test(latin1(pattern))) continue;
      const matches = globMatcher(pattern, true);
      const own = known.filter((one) => matches(latin1Bytes(one)));
      const real = namesOf(await asked(client, 'CONFIG', 'GET', pattern));
      expect(own.sort(), JSON.stringify(latin1(pattern))).toEqual(real.sort());
    }
  });
});

async function withClient(binary: string, work: (client: RawClient) => Promise<void>): Promise<void> {
  const server = await Server.start(binary, []);
  const client = await RawClient.open(server.port);
  try {
    await work(client);
  } finally {
    client.close();
    await server.remove();
  }
}

async function asked(client: RawClient, ...words: readonly (string | Uint8Array)[]): Promise<string[]> {
  const command = commandOf(words);
  const bytes = new Uint8Array(respLength(command));
  writeResp(command, bytes, 0);
  const replies = new Replies();
  replies.keep();
  replies.add(latin1Bytes((await client.write(bytes).next()) ?? ''));
  return replies.takeTexts();
}

function namesOf(pairs: readonly string[]): string[] {
  return pairs.filter((_, index) => index % 2 === 0);
}

function anyCase(random: Random, name: string): string {
  return Array.from(name, (letter) => (random.below(2) === 0 ? letter : letter.toUpperCase())).join('');
}
