import { Random } from '#slablab/src/base/index.js';
import type { FidelityStream, Step } from '../../streams.js';
import { pick, textBetween } from '../words.js';
import { drawn, one } from './drawn.js';

const NEWER = ['redis-8.0.2', 'redis-8.6.3', 'valkey-9.1.2'];

export const fieldsDie: FidelityStream = {
  name: 'fields-die',
  summary: '100,000 fields of 1,000 hashes expire within 1.5 s; half of the hashes keep another field',
  servers: NEWER,
  *steps(): Generator<Step> {
    const random = new Random(521);
    for (let hash = 0; hash < 1000; hash++) {
      const fields = Array.from({ length: 100 }, (_, field) => [`${field}`, textBetween(random, 5, 60)]);
      const ms = `${2000 + random.below(1500)}`;
      yield ['HSETEX', `dying:${hash}`, 'PX', ms, 'FIELDS', '100', ...fields.flat()];
      if (hash % 2 === 1) yield ['HSET', `dying:${hash}`, 'stays', 'here'];
    }
    yield { pauseMs: 20_000 };
    yield ['PING'];
  },
};

export const fieldForms: FidelityStream = {
  name: 'field-forms',
  summary:
    'the commands that set, change, take away and read the expiry of fields, on packed and large hashes',
  servers: NEWER,
  *steps(): Generator<Step> {
    const random = new Random(522);
    const far = () => `${100_000 + random.below(400_000)}`;
    const value = (longest: number) => textBetween(random, 1, longest);
    let key = '';
    const field = () => `field:${random.below(key.startsWith('large') ? 700 : 20)}`;
    const at = (make: () => readonly Step[]) => () => {
      key = random.below(3) === 0 ? `large:${random.below(15)}` : `small:${random.below(500)}`;
      return make();
    };
    yield* drawn(random, 9000, [
      [30, at(() => one('HSET', key, field(), value(pick(random, [10, 60, 120]))))],
      [
        15,
        at(() =>
          one('HSETEX', key, 'EX', far(), 'FIELDS', '2', field(), value(60), `x${field()}`, value(90)),
        ),
      ],
      [
        7,
        at(() => one('HEXPIRE', key, far(), pick(random, ['NX', 'XX', 'GT', 'LT']), 'FIELDS', '1', field())),
      ],
      [8, at(() => one('HEXPIRE', key, far(), 'FIELDS', '3', field(), field(), field()))],
      [6, at(() => one('HGETEX', key, 'EX', far(), 'FIELDS', '1', field()))],
      [4, at(() => one('HGETEX', key, 'PERSIST', 'FIELDS', '2', field(), field()))],
      [6, at(() => one('HGETDEL', key, 'FIELDS', '2', field(), field()))],
      [6, at(() => one('HPERSIST', key, 'FIELDS', '2', field(), field()))],
      [4, at(() => one('HDEL', key, field(), field()))],
      [2, at(() => one('HINCRBY', key, `${field()}n`, '1'))],
      [2, at(() => one('HSETEX', key, 'FXX', 'KEEPTTL', 'FIELDS', '1', field(), value(50)))],
      [2, at(() => one('HEXPIREAT', key, '4000000000', 'FIELDS', '1', field()))],
      [1, at(() => one('HPEXPIRE', key, '0', 'FIELDS', '1', field()))],
      [1, at(() => one('COPY', key, `copy:${random.below(60)}`, 'REPLACE'))],
      [1, at(() => one('RENAME', key, `copy:${random.below(60)}`))],
      [1, at(() => one('DEL', key))],
      [4, at(() => one('HGETALL', key))],
    ]);
  },
};
