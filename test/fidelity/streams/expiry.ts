import { Random } from '#slablab/src/base/index.js';
import type { FidelityStream, Step } from '../streams.js';
import { pick, text, textBetween } from './words.js';

/**
 * Keys either live far beyond the stream's end, or are all dead long before a survey: which of them die is certain,
 * though not the order in which active expiry finds them.
 */
export const expiry: FidelityStream = {
  name: 'expiry',
  summary:
    '90,000 keys with times to live, set, changed and taken away; 30,000 die during pauses, by being read and by cron',
  *steps(): Generator<Step> {
    const random = new Random(401);
    const keys = 90_000;
    for (let key = 0; key < keys; key++) {
      yield ['SET', `cache:${key}`, textBetween(random, 20, 150), 'EX', `${100_000 + random.below(1000)}`];
    }
    for (let key = 0; key < 30_000; key++)
      yield ['SET', `brief:${key}`, textBetween(random, 20, 150), 'PX', '1500'];
    yield { pauseMs: 4000 };
    // Active expiry leaves up to a tenth of the dead where they are: reading them all makes the end certain.
    for (let key = 0; key < 30_000; key++) yield ['GET', `brief:${key}`];
    for (let index = 0; index < 48_000; index++) {
      const key = `cache:${random.below(keys)}`;
      const kind = random.below(10);
      if (kind < 3) yield ['SET', key, textBetween(random, 20, 150), 'EX', '200000'];
      else if (kind < 4) yield ['SET', key, textBetween(random, 20, 150)];
      else if (kind < 5) yield ['SET', key, textBetween(random, 20, 150), 'KEEPTTL'];
      else if (kind < 7) yield ['EXPIRE', key, '300000'];
      else if (kind < 8) yield ['PERSIST', key];
      else if (kind < 9) yield ['EXPIRE', key, '-1'];
      else yield [pick(random, ['TTL', 'GET', 'EXISTS']), key];
    }
  },
};

export const sessions: FidelityStream = {
  name: 'sessions',
  summary:
    'a session store: hashes and strings with a time to live that each visit renews, in transactions; log-outs delete',
  *steps(): Generator<Step> {
    const random = new Random(402);
    for (let visit = 0; visit < 45_000; visit++) {
      const user = random.below(16_000);
      const session = `session:${text(24, user)}`;
      yield ['MULTI'];
      // Five fields: of four in four buckets, which are the same in every session, the server's dice would say for all
      // sessions at once whether a second visit is enough to move them to a larger table.
      yield [
        'HSET',
        session,
        'user',
        `${user}`,
        'agent',
        textBetween(random, 5, 30),
        'seen',
        `${1_700_000_000 + visit}`,
        'page',
        textBetween(random, 10, 60),
        'basket',
        textBetween(random, 64, 500),
      ];
      yield ['EXPIRE', session, '86400'];
      yield ['EXEC'];
      const kind = random.below(8);
      if (kind === 0) yield ['DEL', session];
      else if (kind === 1) yield ['SETEX', `token:${user}`, '3600000', textBetween(random, 40, 48)];
      else if (kind === 2) yield ['INCR', `visits:${user % 1600}`];
    }
  },
};
