/** A standalone lab in cluster mode: `slablab serve --set cluster-enabled=yes`, with statistics of slots. */
import { describe, expect, test } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { parseServerSettings } from '#slablab/src/model/index.js';
import type { Standalone } from '#slablab/src/serve/standalone.js';
import { repliesOf } from '../fidelity/answers/exchange.js';
import { printedSeed } from '../support/seed.js';
import { slotOf } from '../support/slot-server.js';
import { RawClient, withStandalone } from './support/servers.js';

type Words = readonly string[];

interface Cluster {
  readonly standalone: Standalone;
  /** Sends commands in order; returns the reply to the last one. */
  send(...commands: readonly Words[]): Promise<string>;
  memory(key: string): Promise<number>;
  keys(key: string): Promise<number>;
  verify(key: string): Promise<string>;
}

function withCluster(work: (cluster: Cluster) => Promise<void>, ...set: readonly string[]): Promise<void> {
  const serverSettings = parseServerSettings(['cluster-enabled=yes', ...set]);
  return withStandalone(
    (standalone) => {
      const send = async (...commands: readonly Words[]) =>
        (await repliesOf(standalone.port, commands)).at(-1)!.toString('latin1');
      const figure = async (key: string, name: string) => {
        const slot = `${slotOf(key)}`;
        const reply = await send(['CLUSTER', 'SLOT-STATS', 'SLOTSRANGE', slot, slot]);
        return Number(new RegExp(`${name}\r\n:(\\d+)`).exec(reply)?.[1]);
      };
      return work({
        standalone,
        send,
        memory: (key) => figure(key, 'memory-logical-bytes'),
        keys: (key) => figure(key, 'key-count'),
        verify: (key) => send(['DEBUG', 'SLOT-VERIFY-MEMORY', `${slotOf(key)}`]),
      });
    },
    { server: 'valkey-8.0', serverSettings },
  );
}

const OK = '+OK\r\n';
const numbered = (count: number, words: (number: number) => Words) =>
  Array.from({ length: count }, (_, number) => words(number));

describe('statistics of slots over a connection', () => {
  test('strings: SET, overwriting, integers, DEL', () =>
    withCluster(async ({ send, memory, keys, verify }) => {
      await send(['SET', 'k', 'x'.repeat(100)]);
      const first = await memory('k');
      expect(first).toBeGreaterThanOrEqual(100);
      await send(['SET', 'k', 'x'.repeat(1000)]);
      expect(await memory('k')).toBeGreaterThan(first + 800);
      await send(['SET', 'k', '12345']);
      expect(await memory('k')).toBeLessThan(first);
      expect(await verify('k')).toBe(OK);
      await send(['DEL', 'k']);
      expect([await memory('k'), await keys('k')]).toEqual([0, 0]);
    }));

  test('containers grow and shrink', () =>
    withCluster(async ({ send, memory, verify }) => {
      for (const [key, grow, shrink] of [
        ['h', (n: number) => ['HSET', 'h', `f${n}`, 'v'.repeat(20)], (n: number) => ['HDEL', 'h', `f${n}`]],
        ['s', (n: number) => ['SADD', 's', `m${n}`], (n: number) => ['SREM', 's', `m${n}`]],
        ['l', (n: number) => ['RPUSH', 'l', `element-${n}`], () => ['LPOP', 'l']],
        ['z', (n: number) => ['ZADD', 'z', `${n}`, `m${n}`], () => ['ZPOPMIN', 'z']],
        [
          'x',
          (n: number) => ['XADD', 'x', `${n + 1}-1`, 'f', 'v'.repeat(100)],
          () => ['XTRIM', 'x', 'MAXLEN', '50'],
        ],
      ] as const) {
        for (let at = 0; at < 4; at++) {
          await send(...numbered(50, (number) => grow(at * 50 + number)));
          expect(await verify(key), key).toBe(OK);
        }
        const grown = await memory(key);
        await send(...numbered(150, (number) => shrink(number)));
        expect(await memory(key), key).toBeLessThan(grown);
        expect(await verify(key), key).toBe(OK);
      }
    }));

  test('slots are independent, and keys of one slot add up', () =>
    withCluster(async ({ send, memory, keys }) => {
      await send(['SET', 'a', 'x'.repeat(50)], ['SET', 'b', 'x'.repeat(50)]);
      const b = await memory('b');
      await send(['DEL', 'a']);
      expect([await memory('a'), await memory('b')]).toEqual([0, b]);
      await send(['SET', '{b}1', 'x'.repeat(50)], ['HSET', '{b}2', 'f', 'v'], ['SADD', '{b}3', 'm']);
      expect(await memory('b')).toBeGreaterThan(2 * b);
      expect(await keys('b')).toBe(4);
      const order = await send([
        'CLUSTER',
        'SLOT-STATS',
        'ORDERBY',
        'memory-logical-bytes',
        'LIMIT',
        '1',
        'DESC',
      ]);
      expect(order).toContain(`:${slotOf('b')}\r\n`);
      expect(await send(['FLUSHALL'])).toBe(OK);
      expect([await memory('b'), await keys('b')]).toEqual([0, 0]);
      await send(['SET', 'b', 'y'], ['FLUSHDB', 'SYNC'], ['SET', '{b}4', 'z']);
      expect(await keys('b')).toBe(1);
    }));

  test('a transaction, and an overwritten key that had expired', () =>
    withCluster(async ({ send, memory, keys, verify }) => {
      await send(
        ['MULTI'],
        ['SET', '{t}k', 'v'],
        ...numbered(50, (number) => ['HSET', '{t}h', `f${number}`, 'v']),
        ...numbered(50, (number) => ['SADD', '{t}s', `m${number}`]),
        ...numbered(50, (number) => ['RPUSH', '{t}l', `e${number}`]),
        ['EXEC'],
      );
      expect(await keys('{t}')).toBe(4);
      expect(await verify('{t}')).toBe(OK);
      await send(['DEBUG', 'SET-ACTIVE-EXPIRE', '0'], ['SET', 'e', 'x'.repeat(500), 'PX', '20']);
      expect(await send(['DEBUG', 'SLEEP', '0.05'], ['SET', 'e', 'y'])).toBe(OK);
      expect(await verify('e')).toBe(OK);
      expect(await memory('e')).toBeLessThan(100);
      await send(['SET', 'e', 'x', 'PX', '20'], ['DEBUG', 'SET-ACTIVE-EXPIRE', '1']);
      await expect.poll(() => memory('e')).toBe(0);
    }));

  test('eviction', () =>
    withCluster(async ({ send, keys, verify, standalone }) => {
      const fill = numbered(2000, (number) => ['SET', `{v}${number}`, 'x'.repeat(500)]);
      await send(['CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru'], ...fill);
      const { lab } = await standalone.summary();
      await send(
        ['CONFIG', 'SET', 'maxmemory', `${lab!.snapshot.memory.usedMemory - 200_000}`],
        ['SET', '{v}last', 'x'],
      );
      expect(await keys('{v}')).toBeLessThan(1900);
      expect(await keys('{v}')).toBe(Number((await send(['DBSIZE'])).slice(1)));
      expect(await verify('{v}')).toBe(OK);
    }));

  test('300 rounds of random commands over two slots', () =>
    withCluster(async ({ send, verify }) => {
      const random = new Random(printedSeed('slot statistics'));
      const one = (): Words => {
        const key = `{${random.below(2)}}${random.below(5)}`;
        const field = `f${random.below(200)}`;
        const text = 'v'.repeat(random.below(100));
        const commands: readonly Words[] = [
          ['SET', `${key}k`, text],
          ['HSET', `${key}h`, field, text],
          ['HDEL', `${key}h`, field],
          ['SADD', `${key}s`, field],
          ['SREM', `${key}s`, field],
          ['RPUSH', `${key}l`, text],
          ['LPOP', `${key}l`],
          ['DEL', `${key}${'khsl'[random.below(4)]}`],
        ];
        return commands[random.below(commands.length)]!;
      };
      for (let round = 0; round < 300; round++) {
        await send(...numbered(100, one));
        expect([await verify('{0}'), await verify('{1}')], `round ${round}`).toEqual([OK, OK]);
      }
    }));
});

