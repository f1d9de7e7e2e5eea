import { Random } from '#slablab/src/base/index.js';
import type { FidelityStream, Step } from '../streams.js';
import { pick, textBetween } from './words.js';

const SMALL = 6000;
const LARGE = 300;
const BRIEF = 3000;

/** Fields either live far beyond the stream's end, or are all dead long before a survey. */
export const fieldExpiry: FidelityStream = {
  name: 'field-expiry',
  summary:
    '9,300 hashes with fields that expire, set, changed, renewed and taken away; 12,000 fields die during pauses',
  servers: ['redis-8.0.2', 'redis-8.6.3', 'valkey-9.1.2'],
  *steps(): Generator<Step> {
    const random = new Random(403);
    const pair = (field: number, longest: number) => [`field:${field}`, textBetween(random, 5, longest)];
    const far = () => `${100_000 + random.below(400_000)}`;
    for (let key = 0; key < SMALL; key++) {
      const fields = Array.from({ length: 4 + random.below(8) }, (_, field) => pair(field, 40));
      yield ['HSETEX', `small:${key}`, 'EX', far(), 'FIELDS', `${fields.length}`, ...fields.flat()];
      yield ['HSET', `small:${key}`, 'name', textBetween(random, 5, 40)];
    }
    for (let key = 0; key < LARGE; key++) {
      const count = 100 + random.below(400);
      for (let field = 0; field < count; field++) {
        yield ['HSET', `large:${key}`, ...pair(field, 100)];
        if (field % 4 === 0) yield ['HEXPIRE', `large:${key}`, far(), 'FIELDS', '1', `field:${field}`];
      }
    }
    for (let key = 0; key < BRIEF; key++) {
      const fields = Array.from({ length: 4 }, (_, field) => pair(field, 80));
      if (key % 2 === 0) yield ['HSET', `brief:${key}`, 'stays', textBetween(random, 5, 80)];
      yield ['HSETEX', `brief:${key}`, 'PX', '1500', 'FIELDS', '4', ...fields.flat()];
    }
    yield { pauseMs: 8000 };
    for (let index = 0; index < 50_000; index++) {
      const isLarge = random.below(2) === 0;
      const key = isLarge ? `large:${random.below(LARGE)}` : `small:${random.below(SMALL)}`;
      const field = `field:${random.below(isLarge ? 500 : 12)}`;
      const kind = random.below(12);
      if (kind < 2) yield ['HSET', key, field, textBetween(random, 5, 100)];
      else if (kind < 4) yield ['HSETEX', key, 'EX', far(), 'FIELDS', '1', field, textBetween(random, 5, 60)];
      else if (kind < 6) yield ['HEXPIRE', key, far(), 'FIELDS', '1', field];
      else if (kind < 7) yield ['HPERSIST', key, 'FIELDS', '1', field];
      else if (kind < 8) yield ['HGETEX', key, 'EX', far(), 'FIELDS', '1', field];
      else if (kind < 9) yield ['HDEL', key, field];
      else if (kind < 10) yield ['HSETEX', key, 'KEEPTTL', 'FIELDS', '1', field, textBetween(random, 5, 60)];
      else yield [pick(random, ['HTTL', 'HPEXPIRETIME']), key, 'FIELDS', '1', field];
    }
    for (let key = 0; key < SMALL; key += 10) {
      yield [pick(random, ['COPY', 'RENAME']), `small:${key}`, `other:${key}`];
      yield ['DEL', `small:${key + 1}`];
    }
  },
};
