import { Random } from '#slablab/src/base/index.js';
import type { FidelityStream, Step } from '../streams.js';
import { between, pick, shuffled, text, textBetween } from './words.js';

export const stringsOverwritten: FidelityStream = {
  name: 'strings-overwritten',
  summary:
    '80,000 strings of 1 to 600 bytes, then 120,000 changes of their sizes: SET, APPEND, SETRANGE, INCR, GETSET',
  *steps(): Generator<Step> {
    const random = new Random(101);
    const keys = 80_000;
    for (let key = 0; key < keys; key++) yield ['SET', `string:${key}`, textBetween(random, 1, 600)];
    for (let change = 0; change < 120_000; change++) {
      const key = `string:${random.below(keys)}`;
      const kind = random.below(20);
      if (kind < 11) yield ['SET', key, textBetween(random, 1, 600)];
      else if (kind < 13) yield ['SET', key, `${random.word()}`];
      else if (kind < 14) yield ['SET', key, `${random.below(20_000)}`];
      else if (kind < 16) yield ['APPEND', key, textBetween(random, 1, 120)];
      else if (kind < 17) yield ['SETRANGE', key, `${random.below(700)}`, textBetween(random, 1, 60)];
      else if (kind < 18) yield ['GETSET', key, textBetween(random, 30, 70)];
      else if (kind < 19) yield ['INCR', `counter:${random.below(8000)}`];
      else yield ['GET', key];
    }
  },
};

export const stringsDeleted: FidelityStream = {
  name: 'strings-deleted',
  summary:
    '120,000 strings of 20 to 200 bytes; 60% are deleted in random order; 24,000 of another size come instead',
  *steps(): Generator<Step> {
    const random = new Random(102);
    const keys = 120_000;
    for (let key = 0; key < keys; key++) yield ['SET', `item:${key}`, textBetween(random, 20, 200)];
    const order = shuffled(random, keys);
    for (let index = 0; index < keys * 0.6; index++) {
      yield [pick(random, ['DEL', 'DEL', 'UNLINK']), `item:${order[index]}`];
    }
    for (let key = 0; key < 24_000; key++) yield ['SET', `late:${key}`, textBetween(random, 300, 320)];
  },
};

export const tableGrowsAndShrinks: FidelityStream = {
  name: 'table-grows-and-shrinks',
  summary:
    '250,000 small strings, of which 3% are left: the main table doubles sixteen times, and shrinks again',
  *steps(): Generator<Step> {
    const random = new Random(103);
    const keys = 250_000;
    for (let key = 0; key < keys; key++) yield ['SET', `t:${key}`, text(12, key)];
    yield { pauseMs: 2000 };
    const order = shuffled(random, keys);
    const dropped = Math.round(keys * 0.97);
    // Cron shrinks the table to what is left when it first finds it below a tenth: pauses make sure of how much that is.
    const aTenthLeft = keys * 0.9;
    for (let index = 0; index < dropped; index += 10) {
      if (index === aTenthLeft - 100 || index === aTenthLeft + 100) yield { pauseMs: 500 };
      yield ['DEL', ...order.slice(index, Math.min(dropped, index + 10)).map((key) => `t:${key}`)];
    }
    yield { pauseMs: 2000 };
    for (let key = 0; key < 20_000; key++) yield ['SET', `u:${key}`, text(12, key)];
  },
};

export const bigValues: FidelityStream = {
  name: 'big-values',
  summary: '1,500 values of 1 KB to 1 MB set anew, cut and deleted, among 150,000 small ones',
  hasBigArguments: true,
  *steps(): Generator<Step> {
    const random = new Random(104);
    for (let index = 0; index < 150_000; index++) {
      yield ['SET', `small:${random.below(60_000)}`, textBetween(random, 10, 100)];
      if (index % 100 !== 0) continue;
      const key = `big:${random.below(200)}`;
      const kind = random.below(10);
      // Each size of 1 KB to 1 MB as likely as its double.
      const bytes = Math.min(1_000_000, Math.floor(1024 * 2 ** (random.share() * 10)));
      if (kind < 6) yield ['SET', key, text(bytes, index)];
      else if (kind < 7) yield ['APPEND', key, textBetween(random, 100, 40_000)];
      else if (kind < 8)
        yield ['SETRANGE', key, `${between(random, 0, 200_000)}`, textBetween(random, 10, 20_000)];
      else if (kind < 9) yield ['DEL', key];
      else yield ['RPUSH', `biglist:${random.below(20)}`, text(Math.min(bytes, 100_000), index)];
    }
  },
};
