import { Random } from '#slablab/src/base/index.js';
import type { FidelityStream, Step } from '../streams.js';
import { textBetween } from './words.js';

export const keysRenamedAndCopied: FidelityStream = {
  name: 'keys-renamed-and-copied',
  summary:
    'strings, hashes, lists and sets renamed, copied, stored by SORT, touched and unlinked, several a command',
  *steps(): Generator<Step> {
    const random = new Random(501);
    const key = () => `key:${random.below(36_000)}`;
    for (let index = 0; index < 200_000; index++) {
      const kind = random.below(100);
      if (kind < 25) yield ['SET', key(), textBetween(random, 1, 700)];
      else if (kind < 35)
        yield ['MSET', key(), textBetween(random, 1, 500), key(), textBetween(random, 1, 500), key(), '7'];
      else if (kind < 45)
        yield ['HSET', `hash:${random.below(8000)}`, 'a', textBetween(random, 1, 50), 'b', `${index}`];
      else if (kind < 53)
        yield ['RPUSH', `list:${random.below(3200)}`, `${random.below(1000)}`, `${random.below(1000)}`];
      else if (kind < 58)
        yield ['SADD', `set:${random.below(2000)}`, `${random.below(1000)}`, textBetween(random, 3, 9)];
      else if (kind < 66) yield ['RENAME', key(), key()];
      else if (kind < 68) yield ['RENAMENX', key(), key()];
      else if (kind < 76) yield ['COPY', key(), key(), 'REPLACE'];
      else if (kind < 79)
        yield ['COPY', `hash:${random.below(8000)}`, `hash:${random.below(8000)}`, 'REPLACE'];
      else if (kind < 81)
        yield ['COPY', `list:${random.below(3200)}`, `copy:${random.below(1200)}`, 'REPLACE'];
      else if (kind < 83)
        yield ['SORT', `list:${random.below(3200)}`, 'STORE', `sorted:${random.below(1200)}`];
      else if (kind < 90) yield ['DEL', key(), key()];
      else if (kind < 94) yield ['UNLINK', key(), `list:${random.below(3200)}`, `set:${random.below(2000)}`];
      else if (kind < 97) yield ['GETDEL', key()];
      else yield ['TYPE', key()];
    }
  },
};

export const databases: FidelityStream = {
  name: 'databases',
  summary:
    'keys in four databases: SELECT, MOVE, SWAPDB, COPY to another; one is flushed at once, one in the background',
  *steps(): Generator<Step> {
    const random = new Random(502);
    let selected = 0;
    const key = () => `key:${random.below(48_000)}`;
    for (let index = 0; index < 200_000; index++) {
      const kind = random.below(1000);
      if (kind < 20) {
        selected = random.below(4);
        yield ['SELECT', `${selected}`];
      } else if (kind < 700) yield ['SET', key(), textBetween(random, 10, 300)];
      else if (kind < 780) yield ['DEL', key()];
      else if (kind < 860) yield ['MOVE', key(), `${(selected + 1) % 4}`];
      else if (kind < 900) yield ['COPY', key(), key(), 'DB', `${(selected + 2) % 4}`];
      else if (kind < 902) yield ['SWAPDB', '0', `${1 + random.below(3)}`];
      else yield ['GET', key()];
      if (index === 90_000) yield ['FLUSHDB'];
      if (index === 130_000) yield ['FLUSHDB', 'ASYNC'];
    }
  },
};
