import { Random } from '#slablab/src/base/index.js';
import type { FidelityStream, Step } from '../streams.js';
import { text } from './words.js';

/**
 * Every encoding's limit, crossed by many keys of each type, half of which are deleted after. Words differ from set to
 * set: the same ones would collide in all of them or in none, by the server's dice.
 */
export const conversions: FidelityStream = {
  name: 'conversions',
  summary:
    'hashes past 512 fields and 64 bytes, sets past 512 integers and 128 words, sorted sets past 128, lists past a node',
  *steps(): Generator<Step> {
    const random = new Random(301);
    for (let key = 0; key < 96; key++) {
      for (let field = 0; field < 520; field++)
        yield ['HSET', `cliff:${key}`, `field:${field}`, text(8, field)];
    }
    for (let key = 0; key < 2800; key++) {
      for (let field = 0; field < 8; field++)
        yield ['HSET', `profile:${key}`, `field:${field}`, text(20, field)];
      if (key % 2 === 0) yield ['HSET', `profile:${key}`, 'about', text(80, key)];
    }
    for (let key = 0; key < 80; key++) {
      for (let value = 0; value < 520; value++) yield ['SADD', `numbers:${key}`, `${key * 2000 + value * 3}`];
    }
    for (let key = 0; key < 240; key++) {
      for (let value = 0; value < 140; value++) yield ['SADD', `words:${key}`, `word:${value}:${key}`];
    }
    for (let key = 0; key < 160; key++) {
      for (let value = 0; value < 20; value++) yield ['SADD', `turned:${key}`, `${value}`];
      yield ['SADD', `turned:${key}`, 'a word among numbers'];
    }
    for (let key = 0; key < 240; key++) {
      for (let value = 0; value < 140; value++) {
        yield ['ZADD', `ranks:${key}`, `${random.below(1000)}`, `player:${value}`];
      }
    }
    for (let key = 0; key < 1600; key++) {
      for (let item = 0; item < 12; item++)
        yield ['RPUSH', `list:${key}`, text(100 + 10 * item, item), text(900, item)];
    }
    for (let key = 0; key < 2800; key += 2) yield ['DEL', `profile:${key + (random.below(2) as number)}`];
    for (const [name, count] of [
      ['cliff', 96],
      ['numbers', 80],
      ['words', 240],
      ['ranks', 240],
      ['list', 1600],
    ] as const) {
      for (let key = 0; key < count; key += 2) yield ['DEL', `${name}:${key}`];
    }
  },
};
