import { describe, expect, test } from 'vitest';
import { ReplyFramer, Subscriptions } from '#slablab/src/resp/node.js';

const bulk = (text: string) => `$${text.length}\r\n${text}\r\n`;
const confirmation = (name: string, count: number, type = '*') =>
  `${type}3\r\n${bulk(name)}${bulk('c')}:${count}\r\n`;
const message = (name: string, type = '*') => `${type}3\r\n${bulk(name)}${bulk('c')}${bulk('m')}`;

/** A connection whose replies are taken one after another; each returns its role. */
function connection() {
  const framer = new ReplyFramer();
  const subscriptions = new Subscriptions();
  const take = (reply: string, ...asked: readonly string[]) => {
    framer.notesElements = asked.includes('exec');
    expect(framer.next(Buffer.from(reply), 0)).toBe(reply.length);
    return subscriptions.take(framer, asked);
  };
  const counts = () => [subscriptions.channels, subscriptions.patterns, subscriptions.shardChannels];
  return { take, counts, subscriptions };
}

describe('subscriptions are counted from replies', () => {
  test.each(['*', '>'])('channels and patterns together, shard channels by themselves: %s', (type) => {
    const { take, counts } = connection();
    expect(take(confirmation('subscribe', 1, type), 'subscribe')).toBe('confirmation');
    expect(take(confirmation('psubscribe', 2, type), 'psubscribe')).toBe('confirmation');
    expect(take(confirmation('psubscribe', 3, type), 'psubscribe')).toBe('confirmation');
    expect(take(confirmation('ssubscribe', 1, type), 'ssubscribe')).toBe('confirmation');
    expect(counts()).toEqual([1, 2, 1]);
    expect(take(confirmation('unsubscribe', 2, type), 'unsubscribe')).toBe('confirmation');
    expect(counts()).toEqual([0, 2, 1]);
    expect(take(`${type}3\r\n${bulk('punsubscribe')}$-1\r\n:0\r\n`, 'punsubscribe')).toBe('confirmation');
    expect(take(confirmation('sunsubscribe', 0, type), 'sunsubscribe')).toBe('confirmation');
    expect(counts()).toEqual([0, 0, 0]);
  });

  test.each(['message', 'smessage'])('RESP2: %s is a push only while there are subscriptions', (name) => {
    const { take, subscriptions } = connection();
    expect(take(message(name), 'lrange')).toBe('answer');
    take(confirmation('ssubscribe', 1), 'ssubscribe');
    expect(take(message(name))).toBe('push');
    expect(take(`*2\r\n${bulk('pong')}${bulk('')}`, 'ping')).toBe('answer');
    subscriptions.clear();
    expect(take(message(name), 'lrange')).toBe('answer');
  });

  test('RESP2: a message of a pattern has four elements', () => {
    const { take } = connection();
    take(confirmation('psubscribe', 1), 'psubscribe');
    expect(take(`*4\r\n${bulk('pmessage')}${bulk('*')}${bulk('c')}${bulk('m')}`)).toBe('push');
    expect(take(message('pmessage'))).toBe('answer');
  });

  test.each(['*', '>'])('an unasked sunsubscribe is a push, and counts: %s', (type) => {
    const { take, counts } = connection();
    take(confirmation('ssubscribe', 2, type), 'ssubscribe');
    expect(take(confirmation('sunsubscribe', 1, type), 'ping')).toBe('push');
    expect(counts()).toEqual([0, 0, 1]);
  });

  test('a script that returns what looks like a confirmation or a message answers', () => {
    const { take, counts } = connection();
    expect(take(confirmation('subscribe', 5), 'eval')).toBe('answer');
    expect(take(`*1\r\n${confirmation('subscribe', 5)}`, 'exec')).toBe('answer');
    expect(counts()).toEqual([0, 0, 0]);
  });

  test.each(['*', '>'])(
    'EXEC of SUBSCRIBE with two channels sends the second after its array: %s',
    (type) => {
      // Recorded from Redis 7.0.15.
      const { take, counts } = connection();
      expect(take(`*1\r\n${confirmation('subscribe', 1, type)}`, 'exec', 'subscribe')).toBe('answer');
      expect(counts()).toEqual([1, 0, 0]);
      expect(take(confirmation('subscribe', 2, type), 'ping')).toBe('push');
      expect(counts()).toEqual([2, 0, 0]);
    },
  );

  test('RESP3: other pushes count nothing', () => {
    const { take, counts } = connection();
    expect(take(`>2\r\n${bulk('invalidate')}*0\r\n`, 'get')).toBe('push');
    expect(take(message('message', '>'))).toBe('push');
    expect(counts()).toEqual([0, 0, 0]);
  });
});
