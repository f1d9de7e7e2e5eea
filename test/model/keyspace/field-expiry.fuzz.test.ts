/** Fields that expire in the model: replies, accounts and what is left when all of them are gone. */
import { describe, expect, test } from 'vitest';
import { typeProfile } from '#slablab/src/analysis/type-profile.js';
import { Random } from '#slablab/src/base/index.js';
import { MemoryAccounts } from '#slablab/src/model/index.js';
import { fieldCommands } from '../../fidelity/field-answers/forms.js';
import { modelReplyLengths } from '../../fidelity/replies/lengths.js';
import { asking } from '../../store/support.js';
import { accountedServer } from '../../support/accounted-server.js';
import { newServer } from '../../support/redis.js';
import { printedSeed } from '../../support/seed.js';
import { slotServer } from '../../support/slot-server.js';

const VERSIONS = ['redis-8.0', 'redis-8.6', 'valkey-9.1'];
const TAGS = ['{a}', '{b}'];

/** Hashes whose fields come with times from now to three minutes, on which all commands work. */
function words(random: Random, nowMs: number): string[] {
  const key = () => `${TAGS[random.below(TAGS.length)]!}h${random.below(3)}`;
  const field = () =>
    `f${random.below(random.below(4) === 0 ? 400 : 30)}`.padEnd(random.below(9) === 0 ? 70 : 1, '.');
  const value = () => 'v'.repeat(random.below(random.below(5) === 0 ? 150 : 30));
  const when = () => `${nowMs + random.below(random.below(3) === 0 ? 180_000 : 40)}`;
  const many = () => `${nowMs + 100_000 + random.below(3) * 7}`;
  const choices: readonly (() => string[])[] = [
    () => ['HSETEX', key(), 'PXAT', when(), 'FIELDS', '2', field(), value(), field(), value()],
    () => ['HSETEX', key(), 'PXAT', many(), 'FIELDS', '2', field(), value(), field(), value()],
    () => ['HSETEX', key(), 'KEEPTTL', 'FIELDS', '1', field(), value()],
    () => ['HPEXPIREAT', key(), when(), 'FIELDS', '3', field(), field(), field()],
    () => ['HPEXPIREAT', key(), many(), 'FIELDS', '3', field(), field(), field()],
    () => ['HPERSIST', key(), 'FIELDS', '2', field(), field()],
    () => ['HSET', key(), field(), value(), field(), value()],
    () => ['HDEL', key(), field(), field()],
    () => ['HGETDEL', key(), 'FIELDS', '2', field(), field()],
    () => ['HGETEX', key(), 'PXAT', when(), 'FIELDS', '2', field(), field()],
    () => ['HGET', key(), field()],
    () => ['HINCRBY', key(), field(), '7'],
    () => ['HGETALL', key()],
    () => ['COPY', `{a}h${random.below(3)}`, `{a}h${random.below(3)}`, 'REPLACE'],
    () => ['RENAME', `{b}h${random.below(3)}`, `{b}h${random.below(3)}`],
    () => ['EXPIRE', key(), '1000'],
    () => (random.below(6) === 0 ? ['DEL', key()] : ['HLEN', key()]),
    () => (random.below(20) === 0 ? ['SET', key(), value()] : ['HTTL', key(), 'FIELDS', '1', field()]),
    () =>
      random.below(60) === 0 ? ['FLUSHALL', random.below(2) === 0 ? 'ASYNC' : 'SYNC'] : ['HKEYS', key()],
  ];
  return choices[random.below(choices.length)]!();
}

describe.each(VERSIONS)('%s', (version) => {
  test('replies are as long as those of the store', () => {
    const sent = [...fieldCommands(new Random(printedSeed(version)), 4000)];
    const { connect, ask } = asking(version);
    const session = connect();
    const own = sent.map((command) => ask(session, ...command).length);
    const model = modelReplyLengths(version, sent);
    const different = sent.flatMap((command, at) =>
      own[at] === model[at]
        ? []
        : [`#${at} ${command.join(' ').slice(0, 150)}: ${own[at]}, the model ${model[at]}`],
    );
    expect(different).toEqual([]);
  });

  test('bytes by slot are what a walk finds, while fields expire', () => {
    const random = new Random(printedSeed(version));
    const redis = slotServer(version);
    let timeMs = 0;
    for (let count = 0; count < 12_000; count++) {
      if (random.below(4) === 0) timeMs += random.below(60);
      const command = words(random, redis.server.epochMs + timeMs);
      redis.executeAs(0, timeMs, ...command);
      const wrong = redis.verify(...TAGS);
      if (wrong.length > 0) expect(wrong, `#${count} ${command.join(' ')}`).toEqual([]);
    }
    expect(redis.verifyAll()).toEqual([]);
  });

  test('what the accounts say is what the engine holds, and nothing is left of fields when all are gone', async () => {
    const random = new Random(printedSeed(version));
    const redis = await accountedServer(version);
    let timeMs = 0;
    let most = 0;
    const copy = () => typeProfile(redis.memoryAccounts.copy());
    for (let count = 0; count < 6000; count++) {
      if (random.below(4) === 0) timeMs += random.below(60);
      redis.executeAs(0, timeMs, ...words(random, redis.server.epochMs + timeMs));
      if (count % 100 === 0) most = Math.max(most, copy().hashMetadataBytes);
    }
    expect(most).toBeGreaterThan(100);
    const held = await redis.engineBytes();
    const { bytes } = redis.memoryAccounts.sums();
    expect([...held]).toEqual([...bytes]);
    redis.executeAs(0, timeMs, 'FLUSHALL', 'SYNC');
    expect(copy().types.hash).toEqual({ keys: 0, bytes: 0 });
    // The struct of the table of hashes stays.
    expect(copy().hashMetadataBytes).toBeLessThan(200);
    await redis.engine.close();
  });

  test('a cycle of cron deletes all fields that have expired, and hashes with their last one', () => {
    const accounts = new MemoryAccounts();
    const { server, executeAs } = newServer(version, { accounts });
    const at = (ms: number) => `${server.epochMs + ms}`;
    for (let key = 0; key < 50; key++) {
      for (let field = 0; field < 200; field++) {
        executeAs(0, 0, 'HSETEX', `h${key}`, 'PXAT', at(500 + field), 'FIELDS', '1', `f${field}`, 'v');
      }
      if (key % 2 === 0) executeAs(0, 0, 'HSET', `h${key}`, 'stays', 'v');
    }
    server.advanceTo(5000);
    expect(server.databases[0]!.size).toBe(25);
    const { hashMetadataBytes, types } = typeProfile(accounts.copy());
    expect(types.hash.keys).toBe(25);
    // A listpack keeps the struct in front of it.
    expect(hashMetadataBytes).toBeLessThanOrEqual(25 * 32);
  });
});
