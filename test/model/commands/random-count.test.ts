/** A client that asks for more random elements than anybody reads must not keep the model busy for good. */
import { expect, test } from 'vitest';
import { newServer } from '../../support/redis.js';

test.each(['SRANDMEMBER', 'HRANDFIELD', 'ZRANDMEMBER'])('%s of 2^63 elements ends at once', (name) => {
  const { execute, server } = newServer('redis-7.0');
  execute('SADD', 'set', 'a');
  execute('HSET', 'hash', 'a', 'b');
  execute('ZADD', 'sorted', '1', 'a');
  const key = { SRANDMEMBER: 'set', HRANDFIELD: 'hash', ZRANDMEMBER: 'sorted' }[name]!;
  execute(name, key, '-9223372036854775808');
  execute('SET', 'after', '1');
  expect(server.databases[0]?.keys.used).toBe(4);
});
