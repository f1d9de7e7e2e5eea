import { Random } from '#slablab/src/base/index.js';
import type { FidelityStream, Step } from '../streams.js';
import { textBetween } from './words.js';

/** Users and their sessions share a slot by a {tag}; other keys are spread over all of them. */
export const cluster: FidelityStream = {
  name: 'cluster',
  summary:
    'in cluster mode: keys over all slots, overwritten, expiring, deleted until most slots are empty, some by {tag} in one slot',
  isCluster: true,
  *steps(): Generator<Step> {
    const random = new Random(701);
    const key = () => `page:${random.below(60_000)}`;
    const user = () => `{user:${random.below(3000)}}`;
    // One slot has much, so that what caches hold is little beside what servers do.
    for (let index = 0; index < 40_000; index++) {
      yield ['SADD', 'visitors:{all}', `visitor:${index}`];
      yield ['HSET', 'profiles:{all}', `user:${index}`, textBetween(random, 3, 30)];
    }
    for (let index = 0; index < 100_000; index++) {
      const kind = random.below(100);
      if (kind < 45) yield ['SET', key(), textBetween(random, 1, 400)];
      else if (kind < 60) yield ['SET', key(), textBetween(random, 1, 200), 'EX', '100000'];
      else if (kind < 68)
        yield ['HSET', `${user()}:profile`, 'name', textBetween(random, 3, 30), 'age', '30'];
      else if (kind < 75) yield ['RPUSH', `${user()}:inbox`, textBetween(random, 10, 90)];
      else if (kind < 80)
        yield ['ZADD', 'board:{all}', `${random.below(100_000)}`, `user:${random.below(3000)}`];
      else if (kind < 84) yield ['SADD', 'seen:{all}', `${random.below(100_000)}`];
      else if (kind < 88) yield ['EXPIRE', key(), '100000'];
      else if (kind < 92) yield ['GET', key()];
      else if (kind < 95) yield ['INCR', `${user()}:visits`];
      else yield ['DEL', key()];
    }
    // Few slots keep a key.
    for (let index = 0; index < 60_000; index++) if (index % 12 > 0) yield ['UNLINK', `page:${index}`];
    for (let index = 0; index < 4000; index++) yield ['SET', key(), textBetween(random, 1, 400)];
  },
};