test('a node of a cluster: one slot for each request, one database, CLUSTER', () =>
  withCluster(async ({ send, standalone }) => {
    const crossed = "-CROSSSLOT Keys in request don't hash to the same slot\r\n";
    expect(await send(['MSET', 'a', '1', 'b', '2'])).toBe(crossed);
    expect(await send(['MSET', '{a}1', '1', '{a}2', '2'])).toBe(OK);
    expect(await send(['SUNIONSTORE', '{a}x', 'b'])).toBe(crossed);
    expect(await send(['ZUNIONSTORE', '{a}x', '2', '{a}y', 'b'])).toBe(crossed);
    expect(await send(['XREAD', 'STREAMS', 'a', 'b', '0', '0'])).toBe(crossed);
    expect(await send(['MULTI'], ['SET', 'a', '1'], ['SET', 'b', '1'], ['EXEC'])).toBe(crossed);
    expect(await send(['SELECT', '1'])).toBe('-ERR SELECT is not allowed in cluster mode\r\n');
    expect(await send(['CLUSTER', 'KEYSLOT', '{a}1'])).toBe(`:${slotOf('a')}\r\n`);
    expect(await send(['CLUSTER', 'COUNTKEYSINSLOT', `${slotOf('a')}`])).toBe(':2\r\n');
    expect(await send(['CLUSTER', 'GETKEYSINSLOT', `${slotOf('a')}`, '1'])).toBe('*1\r\n$4\r\n{a}1\r\n');
    expect(await send(['CLUSTER', 'INFO'])).toMatch(/cluster_state:ok\r\ncluster_slots_assigned:16384\r\n/);
    expect(await send(['CLUSTER', 'SLOTS'])).toMatch(
      /^\*1\r\n\*3\r\n:0\r\n:16383\r\n\*4\r\n\$9\r\n127\.0\.0\.1\r\n/,
    );
    expect(await send(['CLUSTER', 'NODES'])).toBe('-ERR not supported by the lab: CLUSTER NODES\r\n');
    expect(await send(['INFO', 'cluster'])).toMatch(/cluster_enabled:1/);
    expect(await send(['INFO', 'server'])).toContain(`tcp_port:${standalone.port}\r\n`);
    expect(await send(['CONFIG', 'GET', 'cluster-enabled'])).toMatch(/\r\nyes\r\n/);
    expect((await standalone.summary()).lab).toMatchObject({ failure: null, keys: 2 });
  }));

test('settings of the start reach the store and the model', async () => {
  await withStandalone(
    async ({ port }) => {
      const client = await RawClient.open(port);
      await client.write('HSET h a 1 b 2 c 3\r\n').next();
      expect(await client.write('OBJECT ENCODING h\r\n').next()).toMatch(/hashtable/);
      expect(await client.write('CLUSTER KEYSLOT a\r\n').next()).toBe(
        '-ERR This instance has cluster support disabled\r\n',
      );
      client.close();
    },
    { serverSettings: parseServerSettings(['hash-max-listpack-entries=2']) },
  );
});
