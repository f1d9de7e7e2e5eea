import { expect, test } from 'vitest';
import { xxh3 } from '#slablab/src/base/index.js';

/** Lengths around the limits of each form of the hash, with what Redis 8.6.3 replied to DIGEST. */
const DIGESTS: readonly (readonly [text: string, digest: string])[] = [
  ['', '2d06800538d394c2'],
  ['a', 'e6c632b61e964e1f'],
  ['yyy', '83f80d3e229eedaf'],
  ['yyyy', 'b5c4f8fc02094209'],
  ['y'.repeat(8), '396ba43a79a6145e'],
  ['y'.repeat(9), '6dec3e23003f508b'],
  ['y'.repeat(16), '6c28f00e5aff8947'],
  ['y'.repeat(17), 'f33cff144865dafe'],
  ['abcdefghijklmnopqrstuvwxyz', '810f9ca067fbb90c'],
  ['x'.repeat(60), '50b95b29799fa725'],
  ['y'.repeat(128), '22b1c31676fb61ba'],
  ['y'.repeat(129), 'ed2ac973732f0769'],
  ['y'.repeat(240), '5e839ba32d77d222'],
  ['y'.repeat(241), '97295e4657a9e196'],
  ['x'.repeat(300), 'a5d1b4607dc83554'],
  ['y'.repeat(1024), 'c0b7ba9d648ced5d'],
  ['y'.repeat(1025), '91645c0327491861'],
  ['y'.repeat(5000), 'adcdb0cffc250bbf'],
];

test.each(DIGESTS)('%#: the digest is the one that Redis replies', (text, digest) => {
  expect(xxh3(Buffer.from(text, 'latin1'))).toBe(digest);
});
